package still

func moka(c *canvas) {
	c.shadow(600, 775, 230, 36)
	metal := rgb(0xAEB3B6)
	c.mokaFoot(metal)
	c.mokaTop(metal)
	c.solid(ink.light(0.06), 9, cord(34, 742, 372, 826, 366, 836, 430, 792, 520))
	c.cup(330, 706, 0xF2E6D2, 0xB5502F)
}

func (c *canvas) mokaFoot(metal rgb) {
	body := poly(482, 570, 718, 570, 752, 772, 448, 772)
	c.fill(tube(metal), body)
	for _, x := range []float64{536, 600, 664} {
		c.fill(glaze{ink, 0.16}, line(4, x, 572, 600+(x-600)*1.28, 770))
	}
	c.fill(tube(metal.dark(0.2)), box(474, 540, 252, 34, 8))
	c.solid(0xC9A24E, 4, circle(500, 690, 11))
}

func (c *canvas) mokaTop(metal rgb) {
	body := poly(500, 542, 700, 542, 744, 330, 456, 330)
	c.solid(metal.dark(0.1), 6, poly(462, 392, 396, 338, 468, 334))
	c.fill(tube(metal.light(0.08)), body)
	for _, x := range []float64{540, 600, 660} {
		c.fill(glaze{ink, 0.14}, line(4, x, 540, 600+(x-600)*1.42, 332))
	}
	c.fill(tube(metal), poly(452, 332, 748, 332, 690, 268, 510, 268))
	c.solid(ink.light(0.06), 6, box(580, 214, 40, 58, 14))
}

// cup is a small cup on its saucer, its foot at y.
func (c *canvas) cup(x, y float64, colour, drink rgb) {
	c.shadow(x, y+44, 130, 20)
	c.solid(colour, 5, oval(x, y+36, 110, 20))
	c.fill(colour.dark(0.12), ring(x+70, y-30, 28, 13))
	c.fill(tube(colour), blob(x-72, y-74, x, y-62, x+72, y-74, x+58, y-4, x+30, y+26, x-30, y+26, x-58, y-4))
	c.fill(colour.light(0.3), oval(x, y-72, 73, 18))
	c.fill(drink.dark(0.55), oval(x, y-70, 62, 13))
}
