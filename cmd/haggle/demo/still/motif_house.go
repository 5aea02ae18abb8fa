package still

func train(c *canvas) {
	c.shadow(600, 776, 420, 28)
	c.solid(wood, 6, box(180, 748, 840, 18, 8))
	c.solid(ochre, 12, box(640, 520, 320, 168, 16))
	for i, col := range []rgb{brick, leaf, navy} {
		c.solid(col, 9, box(664+float64(i)*94, 440, 84, 84, 8))
		c.fill(glaze{cream, 0.9}, circle(706+float64(i)*94, 482, 18))
	}
	c.solid(brick, 14, box(230, 540, 320, 150, 18))
	c.solid(teal, 12, box(410, 400, 150, 290, 16))
	c.fill(cream, box(440, 436, 90, 84, 10))
	c.solid(navy, 10, box(388, 372, 194, 42, 18))
	c.solid(ochre, 8, poly(272, 452, 338, 452, 326, 544, 284, 544), box(262, 428, 86, 32, 10))
	c.fill(ink, line(12, 556, 650, 642, 650))
	for i, x := range []float64{290, 390, 500, 700, 800, 900} {
		c.solid([]rgb{0x9C6B42, 0xB07A4A}[i%2], 7, circle(x, 700, 50))
		c.fill(brick, circle(x, 700, 15))
	}
}

func bookcase(c *canvas) {
	c.shadow(600, 798, 320, 26)
	c.solid(0x9A6238, 10, box(360, 110, 480, 690, 8))
	for shelf := range 3 {
		y := 136 + float64(shelf)*212
		c.fill(rgb(0x5E3A22), box(384, y, 432, 192, 4))
		c.shelfOf(396, y+192, shelf)
	}
	c.fill(rgb(0x7A4A28), box(360, 772, 480, 26, 4))
}

// shelfOf fills a shelf from the left with books that stand on foot.
func (c *canvas) shelfOf(x, foot float64, n int) {
	colours := []rgb{brick, teal, ochre, navy, plum, leaf, cream, 0xC98B6A}
	for i := range 9 {
		w, h := 26+float64((i*13+n*7)%16), 120+float64((i*29+n*17)%54)
		if i == 4 && n == 1 {
			c.fill(tube(0xD06C4B), box(x+6, foot-62, 66, 62, 8))
			c.solid(leaf, 5, blob(x+40, foot-60, x+4, foot-90, x+10, foot-140, x+42, foot-110, x+76, foot-140, x+76, foot-84))
			x += 84
			continue
		}
		if x+w > 808 {
			return
		}
		c.solid(colours[(i*3+n*5)%len(colours)], 4, box(x, foot-h, w, h, 3))
		c.fill(glaze{brass, 0.8}, box(x+4, foot-h+18, w-8, 5, 0), box(x+4, foot-30, w-8, 4, 0))
		x += w + 3
	}
}

func boxes(c *canvas) {
	c.shadow(600, 786, 400, 34)
	c.carton(270, 520, 360, 260)
	c.carton(640, 580, 300, 200)
	c.carton(400, 300, 290, 220)
	c.solid(brass, 5, arc(820, 540, 46, 46, 26, 0, 360))
	c.fill(glaze{ink, 0.7}, poly(480, 470, 500, 430, 520, 470), poly(530, 470, 550, 430, 570, 470))
	c.fill(glaze{brick, 0.85}, line(9, 330, 640, 360, 610, 390, 640), line(9, 360, 614, 360, 690), line(9, 430, 640, 460, 610, 490, 640), line(9, 460, 614, 460, 690))
}

// carton is a closed cardboard box with tape.
func (c *canvas) carton(x, y, w, h float64) {
	c.solid(0xC79A66, 12, box(x, y, w, h, 4))
	c.fill(glaze{0x8A6034, 0.45}, box(x, y, w, 7, 0))
	c.fill(glaze{0xF1DDB4, 0.85}, box(x+w*0.44, y, w*0.12, h*0.36, 0))
	c.fill(glaze{cream, 0.95}, box(x+w*0.66, y+h*0.62, w*0.25, h*0.24, 4))
	c.fill(glaze{ink, 0.5}, box(x+w*0.69, y+h*0.68, w*0.18, 5, 2), box(x+w*0.69, y+h*0.75, w*0.12, 5, 2))
}

func toolbox(c *canvas) {
	c.shadow(600, 780, 380, 34)
	c.solid(wood, 6, line(24, 420, 540, 372, 280), blob(330, 250, 420, 226, 440, 250, 430, 282, 350, 300, 322, 284))
	c.solid(steel, 6, line(20, 640, 540, 660, 330), cut(circle(668, 280, 56), circle(668, 266, 26)))
	c.solid(ochre, 7, box(776, 330, 44, 130, 18))
	c.solid(chrome, 4, line(12, 798, 460, 798, 560))
	c.solid(brick, 16, box(260, 520, 680, 254, 16))
	c.solid(brick.dark(0.15), 10, box(240, 496, 720, 56, 12))
	c.fill(glaze{lightest, 0.5}, box(300, 640, 600, 8, 4))
	c.solid(steel, 5, box(356, 536, 56, 60, 8), box(788, 536, 56, 60, 8))
	c.solid(ink.light(0.08), 8, cut(box(470, 590, 260, 80, 20), box(496, 612, 208, 34, 12)))
	c.fill(ochre, box(540, 704, 120, 34, 6))
}

func comics(c *canvas) {
	c.shadow(600, 776, 380, 34)
	colours := []rgb{ochre, teal, brick, navy, 0xE2A48B, plum, leaf}
	for i := range 7 {
		c.solid(colours[i], 6, box(300+float64(i)*58, 420+float64(i*17%24), 54, 352-float64(i*17%24), 5))
		x, y := 300+float64(i)*58, 440+float64(i*17%24)
		c.fill(glaze{cream, 0.95}, box(x+8, y, 38, 38, 6), box(x+16, y+70, 22, 180, 4))
		c.fill(glaze{ink, 0.55}, circle(x+27, y+19, 9))
	}
	lean := func(s shape) shape { return s.tilt(-11, 720, 770) }
	c.solid(0xF0C27B, 10, lean(box(720, 420, 260, 350, 6)))
	c.fill(brick, lean(box(738, 438, 224, 70, 4)))
	c.fill(cream, lean(flower(850, 640, 96, 14, 0.2)))
	c.fill(navy, lean(circle(850, 640, 52)))
	c.fill(ochre, lean(poly(820, 652, 846, 596, 846, 632, 884, 626, 848, 690, 852, 652)))
	c.fill(glaze{cream, 0.95}, lean(box(762, 458, 150, 12, 4)), lean(box(762, 480, 100, 9, 4)))
}

func sofa(c *canvas) {
	c.shadow(600, 786, 470, 32)
	colour := rgb(0x5F8279)
	c.solid(wood, 4, line(20, 290, 730, 276, 784), line(20, 910, 730, 924, 784))
	c.solid(colour.dark(0.1), 20, box(270, 390, 660, 280, 60))
	c.fill(glaze{ink, 0.3}, line(5, 600, 410, 600, 600))
	pillow := box(372, 440, 150, 140, 24).tilt(-10, 447, 510)
	c.solid(ochre, 12, pillow)
	c.within(pillow, func() { c.fill(glaze{cream, 0.8}, line(6, 360, 486, 540, 454), line(6, 366, 536, 546, 504)) })
	c.solid(brick.light(0.15), 12, box(700, 446, 140, 134, 24).tilt(8, 770, 513))
	c.solid(colour.light(0.08), 14, box(300, 570, 302, 90, 28), box(600, 570, 300, 90, 28))
	c.solid(colour, 18, box(260, 650, 680, 92, 26))
	c.solid(colour, 18, box(200, 500, 120, 246, 50), box(880, 500, 120, 246, 50))
}

func posters(c *canvas) {
	c.shadow(620, 784, 330, 32)
	c.solid(wood, 5, line(18, 600, 150, 420, 780), line(18, 600, 150, 780, 780))
	sheet := box(400, 210, 400, 500, 4)
	c.solid(cream, 8, sheet)
	c.within(sheet, func() {
		c.fill(teal, box(424, 234, 352, 280, 0))
		c.fill(ochre, circle(600, 420, 96))
		c.fill(brick, poly(424, 514, 540, 380, 640, 514), poly(560, 514, 690, 400, 776, 514))
		c.fill(glaze{ink, 0.8}, box(424, 546, 352, 40, 4))
		c.fill(glaze{ink, 0.45}, box(424, 606, 250, 14, 4), box(424, 634, 300, 14, 4), box(424, 662, 180, 14, 4))
	})
	c.solid(wood, 5, box(380, 706, 440, 24, 6))
	for i, col := range []rgb{cream, 0xE2A48B, cream} {
		x := 872 + float64(i)*52
		c.fill(tube(col), box(x, 520-float64(i%2)*40, 48, 262+float64(i%2)*40, 10))
		c.fill(col.dark(0.35), oval(x+24, 522-float64(i%2)*40, 24, 9))
		c.fill(brick, box(x, 650, 48, 12, 0))
	}
}
