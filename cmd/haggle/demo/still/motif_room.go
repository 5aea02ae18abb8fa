package still

func lamp(c *canvas) {
	c.shadow(560, 776, 250, 36)
	green := rgb(0x3F6F5E)
	c.fill(glaze{0xFFE9A8, 0.30}, poly(640, 330, 880, 400, 1010, 776, 560, 776))
	c.fill(soft{glaze{0xFFE9A8, 0.75}}, oval(790, 770, 240, 44))
	c.fill(tube(green), box(430, 732, 250, 44, 22))
	c.solid(brass, 4, line(16, 545, 735, 470, 500), line(16, 470, 500, 640, 262))
	c.solid(green.dark(0.1), 6, circle(470, 500, 24))
	c.solid(brass, 4, circle(470, 500, 10))
	c.lampShade(green)
	c.solid(green.dark(0.1), 6, circle(640, 262, 20))
	c.fill(glaze{ink, 0.8}, cord(6, 432, 756, 340, 780, 250, 752, 120, 800))
}

func (c *canvas) lampShade(green rgb) {
	shade := poly(668, 196, 742, 232, 905, 380, 640, 372, 640, 300)
	c.fill(rgb(0xFFF3C9), oval(774, 384, 128, 26).tilt(4, 774, 384))
	c.solid(green, 16, shade)
	c.solid(green.light(0.1), 6, box(636, 190, 92, 52, 20).tilt(26, 682, 216))
}

func chair(c *canvas) {
	c.shadow(610, 790, 260, 34)
	pale := rgb(0xB8804C)
	c.solid(pale.dark(0.22), 5, poly(486, 560, 510, 560, 498, 752, 478, 752), poly(734, 560, 758, 560, 772, 752, 750, 752))
	c.solid(pale.dark(0.1), 5, line(15, 474, 690, 770, 690))
	for i := range 5 {
		x := 512 + float64(i)*46
		c.solid(pale.dark(0.08), 4, cord(14, x+2, 250, x, 380, x+2, 540))
	}
	c.solid(pale, 6, cord(24, 478, 210, 470, 380, 482, 556), cord(24, 742, 210, 754, 380, 744, 556))
	c.solid(pale, 10, blob(460, 190, 540, 172, 680, 172, 762, 190, 768, 246, 680, 236, 540, 236, 454, 246))
	c.solid(pale.light(0.12), 12, blob(440, 560, 470, 534, 610, 526, 752, 534, 786, 560, 800, 590, 610, 606, 424, 590))
	c.solid(pale, 7, poly(448, 590, 478, 594, 456, 788, 432, 788), poly(746, 594, 776, 590, 792, 788, 768, 788))
	c.solid(pale, 5, line(14, 446, 716, 780, 716))
}

func books(c *canvas) {
	c.shadow(600, 778, 330, 34)
	c.book(340, 706, 520, 72, brick, 0)
	c.book(380, 634, 450, 72, navy, -8)
	c.book(352, 574, 476, 60, ochre, 10)
	c.book(410, 500, 400, 74, teal, -4)
	c.book(420, 448, 360, 52, plum, 6)
	c.solid(0xF4EAD6, 6, blob(560, 446, 556, 396, 580, 372, 640, 372, 664, 396, 660, 446))
	c.fill(tube(0xD06C4B), box(548, 366, 124, 82, 20))
	c.fill(rgb(0x8E3F28), oval(610, 368, 60, 13))
	for i := range 5 {
		x := 566 + float64(i)*22
		c.solid(leaf.dark(float64(i%2)*0.2), 5, blob(610, 366, x-16, 330, x-22+float64(i-2)*14, 262, x+12, 318))
	}
}

// book is a book lying on its side, its back to us.
func (c *canvas) book(x, y, w, h float64, colour rgb, shift float64) {
	c.fill(cream.dark(0.08), box(x+w-24+shift, y+8, 20, h-16, 2))
	c.solid(colour, 9, box(x+shift, y, w-10, h, 10))
	for _, at := range []float64{0.10, 0.16, 0.84} {
		c.fill(glaze{brass, 0.9}, box(x+shift+w*at, y+2, 7, h-4, 0))
	}
	c.fill(glaze{cream, 0.85}, box(x+shift+w*0.3, y+h/2-9, w*0.32, 7, 3), box(x+shift+w*0.3, y+h/2+5, w*0.2, 5, 2))
}
