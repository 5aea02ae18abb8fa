package still

import "math"

const (
	ink    rgb = 0x2B2622
	steel  rgb = 0xB9BCBB
	chrome rgb = 0xDADCD8
	cream  rgb = 0xF4EAD6
	wood   rgb = 0xB07A4A
	brass  rgb = 0xC9A24E
	leaf   rgb = 0x5E8B5A
	brick  rgb = 0xB5502F
	teal   rgb = 0x2F7F79
	plum   rgb = 0x7A4464
	navy   rgb = 0x34506E
	ochre  rgb = 0xD9A03A
)

func bicycle(c *canvas) {
	c.shadow(600, 770, 420, 34)
	c.wheel(370, 610, 158)
	c.wheel(835, 610, 158)
	c.bicycleFrame()
	c.bicycleParts()
}

// foldingBicycle has small wheels, one low beam with a hinge in it, and long posts for saddle and handlebar.
func foldingBicycle(c *canvas) {
	c.shadow(600, 770, 380, 30)
	c.wheel(385, 664, 104)
	c.wheel(825, 664, 104)
	green := rgb(0x2F7F79)
	for _, s := range []shape{
		line(14, 385, 664, 560, 650), line(22, 540, 606, 770, 560), line(16, 385, 664, 548, 600), line(18, 540, 600, 566, 668),
		line(15, 766, 540, 790, 600), line(13, 784, 590, 825, 664),
	} {
		c.solid(green, 5, s)
	}
	c.fill(chrome, line(11, 548, 600, 512, 366))
	c.fill(chrome, line(11, 770, 548, 740, 318))
	c.solid(cream, 3, circle(655, 583, 17))
	c.fill(ink, ring(655, 583, 17, 4))
	c.solid(0x6B4226, 7, blob(440, 352, 470, 340, 560, 344, 580, 352, 545, 366, 490, 376, 450, 370))
	c.fill(steel, cord(11, 716, 322, 740, 312, 790, 308, 812, 316))
	c.fill(rgb(0x6B4226), line(16, 796, 310, 828, 316))
	c.fill(ink, ring(566, 664, 34, 9))
	c.fill(steel.dark(0.3), line(9, 566, 664, 598, 722))
	c.fill(ink, line(13, 576, 726, 622, 722))
	c.fill(glaze{ink, 0.85}, line(4, 566, 630, 385, 652), line(4, 566, 698, 385, 676))
	c.fill(steel, arc(385, 664, 120, 120, 8, 190, 300), arc(825, 664, 120, 120, 8, 230, 330))
}

func (c *canvas) wheel(x, y, r float64) {
	for i := range 14 {
		sin, cos := math.Sincos(float64(i) * math.Pi / 14)
		c.fill(glaze{steel.dark(0.3), 0.8}, line(2.4, x-cos*r, y-sin*r, x+cos*r, y+sin*r))
	}
	c.fill(ink, ring(x, y, r, 17))
	c.fill(chrome, ring(x, y, r-14, 7))
	c.fill(steel.dark(0.2), circle(x, y, 15))
	c.fill(chrome, circle(x-3, y-3, 7))
}

func (c *canvas) bicycleFrame() {
	red := rgb(0xB5502F)
	for _, s := range []shape{
		line(15, 370, 610, 590, 610), line(13, 370, 610, 520, 400), line(17, 505, 352, 590, 610),
		line(17, 590, 610, 770, 408), line(15, 528, 405, 762, 392), line(15, 750, 340, 778, 430), line(14, 778, 430, 835, 610),
	} {
		c.solid(red, 5, s)
	}
	c.fill(cream, line(19, 650, 398, 690, 396))
}

func (c *canvas) bicycleParts() {
	c.solid(0x6B4226, 7, blob(440, 338, 470, 326, 560, 330, 580, 338, 545, 352, 490, 362, 450, 356))
	c.fill(steel, line(9, 505, 352, 512, 376))
	c.fill(steel, cord(11, 750, 340, 752, 306, 790, 292, 830, 300))
	c.fill(rgb(0x6B4226), line(17, 806, 296, 838, 302))
	c.fill(ink, ring(590, 610, 38, 9))
	c.fill(steel.dark(0.3), line(9, 590, 610, 622, 676))
	c.fill(ink, line(13, 600, 680, 646, 676))
	c.fill(glaze{ink, 0.85}, line(4, 590, 572, 372, 596), line(4, 590, 648, 372, 626))
	c.fill(steel, arc(370, 610, 176, 176, 9, 190, 300), arc(835, 610, 176, 176, 9, 230, 330))
	c.basket()
}

func (c *canvas) basket() {
	body := poly(806, 330, 950, 322, 930, 430, 824, 434)
	c.solid(0xC79A5B, 8, body)
	c.within(body, func() {
		for i := range 8 {
			x := 800 + float64(i)*22
			c.fill(glaze{0x7A5427, 0.7}, line(4, x, 318, x+8, 440))
		}
		for i := range 5 {
			y := 340 + float64(i)*22
			c.fill(glaze{0x7A5427, 0.5}, line(4, 800, y+6, 960, y))
		}
	})
	c.solid(0xB98746, 4, line(13, 804, 330, 952, 321))
}
