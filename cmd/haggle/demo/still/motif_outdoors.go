package still

import "math"

func stroller(c *canvas) {
	c.shadow(600, 778, 330, 34)
	colour := rgb(0x5C7FA3)
	c.solid(steel, 5, line(13, 300, 250, 420, 330, 700, 690), line(13, 470, 690, 760, 470))
	c.solid(ink.light(0.08), 5, line(24, 268, 232, 318, 262))
	c.solid(colour.dark(0.15), 14, blob(430, 500, 780, 470, 800, 560, 740, 640, 520, 640, 440, 580))
	c.solid(colour, 16, dome(610, 480, 200, 230, 182, 330), blob(420, 470, 600, 486, 786, 470, 800, 500, 600, 520, 424, 506))
	for _, at := range []float64{214, 250, 290} {
		sin, cos := math.Sincos(at * math.Pi / 180)
		c.fill(glaze{cream, 0.5}, cord(4, 610, 480, 610+cos*110, 480+sin*140, 610+cos*198, 480+sin*226))
	}
	c.smallWheel(450, 706, 66)
	c.smallWheel(720, 706, 66)
}

func (c *canvas) smallWheel(x, y, r float64) {
	c.solid(ink.light(0.05), 6, circle(x, y, r))
	c.fill(chrome, circle(x, y, r*0.68))
	for i := range 6 {
		c.fill(steel.dark(0.35), line(6, x, y-r*0.6, x, y+r*0.6).tilt(float64(i)*30, x, y))
	}
	c.solid(brick, 3, circle(x, y, r*0.2))
}

func plant(c *canvas) {
	c.shadow(600, 782, 230, 34)
	for i, a := range []float64{-62, -34, -12, 14, 38, 64} {
		r := 250 + float64(i%3)*40
		sin, cos := math.Sincos((a - 90) * math.Pi / 180)
		x, y := 600+cos*r, 560+sin*r*0.95
		c.fill(leaf.dark(0.35), cord(9, 600, 580, 600+cos*r*0.4, 560+sin*r*0.55, x, y+20))
		c.monstera(x, y, 104-float64(i%2)*16, a, leaf.mix(0x2F5D46, float64(i*37%60)/100))
	}
	c.solid(0xD8774F, 16, poly(460, 560, 740, 560, 706, 780, 494, 780))
	c.solid(0xC96A45, 9, box(440, 530, 320, 58, 10))
	c.fill(glaze{cream, 0.85}, cord(7, 492, 660, 530, 640, 570, 668, 610, 642, 650, 668, 690, 644, 708, 652))
}

// monstera is a leaf with cuts, its tip up before it is turned.
func (c *canvas) monstera(x, y, r, turn float64, colour rgb) {
	s := blob(x, y-r, x+r*0.62, y-r*0.5, x+r*0.82, y+r*0.2, x+r*0.4, y+r*0.66, x, y+r*0.44, x-r*0.4, y+r*0.66, x-r*0.82, y+r*0.2, x-r*0.62, y-r*0.5).tilt(turn, x, y)
	c.solid(colour, 9, s)
	c.fill(glaze{lightest, 0.45}, line(3, x, y-r*0.86, x, y+r*0.4).tilt(turn, x, y))
	for i := range 3 {
		k := -0.4 + float64(i)*0.32
		for _, side := range []float64{-1, 1} {
			c.fill(glaze{lightest, 0.3}, line(2.4, x, y+r*(k+0.16), x+side*r*0.6, y+r*(k-0.08)).tilt(turn, x, y))
			c.fill(glaze{colour.dark(0.5), 0.55}, line(8, x+side*r*0.5, y+r*(k+0.12), x+side*r*0.74, y+r*(k+0.06)).tilt(turn, x, y))
		}
	}
}

func tent(c *canvas) {
	c.shadow(600, 776, 430, 30)
	colour := rgb(0xD07B3C)
	c.solid(colour.dark(0.22), 14, poly(600, 330, 860, 380, 1010, 764, 760, 770))
	c.solid(colour, 16, poly(560, 320, 640, 320, 820, 770, 280, 770))
	c.fill(rgb(0x43302A), poly(566, 380, 600, 372, 690, 770, 470, 770))
	c.solid(colour.light(0.22), 8, blob(566, 380, 590, 376, 540, 560, 440, 768, 404, 768, 470, 600), blob(606, 374, 626, 380, 690, 560, 764, 768, 716, 768, 660, 600))
	c.fill(glaze{cream, 0.9}, line(4, 562, 320, 200, 784), line(4, 864, 382, 1060, 780))
	c.solid(wood, 3, line(9, 196, 770, 206, 800), line(9, 1054, 766, 1066, 796))
	c.solid(leaf, 7, blob(470, 720, 520, 700, 640, 704, 690, 724, 660, 764, 500, 764))
	c.lantern(930, 690)
}

// lantern is a camping lamp, its middle at x, y.
func (c *canvas) lantern(x, y float64) {
	c.fill(soft{glaze{0xFFE9A8, 0.8}}, circle(x, y, 130))
	c.fill(ink, arc(x, y-52, 34, 44, 5, 180, 360))
	c.solid(teal, 5, box(x-40, y-64, 80, 24, 8), box(x-46, y+50, 92, 34, 8))
	c.fill(rgb(0xFFF1C4), box(x-34, y-40, 68, 92, 6))
	c.fill(glaze{ink, 0.5}, line(4, x-14, y-40, x-14, y+50), line(4, x+14, y-40, x+14, y+50))
}

func skateboard(c *canvas) {
	c.shadow(600, 776, 400, 28)
	for _, x := range []float64{390, 810} {
		c.solid(steel, 5, poly(x-40, 650, x+40, 650, x+18, 710, x-18, 710))
		c.solid(ochre, 9, circle(x-6, 728, 44))
		c.fill(cream, circle(x-6, 728, 18))
		c.fill(ink, circle(x-6, 728, 8))
	}
	deck := blob(180, 560, 250, 606, 340, 624, 860, 624, 950, 606, 1020, 560, 1032, 584, 960, 640, 860, 660, 340, 660, 240, 640, 168, 584)
	c.solid(teal, 8, deck)
	c.within(deck, func() {
		for i := range 5 {
			c.fill(glaze{[]rgb{ochre, brick, cream}[i%3], 0.9}, poly(470+float64(i)*54, 600, 500+float64(i)*54, 600, 470+float64(i)*54, 680, 440+float64(i)*54, 680))
		}
	})
	c.helmet()
}

func (c *canvas) helmet() {
	c.solid(brick, 18, dome(610, 618, 150, 160, 180, 360))
	for i := range 3 {
		c.fill(rgb(0x5E2316), box(520+float64(i)*70, 510-float64(i%2)*16, 38, 18, 9))
	}
	c.solid(ink.light(0.06), 5, box(454, 604, 312, 22, 11))
}

func telescope(c *canvas) {
	c.shadow(610, 790, 300, 30)
	for _, x := range []float64{430, 600, 780} {
		c.solid(wood, 5, line(17, 600, 470, x, 780))
	}
	c.fill(glaze{ink, 0.6}, line(5, 508, 632, 690, 632))
	up := func(s shape) shape { return s.tilt(-28, 600, 430) }
	c.solid(cream, 14, up(box(400, 374, 400, 100, 14)))
	c.solid(navy, 10, up(box(776, 360, 90, 128, 14)))
	c.fill(glaze{0x9DC4D6, 0.9}, up(oval(864, 424, 18, 60)))
	c.solid(navy, 7, up(box(356, 388, 60, 72, 10)))
	c.solid(ink.light(0.08), 5, up(box(310, 404, 54, 40, 10)))
	c.solid(brass, 5, up(box(520, 336, 170, 26, 12)), circle(600, 466, 32))
	c.fill(glaze{brick, 0.95}, up(box(690, 374, 16, 100, 0)))
}
