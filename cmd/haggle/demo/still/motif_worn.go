package still

func sneakers(c *canvas) {
	c.shadow(610, 776, 400, 34)
	c.sneaker(func(s shape) shape { return s.move(110, -58) }, teal.dark(0.12))
	c.sneaker(func(s shape) shape { return s.move(-50, 0) }, teal)
}

// sneaker is one shoe, its tip to the right; place moves it.
func (c *canvas) sneaker(place func(shape) shape, colour rgb) {
	upper := blob(292, 470, 300, 452, 380, 440, 452, 452, 520, 520, 620, 590, 740, 628, 838, 668, 862, 730, 600, 748, 300, 748, 280, 620)
	c.solid(colour, 18, place(upper))
	c.fill(glaze{cream, 1}, place(blob(700, 622, 800, 650, 858, 690, 866, 736, 720, 738, 690, 690)))
	c.solid(colour.dark(0.25), 5, place(blob(300, 470, 330, 446, 380, 440, 440, 450, 420, 486, 340, 494)))
	c.solid(cream, 9, place(box(270, 722, 612, 52, 24)))
	c.fill(glaze{brick, 0.9}, place(box(276, 746, 598, 8, 3)))
	for i := range 5 {
		x, y := 476+float64(i)*44, 500+float64(i)*27
		c.solid(cream, 3, place(line(12, x-20, y+42, x+22, y-2)))
	}
	c.fill(glaze{cream, 0.95}, place(cord(16, 330, 600, 420, 640, 500, 690, 600, 700)))
	c.solid(cream, 3, place(cord(9, 470, 492, 430, 430, 400, 450, 446, 486)), place(cord(9, 474, 492, 510, 420, 546, 440, 486, 490)))
}

func watch(c *canvas) {
	c.shadow(600, 776, 260, 32)
	c.solid(0xE8D9BE, 16, blob(430, 590, 600, 570, 770, 590, 800, 700, 770, 780, 430, 780, 400, 700))
	strap := rgb(0x7A4A2B)
	c.solid(strap, 12, blob(516, 380, 522, 240, 556, 190, 644, 190, 678, 240, 684, 380), blob(516, 560, 520, 680, 540, 736, 660, 736, 680, 680, 684, 560))
	for _, y := range []float64{230, 260, 290, 650, 680} {
		c.fill(rgb(0x3D2415), oval(600, y, 7, 8))
	}
	c.fill(glaze{cream, 0.55}, line(3, 536, 250, 530, 380), line(3, 664, 250, 670, 380), line(3, 530, 580, 542, 700), line(3, 670, 580, 658, 700))
	c.solid(brass, 10, circle(600, 470, 156), box(748, 448, 34, 44, 10))
	c.fill(down(0xFFFBF0, 0xF0E5CC), circle(600, 470, 128))
	c.dial(600, 470, 128)
}

// dial is the hours and hands of a clock at ten past ten.
func (c *canvas) dial(x, y, r float64) {
	for i := range 12 {
		w := 5.0
		if i%3 == 0 {
			w = 9
		}
		c.fill(ink, line(w, x, y-r*0.84, x, y-r*0.72).tilt(float64(i)*30, x, y))
	}
	c.fill(ink, line(r*0.07, x, y+8, x, y-r*0.46).tilt(-58, x, y), line(r*0.05, x, y+8, x, y-r*0.66).tilt(60, x, y))
	c.fill(brick, line(r*0.022, x, y+r*0.2, x, y-r*0.7).tilt(205, x, y))
	c.fill(ink, circle(x, y, r*0.07))
	c.fill(brass, circle(x, y, r*0.03))
}

func backpack(c *canvas) {
	c.shadow(600, 782, 270, 36)
	colour := rgb(0x4F7361)
	c.solid(colour.dark(0.3), 7, arc(600, 300, 62, 74, 22, 180, 360))
	c.solid(colour.dark(0.2), 14, box(392, 520, 60, 210, 26), box(748, 520, 60, 210, 26))
	c.solid(colour, 22, blob(430, 420, 450, 310, 540, 262, 660, 262, 750, 310, 770, 420, 784, 700, 748, 778, 452, 778, 416, 700))
	c.fill(glaze{ink, 0.35}, cord(6, 446, 430, 470, 340, 560, 296, 640, 296, 730, 340, 754, 430))
	c.solid(colour.light(0.08), 14, box(458, 540, 284, 214, 34))
	c.solid(colour.dark(0.12), 8, blob(450, 540, 480, 524, 720, 524, 750, 540, 742, 616, 600, 640, 458, 616))
	c.solid(0xA66B3C, 6, box(500, 470, 28, 190, 8), box(672, 470, 28, 190, 8))
	c.solid(brass, 3, cut(box(492, 600, 44, 34, 7), box(502, 608, 24, 18, 3)), cut(box(664, 600, 44, 34, 7), box(674, 608, 24, 18, 3)))
	c.solid(0xA66B3C, 5, box(556, 400, 88, 60, 8))
	c.fill(glaze{cream, 0.85}, poly(572, 446, 594, 416, 606, 430, 616, 420, 630, 446))
}

func coat(c *canvas) {
	c.shadow(600, 812, 300, 24)
	c.solid(steel.dark(0.25), 4, cord(9, 600, 190, 600, 150, 626, 128, 640, 96, 606, 74, 580, 96))
	c.solid(wood, 6, cord(20, 420, 246, 510, 212, 600, 188, 690, 212, 780, 246))
	colour := rgb(0xD2A24C)
	c.solid(colour.dark(0.06), 14, blob(430, 250, 392, 300, 350, 520, 344, 620, 400, 630, 424, 560, 450, 400), blob(770, 250, 808, 300, 850, 520, 856, 620, 800, 630, 776, 560, 750, 400))
	c.solid(colour, 18, blob(432, 250, 520, 216, 600, 236, 680, 216, 768, 250, 772, 420, 792, 690, 780, 724, 600, 736, 420, 724, 408, 690, 428, 420))
	c.fill(glaze{ink, 0.4}, line(4, 604, 300, 604, 734))
	c.solid(colour.dark(0.12), 6, poly(520, 214, 600, 240, 588, 340, 510, 268), poly(680, 214, 600, 240, 612, 340, 690, 268))
	for i := range 5 {
		c.solid(0x6B4226, 3, circle(630, 380+float64(i)*72, 11))
	}
	c.solid(colour.dark(0.08), 6, box(452, 560, 104, 20, 8).tilt(-8, 504, 570), box(652, 560, 104, 20, 8).tilt(8, 704, 570))
}

func suitcase(c *canvas) {
	c.shadow(600, 780, 380, 36)
	colour := rgb(0xA45A3A)
	c.solid(0x5B3520, 7, arc(600, 400, 74, 66, 24, 180, 360))
	body := box(256, 400, 688, 376, 40)
	c.solid(colour, 20, body)
	c.within(body, func() {
		c.fill(glaze{0x5B3520, 0.95}, box(350, 396, 46, 390, 0), box(804, 396, 46, 390, 0))
		c.fill(glaze{cream, 0.5}, line(3, 356, 396, 356, 790), line(3, 390, 396, 390, 790), line(3, 810, 396, 810, 790), line(3, 844, 396, 844, 790))
	})
	c.fill(glaze{ink, 0.45}, box(256, 520, 688, 6, 0))
	for _, x := range []float64{350, 804} {
		c.solid(brass, 5, box(x-4, 500, 54, 46, 8))
	}
	c.corners()
	c.stickers()
}

func (c *canvas) corners() {
	patch := join(box(256, 400, 74, 60, 20), box(870, 400, 74, 60, 20), box(256, 716, 74, 60, 20), box(870, 716, 74, 60, 20))
	for _, s := range patch {
		c.solid(0x5B3520, 6, shape{s})
	}
}

func (c *canvas) stickers() {
	c.solid(teal, 4, circle(500, 640, 54))
	c.fill(cream, ring(500, 640, 42, 4), poly(476, 658, 500, 612, 524, 658))
	c.solid(ochre, 4, box(610, 590, 130, 84, 8).tilt(-9, 675, 632))
	c.fill(glaze{brick, 0.95}, circle(650, 630, 24))
	c.fill(glaze{cream, 0.95}, box(686, 612, 40, 7, 3).tilt(-9, 675, 632), box(686, 630, 30, 7, 3).tilt(-9, 675, 632))
}
