package still

func teaTins(c *canvas) {
	c.shadow(600, 774, 330, 34)
	c.tin(330, 470, 170, 300, teal, leaf)
	c.tin(700, 450, 180, 322, brick, ochre)
	c.tin(508, 560, 184, 214, ochre, brick)
	for i, x := range []float64{250, 282, 880, 916, 936} {
		c.solid(leaf.dark(0.25), 3, oval(x+20, 782+float64(i%2)*10, 20, 7).tilt(float64(i*37%60)-30, x+20, 782))
	}
}

// tin is a tea tin with a label, its upper left corner at x, y.
func (c *canvas) tin(x, y, w, h float64, colour, mark rgb) {
	c.fill(tube(colour), box(x, y+24, w, h-24, 12))
	c.fill(tube(colour.dark(0.18)), box(x-4, y, w+8, 52, 12))
	c.fill(glaze{lightest, 0.3}, box(x-4, y+48, w+8, 3, 0))
	c.fill(tube(cream), box(x+w*0.16, y+h*0.34, w*0.68, h*0.46, 8))
	mid := x + w/2
	c.solid(mark, 4, blob(mid, y+h*0.40, mid+26, y+h*0.52, mid, y+h*0.66, mid-26, y+h*0.52))
	c.fill(glaze{cream, 0.9}, line(3, mid, y+h*0.44, mid, y+h*0.66))
	c.fill(glaze{ink, 0.5}, box(mid-28, y+h*0.70, 56, 5, 2), box(mid-18, y+h*0.74, 36, 5, 2))
}

func mangoes(c *canvas) {
	c.shadow(600, 776, 400, 36)
	for i, x := range []float64{350, 470, 600, 730, 850} {
		c.mango(x, 500+float64(i%2)*22, 92, float64(i*47%50)-20)
	}
	for i, x := range []float64{410, 540, 665, 790} {
		c.mango(x, 440+float64(i%2)*16, 84, float64(i*61%60)-35)
	}
	c.mango(600, 372, 82, 15)
	c.crate(230, 520, 740, 252, 0xC4955A)
}

func (c *canvas) mango(x, y, r, turn float64) {
	s := blob(x-r, y+r*0.1, x-r*0.55, y-r*0.62, x+r*0.3, y-r*0.7, x+r*0.95, y-r*0.2, x+r*0.8, y+r*0.42, x, y+r*0.72, x-r*0.7, y+r*0.55).tilt(turn, x, y)
	c.fill(ball(0xF0A830), s)
	c.within(s, func() {
		c.fill(soft{glaze{0xD4462F, 0.85}}, oval(x-r*0.35, y-r*0.45, r*0.95, r*0.7).tilt(turn, x, y))
		c.fill(soft{glaze{0xFFF1C4, 0.6}}, oval(x+r*0.1, y-r*0.35, r*0.3, r*0.16).tilt(turn, x, y))
	})
	c.fill(rgb(0x5A4326), line(7, x+r*0.28, y-r*0.72, x+r*0.34, y-r*0.86).tilt(turn, x, y))
}

// crate is a wooden box of three boards, seen from the front.
func (c *canvas) crate(x, y, w, h float64, colour rgb) {
	for i := range 3 {
		board := box(x, y+float64(i)*h/3, w, h/3-8, 5)
		c.solid(colour.dark(float64(i)*0.04), 7, board)
		c.within(board, func() {
			for j := range 3 {
				yy := y + float64(i)*h/3 + 16 + float64(j)*20
				c.fill(glaze{colour.dark(0.5), 0.28}, cord(3, x, yy, x+w*0.3, yy+7, x+w*0.6, yy-5, x+w, yy+4))
			}
		})
	}
	for _, px := range []float64{x + 10, x + w - 56} {
		c.solid(colour.light(0.1), 6, box(px, y-10, 46, h+8, 4))
		for i := range 3 {
			c.fill(glaze{ink, 0.6}, circle(px+23, y+h/6+float64(i)*h/3-4, 5))
		}
	}
}

func coffeeBag(c *canvas) {
	c.shadow(600, 778, 270, 34)
	bag := blob(440, 330, 600, 316, 760, 330, 778, 560, 770, 752, 700, 778, 500, 778, 430, 752, 424, 560)
	c.solid(0x9C6B42, 18, bag)
	c.within(bag, func() {
		c.fill(glaze{0x6B4426, 0.35}, poly(424, 330, 470, 330, 452, 790, 424, 790), poly(776, 330, 730, 330, 752, 790, 790, 790))
	})
	c.solid(0x7F5433, 7, box(432, 262, 336, 78, 10))
	c.fill(glaze{lightest, 0.35}, box(436, 300, 328, 3, 0))
	c.solid(cream, 6, box(492, 420, 216, 230, 12))
	c.bean(600, 508, 54, 28)
	c.fill(glaze{ink, 0.7}, box(530, 580, 140, 10, 4), box(556, 602, 88, 7, 3))
	for i, x := range []float64{322, 378, 270, 836, 892, 846, 350} {
		c.bean(x, 778+float64(i*29%26), 24, float64(i*53))
	}
}

// bean is a coffee bean.
func (c *canvas) bean(x, y, r, turn float64) {
	c.solid(0x5B3620, r*0.22, oval(x, y, r, r*0.68).tilt(turn, x, y))
	c.fill(rgb(0x2E190E), cord(r*0.13, x-r*0.8, y-r*0.06, x-r*0.2, y+r*0.14, x+r*0.25, y-r*0.14, x+r*0.8, y+r*0.04).tilt(turn, x, y))
}

func mooncakes(c *canvas) {
	c.shadow(600, 776, 400, 36)
	c.solid(0x8E2F2A, 14, poly(330, 240, 870, 240, 920, 500, 280, 500))
	c.fill(glaze{brass, 0.95}, ring(600, 370, 84, 8))
	c.fill(glaze{brass, 0.95}, circle(600, 370, 56))
	c.fill(rgb(0x8E2F2A), circle(624, 356, 50))
	c.solid(0xA93A32, 16, box(240, 500, 720, 274, 12))
	c.fill(rgb(0x5E1C1A), box(262, 520, 676, 170, 8))
	for i := range 4 {
		c.mooncake(346+float64(i)*169, 604)
	}
	c.fill(glaze{brass, 0.9}, box(262, 722, 676, 6, 3), box(262, 738, 676, 3, 1))
}

// mooncake is one cake with its pressed flower.
func (c *canvas) mooncake(x, y float64) {
	c.fill(cream, circle(x, y+6, 80))
	c.fill(ball(0xC98A3F), flower(x, y, 72, 12, 0.07))
	c.fill(glaze{0x8A5320, 0.75}, ring(x, y, 50, 5))
	c.fill(glaze{0x8A5320, 0.65}, cut(flower(x, y, 38, 8, 0.28), circle(x, y, 14)))
	c.fill(glaze{0xF4D08A, 0.7}, cut(flower(x-2, y-3, 36, 8, 0.28), flower(x, y, 33, 8, 0.28)))
}

func riceSack(c *canvas) {
	c.shadow(600, 780, 300, 36)
	sack := blob(430, 340, 520, 318, 600, 330, 690, 318, 770, 340, 800, 520, 806, 700, 770, 778, 600, 786, 430, 778, 394, 700, 402, 520)
	c.solid(0xE9DCC0, 22, sack)
	c.solid(0xD8C7A4, 8, blob(452, 334, 440, 268, 500, 250, 560, 272, 640, 250, 700, 268, 770, 262, 748, 334, 600, 350))
	c.fill(rgb(0xB5502F), cord(11, 446, 338, 520, 352, 600, 348, 690, 352, 756, 338))
	c.within(sack, func() { c.fill(glaze{0x2F7F79, 0.9}, box(380, 450, 440, 22, 0), box(380, 690, 440, 22, 0)) })
	c.fill(glaze{0xB5502F, 0.95}, circle(600, 580, 84))
	c.ear(cream)
	for i, x := range []float64{300, 322, 344, 316, 860, 884, 872, 902} {
		c.fill(rgb(0xFBF6E8), oval(x, 786+float64(i*13%18), 9, 4).tilt(float64(i*41), x, 786))
	}
}

// ear is an ear of rice.
func (c *canvas) ear(colour rgb) {
	c.fill(colour, cord(6, 582, 644, 594, 590, 622, 532))
	for i := range 5 {
		y := 624 - float64(i)*22
		x := 588 + float64(i)*8
		c.fill(colour, oval(x-18, y-8, 16, 7).tilt(48, x-18, y-8), oval(x+20, y-4, 16, 7).tilt(-62, x+20, y-4))
	}
}

func honey(c *canvas) {
	c.shadow(600, 776, 330, 34)
	c.honeyJar(360, 470, 200, 300)
	c.honeyJar(628, 400, 230, 370)
	c.solid(0xB98746, 6, line(15, 880, 760, 1000, 560))
	for i := range 4 {
		y := 752 - float64(i)*17
		x := 884 + float64(i)*10
		c.solid(0xC79A5B, 4, oval(x, y, 44, 13).tilt(30, x, y))
	}
}

func (c *canvas) honeyJar(x, y, w, h float64) {
	jar := box(x, y+40, w, h-40, 34)
	c.fill(tube(0xE39A1F), jar)
	c.within(jar, func() {
		c.fill(glaze{0xFFF3D8, 0.55}, box(x, y+40, w, 44, 0))
		c.fill(glaze{0xFFF3D8, 0.5}, box(x+20, y+70, 16, h-120, 8))
	})
	c.fill(tube(0xF1E3C4), box(x+w*0.06, y, w*0.88, 54, 10))
	c.solid(cream, 5, box(x+w*0.2, y+h*0.42, w*0.6, h*0.34, 10))
	c.solid(ochre, 4, hexagon(x+w*0.5, y+h*0.54, w*0.12))
	c.fill(glaze{ink, 0.6}, box(x+w*0.34, y+h*0.66, w*0.32, 7, 3))
}
