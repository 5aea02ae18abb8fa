package still

func guitar(c *canvas) {
	c.shadow(580, 792, 230, 34)
	body := blob(505, 440, 560, 424, 640, 424, 695, 440, 712, 490, 690, 545, 712, 604, 750, 684, 720, 762, 640, 792, 560, 792,
		480, 762, 450, 684, 488, 604, 510, 545, 488, 490)
	leaned := func(s shape) shape { return s.tilt(9, 600, 790) }
	c.solid(0x6E4326, 8, leaned(box(580, 180, 40, 270, 6)))
	c.solid(0x8A552E, 9, leaned(poly(572, 194, 628, 194, 634, 92, 600, 78, 566, 92)))
	c.solid(0xC98B4A, 16, leaned(body))
	c.fill(glaze{0xF0C27B, 0.5}, leaned(blob(524, 458, 600, 442, 676, 458, 684, 500, 656, 548, 600, 526, 544, 548, 516, 500)))
	c.fill(rgb(0x5A3720), leaned(box(582, 188, 36, 340, 4)))
	c.fill(rgb(0x7A4A26), leaned(circle(600, 564, 64)))
	c.fill(rgb(0x2B1A12), leaned(circle(600, 564, 52)))
	c.fill(cream, leaned(ring(600, 564, 58, 3)))
	c.guitarStrings(leaned)
}

func (c *canvas) guitarStrings(leaned func(shape) shape) {
	c.solid(0x4A2C1A, 5, leaned(box(540, 696, 120, 22, 8)))
	for i := range 8 {
		c.fill(glaze{brass, 0.9}, leaned(box(583, 214+float64(i)*38, 34, 4, 0)))
	}
	for i := range 6 {
		x := 586 + float64(i)*5.6
		c.fill(glaze{cream, 0.9}, leaned(line(1.8, x, 188, 580+float64(i)*8, 706)))
	}
	for i := range 3 {
		y := 112 + float64(i)*26
		c.fill(chrome, leaned(circle(558, y, 10)), leaned(circle(642, y, 10)))
	}
}

func camera(c *canvas) {
	c.shadow(600, 770, 340, 36)
	c.solid(0x2F2B29, 10, box(300, 420, 600, 344, 34))
	c.fill(down(0x4A433F, 0x332E2B), box(304, 500, 592, 206, 8))
	c.cameraTop()
	c.solid(steel, 6, box(304, 706, 592, 52, 16))
	c.lens(600, 596)
	c.fill(cream, line(9, 352, 470, 352, 470))
	c.solid(brick, 4, circle(372, 470, 12))
	c.fill(glaze{0x6B4226, 1}, cord(20, 306, 470, 210, 540, 190, 700, 260, 800, 380, 812), cord(20, 894, 470, 990, 540, 1000, 680))
}

func (c *canvas) cameraTop() {
	c.solid(chrome.dark(0.06), 9, join(box(300, 400, 600, 100, 20), poly(478, 404, 520, 318, 680, 318, 722, 404)))
	c.fill(rgb(0x2B3A44), box(548, 346, 104, 44, 8))
	c.fill(glaze{0x9DC4D6, 0.7}, poly(556, 352, 606, 352, 584, 384, 556, 384))
	c.fill(tube(steel), box(352, 372, 96, 34, 8), box(748, 362, 104, 44, 8))
	c.fill(tube(chrome), box(470, 384, 26, 20, 5))
	for i := range 9 {
		c.fill(glaze{ink, 0.35}, box(754+float64(i)*11, 364, 3, 40, 0))
	}
}

// lens is a camera's lens, seen from the front.
func (c *canvas) lens(x, y float64) {
	c.solid(0x1E1B1A, 10, circle(x, y, 150))
	c.fill(steel, ring(x, y, 138, 6))
	c.solid(0x39332F, 8, circle(x, y, 124))
	c.fill(rgb(0x14181C), circle(x, y, 96))
	c.fill(ball(0x3B5D73), circle(x, y, 82))
	c.fill(rgb(0x10161B), circle(x+4, y+4, 46))
	c.fill(glaze{0xBFE3EE, 0.75}, blob(x-56, y-40, x-28, y-62, x+2, y-60, x-24, y-34, x-46, y-8))
	c.fill(glaze{0xE5B7C9, 0.6}, oval(x+34, y+40, 16, 11).tilt(-30, x+34, y+40))
}
