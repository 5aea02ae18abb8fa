package still

func riceCooker(c *canvas) {
	c.shadow(600, 780, 320, 36)
	colour := rgb(0x4E8C6A)
	c.fill(tube(steel), dome(600, 440, 232, 92, 180, 360))
	c.fill(tube(chrome), box(356, 428, 488, 34, 14))
	c.solid(ink.light(0.08), 6, box(560, 320, 80, 34, 14))
	c.fill(tube(colour), blob(366, 462, 600, 458, 834, 462, 838, 600, 812, 740, 760, 770, 440, 770, 388, 740, 362, 600))
	c.solid(colour.dark(0.25), 8, box(296, 500, 70, 40, 16), box(834, 500, 70, 40, 16))
	c.fill(rgb(0x33302C), box(420, 764, 80, 18, 8), box(700, 764, 80, 18, 8))
	c.solid(cream, 6, box(540, 640, 120, 96, 14))
	c.solid(brick, 5, box(572, 690, 56, 30, 8))
	c.fill(rgb(0xF0A830), circle(600, 664, 9))
	c.steam(500, 290)
	c.steam(660, 270)
}

// steam rises from x, y.
func (c *canvas) steam(x, y float64) {
	for i := range 3 {
		dx := float64(i) * 26
		c.fill(glaze{0xFFFFFF, 0.5}, cord(10-float64(i)*2, x+dx, y, x+dx+16, y-36, x+dx-8, y-70, x+dx+10, y-110))
	}
}

func recordPlayer(c *canvas) {
	c.shadow(600, 782, 430, 34)
	c.fill(glaze{0xCFE0E4, 0.45}, poly(300, 470, 900, 470, 872, 190, 330, 190))
	c.fill(glaze{0xFFFFFF, 0.5}, line(4, 300, 470, 330, 190, 872, 190, 900, 470), poly(380, 460, 450, 460, 580, 200, 520, 200))
	c.solid(0x9A6238, 14, poly(250, 480, 950, 480, 1000, 700, 200, 700))
	c.solid(0x7A4A28, 12, box(200, 700, 800, 62, 8))
	c.fill(rgb(0x33302C), box(260, 760, 70, 22, 8), box(870, 760, 70, 22, 8))
	c.record(520, 590, 264)
	c.solid(chrome, 5, circle(870, 530, 36))
	c.fill(rgb(0x4A433F), circle(870, 530, 18))
	c.solid(chrome, 4, cord(13, 870, 530, 850, 600, 770, 640, 690, 622))
	c.solid(ink, 4, box(664, 606, 52, 30, 6).tilt(24, 690, 621))
	c.solid(brass, 4, circle(890, 660, 19), circle(838, 664, 13))
	c.fill(brick, box(236, 722, 40, 18, 6))
}

// record is a record lying flat, seen at an angle.
func (c *canvas) record(x, y, r float64) {
	const flat = 0.36
	c.fill(steel.dark(0.2), oval(x, y+8, r+10, (r+10)*flat))
	c.fill(rgb(0x1C1A19), oval(x, y, r, r*flat))
	for i := range 8 {
		k := r * (0.94 - float64(i)*0.075)
		c.fill(glaze{0x6A625C, 0.5}, cut(oval(x, y, k, k*flat), oval(x, y, k-2, (k-2)*flat)))
	}
	c.within(oval(x, y, r, r*flat), func() {
		c.fill(glaze{0xFFFFFF, 0.13}, poly(x, y, x-r, y-r*0.2, x-r, y-r*0.42, x-r*0.5, y-r*0.5), poly(x, y, x+r, y+r*0.2, x+r, y+r*0.42, x+r*0.5, y+r*0.5))
	})
	c.fill(ochre, oval(x, y, r*0.33, r*0.33*flat))
	c.fill(brick, oval(x, y, r*0.2, r*0.2*flat))
	c.fill(cream, oval(x, y, 7, 4))
}

func console(c *canvas) {
	c.shadow(600, 778, 430, 34)
	c.solid(0xD9D3C7, 14, poly(300, 500, 800, 500, 840, 690, 260, 690))
	c.solid(0xC6BFB1, 10, box(260, 690, 580, 84, 12))
	c.fill(rgb(0x3A3634), box(430, 536, 240, 24, 10))
	for i := range 12 {
		c.fill(glaze{ink, 0.3}, box(330+float64(i)*8, 600, 4, 66, 2))
	}
	c.solid(plum, 5, box(600, 620, 84, 40, 12), box(706, 620, 84, 40, 12))
	c.fill(rgb(0x3A3634), box(310, 716, 110, 34, 10), box(450, 716, 110, 34, 10))
	c.fill(rgb(0xD4462F), circle(790, 732, 9))
	c.cartridge()
	c.fill(rgb(0x4A433F), cord(8, 520, 736, 620, 800, 760, 812, 830, 770, 900, 700))
	c.gamepad(900, 700)
}

func (c *canvas) cartridge() {
	c.solid(0x8B8F93, 9, box(440, 330, 220, 216, 12))
	c.solid(brick, 5, box(466, 356, 168, 120, 8))
	c.fill(ochre, circle(516, 424, 26))
	c.fill(cream, poly(556, 460, 596, 388, 632, 460))
}

func (c *canvas) gamepad(x, y float64) {
	c.solid(0xE4DED2, 12, blob(x-150, y-30, x-120, y-66, x+120, y-66, x+150, y-30, x+150, y+30, x+112, y+62, x+60, y+34, x-60, y+34, x-112, y+62, x-150, y+30))
	c.solid(ink.light(0.1), 4, box(x-118, y-20, 66, 22, 5), box(x-96, y-42, 22, 66, 5))
	c.solid(brick, 3, circle(x+70, y+6, 16))
	c.solid(ochre, 3, circle(x+108, y-14, 16))
	c.solid(teal, 3, circle(x+74, y-34, 16))
	c.fill(glaze{ink, 0.5}, box(x-24, y-2, 22, 9, 4), box(x+8, y-2, 22, 9, 4))
}

func headphones(c *canvas) {
	c.shadow(600, 782, 320, 34)
	c.solid(0x3A3634, 10, arc(600, 520, 236, 296, 40, 186, 354))
	c.solid(0x8A5A3A, 8, arc(600, 520, 224, 282, 16, 214, 326))
	for _, side := range []func(shape) shape{func(s shape) shape { return s }, func(s shape) shape { return s.mirror(600) }} {
		c.solid(steel, 4, side(line(14, 364, 480, 368, 560)))
		c.solid(0x2F2B29, 14, side(blob(360, 530, 430, 520, 462, 580, 462, 700, 428, 764, 360, 752)))
		c.solid(brick, 12, side(blob(330, 556, 380, 532, 402, 580, 402, 700, 378, 750, 330, 728, 316, 640)))
		c.fill(glaze{cream, 0.8}, side(ring(356, 640, 26, 5)))
	}
	c.fill(glaze{ink, 0.85}, cord(7, 372, 752, 380, 800, 480, 812, 560, 790, 640, 810, 740, 800))
}

func fan(c *canvas) {
	c.shadow(600, 782, 250, 34)
	c.fill(tube(cream), box(584, 560, 32, 200, 8))
	c.solid(cream, 10, blob(450, 770, 480, 736, 560, 722, 640, 722, 720, 736, 750, 770, 730, 784, 470, 784))
	for i, col := range []rgb{0x3A3634, 0x3A3634, 0xB5502F} {
		c.solid(col, 3, box(548+float64(i)*36, 742, 28, 16, 5))
	}
	c.fill(glaze{0xBFD8DA, 0.35}, circle(600, 370, 240))
	for i := range 4 {
		c.solid(teal, 10, blob(600, 352, 560, 250, 600, 172, 690, 190, 706, 270, 640, 352).tilt(float64(i)*90, 600, 370))
	}
	for i := range 36 {
		c.fill(glaze{steel.dark(0.3), 0.55}, line(2, 600, 320, 600, 132).tilt(float64(i)*10, 600, 370))
	}
	c.solid(chrome, 5, ring(600, 370, 240, 14))
	c.fill(glaze{steel.dark(0.2), 0.8}, ring(600, 370, 150, 4))
	c.solid(cream, 6, circle(600, 370, 52))
	c.fill(brick, circle(600, 370, 18))
}

func radio(c *canvas) {
	c.shadow(600, 780, 380, 36)
	c.solid(steel, 4, line(8, 820, 420, 960, 150))
	c.solid(brass, 4, arc(600, 420, 170, 90, 20, 180, 360))
	c.solid(0x9A4B35, 20, box(260, 410, 680, 368, 46))
	c.solid(cream, 10, box(300, 450, 600, 290, 26))
	for i := range 13 {
		c.fill(glaze{0x7A5A3A, 0.75}, box(330+float64(i)*22, 480, 9, 230, 4))
	}
	c.solid(0x33302C, 6, box(640, 480, 230, 96, 12))
	c.fill(rgb(0xF3D58B), box(652, 490, 206, 76, 8))
	for i := range 10 {
		c.fill(glaze{ink, 0.6}, box(668+float64(i)*19, 504, 3, 22+float64(i%2)*12, 0))
	}
	c.fill(rgb(0xD4462F), box(760, 492, 5, 72, 0))
	for _, x := range []float64{694, 816} {
		c.solid(brass, 8, circle(x, 652, 44))
		c.fill(glaze{ink, 0.6}, line(5, x, 652, x+14, 620))
	}
}
