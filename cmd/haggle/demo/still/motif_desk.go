package still

func laptop(c *canvas) {
	c.shadow(600, 778, 440, 30)
	c.solid(0xB9BCBB, 9, box(324, 250, 552, 400, 22))
	c.fill(rgb(0x22313C), box(346, 272, 508, 350, 8))
	c.within(box(346, 272, 508, 350, 8), func() {
		c.fill(down(0x2E5C6E, 0x8FB3A5), box(346, 272, 508, 350, 0))
		c.fill(rgb(0xF3D58B), circle(730, 380, 46))
		c.fill(rgb(0x4B7F72), poly(330, 622, 500, 420, 640, 622))
		c.fill(rgb(0x2F5D57), poly(520, 622, 690, 470, 880, 622))
	})
	c.solid(chrome, 9, poly(300, 650, 900, 650, 980, 752, 220, 752))
	for row := range 4 {
		y, x0 := 664+float64(row)*15, 322-float64(row)*9
		for key := range 14 {
			w := (600 + 18*float64(row)) / 15
			c.fill(rgb(0x3A3634), box(x0+float64(key)*(w+1.6), y, w-3, 11, 3))
		}
	}
	c.fill(glaze{ink, 0.14}, poly(520, 728, 680, 728, 690, 748, 510, 748))
	c.solid(steel, 5, box(220, 752, 760, 18, 9))
}

func typewriter(c *canvas) {
	c.shadow(600, 782, 380, 36)
	c.solid(cream, 8, poly(440, 170, 770, 160, 764, 420, 436, 420))
	for i, w := range []float64{230, 190, 214, 120} {
		c.fill(glaze{ink, 0.5}, box(478, 220+float64(i)*34, w, 7, 3))
	}
	c.fill(tube(0x2F2B29), box(330, 400, 540, 62, 20))
	c.solid(ink.light(0.1), 6, circle(318, 430, 34), circle(882, 430, 34))
	c.solid(0x4B8C86, 20, blob(330, 480, 600, 462, 870, 480, 900, 560, 960, 720, 950, 776, 250, 776, 240, 720, 300, 560))
	c.fill(rgb(0x2C5652), blob(400, 500, 600, 488, 800, 500, 820, 560, 600, 576, 380, 560))
	for i := range 17 {
		x := 432 + float64(i)*21
		c.fill(glaze{chrome, 0.8}, line(4, x, 504, 600+(x-600)*0.6, 566))
	}
	for row := range 4 {
		for key := range 10 - row%2 {
			x, y := 368+float64(key)*52+float64(row%2)*26, 604+float64(row)*44
			x = 600 + (x-600)*(1+float64(row)*0.05)
			c.fill(ink, circle(x, y+4, 19))
			c.solid(cream, 4, circle(x, y, 17))
		}
	}
	c.solid(cream, 4, box(460, 764, 280, 20, 10))
}

func keyboard(c *canvas) {
	c.shadow(600, 760, 460, 36)
	c.solid(0x8A8378, 12, blob(196, 520, 600, 512, 1004, 520, 1050, 720, 1040, 752, 160, 752, 150, 720))
	for row := range 5 {
		y, spread := 536+float64(row)*40, 1+float64(row)*0.027
		for key := range 14 {
			x := 600 + (float64(key)-6.5)*56*spread
			if row == 4 && key > 3 && key < 10 {
				continue
			}
			c.key(x, y, 50*spread, []rgb{cream, cream, cream, teal, 0xD8CBB2}[(row*5+key*3)%5])
		}
	}
	c.key(600, 696, 350, cream)
	c.key(600-6.5*56, 536, 50, brick)
	c.fill(glaze{ink, 0.85}, cord(8, 600, 514, 590, 440, 660, 400, 640, 330, 720, 300))
}

// key is a key cap, its upper edge at y.
func (c *canvas) key(x, y, w float64, colour rgb) {
	c.fill(colour.dark(0.3), box(x-w/2, y, w, 37, 7))
	c.solid(colour, 4, box(x-w/2+4, y-3, w-8, 30, 7))
}

func phone(c *canvas) {
	c.shadow(600, 790, 200, 28)
	lean := func(s shape) shape { return s.tilt(-6, 600, 780) }
	c.solid(0x6B5B7A, 10, lean(box(470, 190, 270, 590, 44)))
	c.solid(0x23252B, 5, lean(box(456, 186, 270, 590, 44)))
	screen := lean(box(470, 200, 242, 562, 32))
	c.fill(down(0xE6A07C, 0x6B5B8C), screen)
	c.within(screen, func() {
		c.fill(rgb(0xFBE3B0), lean(circle(600, 420, 52)))
		c.fill(glaze{0x3E3A66, 0.9}, lean(blob(440, 600, 540, 530, 620, 590, 740, 520, 760, 800, 420, 800)))
		c.fill(glaze{0x2A2849, 0.95}, lean(blob(440, 680, 560, 630, 660, 690, 760, 640, 760, 800, 420, 800)))
		c.fill(glaze{0xFFFFFF, 0.16}, lean(poly(470, 200, 590, 200, 470, 520)))
	})
	c.fill(ink, lean(box(552, 212, 78, 20, 10)))
	for i := range 2 {
		c.fill(glaze{cream, 0.9}, lean(box(540+float64(i)*14, 270+float64(i)*34, 102-float64(i)*28, 18, 9)))
	}
}

func clock(c *canvas) {
	c.shadow(600, 786, 220, 30)
	c.solid(brass, 6, line(24, 470, 700, 430, 776), line(24, 730, 700, 770, 776))
	c.solid(brass, 10, dome(480, 262, 84, 84, 140, 320), dome(720, 262, 84, 84, 220, 400))
	c.solid(brass, 5, line(12, 600, 250, 600, 200), box(572, 184, 56, 26, 12))
	c.solid(brick, 18, circle(600, 500, 246))
	c.fill(down(0xFFFBF0, 0xF0E5CC), circle(600, 500, 200))
	c.fill(glaze{ink, 0.2}, ring(600, 500, 198, 5))
	c.dial(600, 500, 196)
}

func sewing(c *canvas) {
	c.shadow(600, 784, 400, 34)
	c.solid(0x8A552E, 12, box(220, 700, 760, 76, 12))
	colour := rgb(0x2C3E4C)
	c.solid(colour, 14, box(250, 664, 690, 44, 12))
	c.solid(colour, 16, blob(290, 360, 400, 330, 760, 340, 870, 350, 900, 420, 884, 660, 770, 660, 772, 500, 740, 460, 420, 450, 400, 560, 330, 560, 300, 470))
	c.solid(chrome, 6, line(14, 366, 556, 366, 640), box(346, 560, 40, 30, 6))
	c.solid(chrome, 4, box(330, 648, 80, 14, 4))
	c.solid(colour.light(0.1), 12, circle(912, 430, 74))
	c.fill(chrome, ring(912, 430, 54, 8))
	c.solid(brass, 4, circle(912, 430, 18))
	c.fill(glaze{brass, 0.95}, cord(5, 470, 396, 540, 376, 600, 404, 660, 376, 730, 396), oval(600, 390, 34, 10), box(800, 480, 60, 90, 10))
	c.spool(520, 300, brick)
	c.spool(660, 306, ochre)
	c.fill(glaze{brick, 0.95}, cord(3, 520, 290, 440, 320, 372, 400, 366, 560))
	c.solid(0xE7C7CE, 10, blob(250, 690, 300, 660, 430, 664, 520, 690, 470, 780, 330, 800, 230, 770))
}

// spool is a reel of thread, its foot at y + 40.
func (c *canvas) spool(x, y float64, colour rgb) {
	c.solid(wood, 4, box(x-32, y+30, 64, 14, 5))
	c.fill(tube(colour), box(x-24, y-30, 48, 62, 6))
	for i := range 6 {
		c.fill(glaze{ink, 0.2}, box(x-24, y-24+float64(i)*10, 48, 2, 0))
	}
	c.solid(wood, 4, box(x-32, y-42, 64, 14, 5))
}
