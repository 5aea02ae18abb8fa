package still

func teapot(c *canvas) {
	c.shadow(560, 772, 250, 34)
	clay := rgb(0x8E5140)
	c.solid(clay, 10, cord(30, 380, 520, 290, 510, 280, 620, 400, 660))
	c.solid(clay, 10, blob(700, 600, 770, 560, 820, 470, 852, 452, 870, 470, 830, 570, 770, 670, 700, 690))
	c.fill(ball(clay), blob(400, 500, 560, 448, 720, 500, 760, 620, 700, 740, 560, 770, 420, 740, 360, 620))
	c.fill(glaze{ink, 0.25}, cord(4, 408, 494, 560, 516, 712, 494))
	c.solid(clay.dark(0.08), 8, dome(560, 486, 150, 66, 180, 360))
	c.solid(clay.light(0.08), 6, circle(560, 408, 24))
	c.fill(glaze{cream, 0.5}, cord(5, 470, 600, 520, 570, 560, 610, 610, 570, 650, 600))
	c.teacup(880, 730)
	c.teacup(1010, 746)
	c.steam(868, 640)
}

// teacup is a cup without a handle, its foot at y + 40.
func (c *canvas) teacup(x, y float64) {
	c.shadow(x, y+38, 70, 12)
	c.fill(tube(0xF0E6D4), blob(x-52, y-34, x, y-28, x+52, y-34, x+44, y+14, x+24, y+38, x-24, y+38, x-44, y+14))
	c.fill(cream, oval(x, y-33, 53, 13))
	c.fill(rgb(0xB5793A), oval(x, y-31, 44, 9))
}

func pot(c *canvas) {
	c.shadow(600, 782, 340, 36)
	colour := rgb(0xC0562F)
	c.solid(colour.dark(0.2), 8, cut(box(236, 540, 110, 66, 30), box(262, 558, 60, 30, 14)), cut(box(854, 540, 110, 66, 30), box(878, 558, 60, 30, 14)))
	c.fill(tube(colour), blob(320, 520, 600, 516, 880, 520, 882, 680, 850, 760, 790, 780, 410, 780, 350, 760, 318, 680))
	c.fill(tube(colour.light(0.05)), dome(600, 520, 292, 130, 180, 360))
	c.fill(colour.dark(0.35), box(306, 508, 588, 22, 11))
	c.solid(brass, 7, box(574, 392, 52, 18, 6), oval(600, 376, 50, 22))
	c.fill(glaze{lightest, 0.35}, cord(8, 390, 470, 450, 430, 540, 410))
	c.steam(430, 330)
	c.steam(720, 320)
}

func kettle(c *canvas) {
	c.shadow(600, 780, 290, 34)
	c.solid(0x37474B, 9, cord(28, 380, 640, 320, 560, 310, 440, 260, 372, 220, 372))
	c.solid(0x8A552E, 9, cord(36, 760, 470, 880, 440, 910, 560, 860, 680))
	c.fill(tube(0x46585D), poly(440, 440, 760, 440, 830, 768, 370, 768))
	c.fill(tube(0x37474B), box(360, 748, 480, 30, 12))
	c.fill(tube(0x52666B), dome(600, 444, 168, 74, 180, 360))
	c.solid(0x8A552E, 6, circle(600, 356, 30))
	c.solid(cream, 6, circle(600, 610, 52))
	c.fill(glaze{ink, 0.75}, line(5, 600, 610, 628, 584))
	for i := range 9 {
		c.fill(glaze{ink, 0.7}, line(4, 600, 568, 600, 578).tilt(float64(i)*30-120, 600, 610))
	}
	c.steam(180, 340)
}

func eggs(c *canvas) {
	c.shadow(600, 772, 430, 34)
	c.solid(0xA9A79B, 10, poly(260, 560, 940, 560, 1010, 640, 190, 640))
	for i := range 6 {
		c.egg(300+float64(i)*120, 560, 52, []rgb{0xE8C9A4, 0xF3E6D2, 0xD9A982}[i%3])
	}
	for i := range 6 {
		c.egg(260+float64(i)*136, 610, 60, []rgb{0xD9A982, 0xE8C9A4, 0xF3E6D2, 0xE2B890}[i%4])
	}
	tray := blob(176, 640, 1024, 640, 1000, 760, 960, 774, 240, 774, 200, 760)
	c.solid(0xB9B6A8, 16, tray)
	c.within(tray, func() {
		for i := range 7 {
			c.fill(glaze{0x6E6B60, 0.4}, cord(10, 192+float64(i)*136, 640, 208+float64(i)*131, 700, 196+float64(i)*135, 790))
		}
	})
	c.solid(0xE7D6A8, 4, line(5, 820, 796, 900, 780), line(5, 850, 800, 930, 800), line(5, 330, 800, 250, 790))
}

func (c *canvas) egg(x, y, r float64, colour rgb) {
	c.fill(ball(colour), blob(x, y-r*1.3, x+r*0.62, y-r*0.92, x+r*0.96, y-r*0.1, x+r*0.72, y+r*0.66, x, y+r, x-r*0.72, y+r*0.66, x-r*0.96, y-r*0.1, x-r*0.62, y-r*0.92))
}

func oranges(c *canvas) {
	c.shadow(600, 778, 360, 34)
	for i, x := range []float64{430, 560, 690, 800} {
		c.orange(x, 520+float64(i%2)*26, 86)
	}
	c.orange(500, 432, 82)
	c.orange(640, 420, 86)
	bowl := blob(300, 560, 600, 574, 900, 560, 860, 680, 760, 764, 600, 778, 440, 764, 340, 680)
	c.solid(0x4A6FA5, 20, bowl)
	c.within(bowl, func() {
		c.fill(glaze{cream, 0.9}, cord(7, 300, 606, 450, 622, 600, 626, 750, 622, 900, 606))
		for i := range 6 {
			c.fill(glaze{cream, 0.85}, flower(370+float64(i)*92, 676+float64((i-2)*(3-i))*-4, 22, 5, 0.25))
		}
	})
	c.orange(968, 712, 74)
	c.orange(236, 722, 66)
}

func (c *canvas) orange(x, y, r float64) {
	c.shadow(x, y+r*0.92, r*0.9, 14)
	c.fill(ball(0xEE8A2B), circle(x, y, r))
	c.solid(leaf, 4, blob(x, y-r*0.9, x+r*0.28, y-r*1.22, x+r*0.7, y-r*1.16, x+r*0.42, y-r*0.86))
	c.fill(rgb(0x4B5A2E), circle(x, y-r*0.88, r*0.08))
}

func oil(c *canvas) {
	c.shadow(580, 780, 320, 34)
	c.oilBottle(360, 300, 160, 0x5E6B2E)
	c.oilBottle(560, 240, 180, 0x8A7A2A)
	for i, p := range [][2]float64{{800, 740}, {862, 756}, {906, 730}, {946, 760}} {
		c.fill(ball([]rgb{0x6B7A33, 0x4A3A4A}[i%2]), oval(p[0], p[1], 32, 25))
	}
	for i := range 5 {
		x := 800 + float64(i)*44
		c.solid(leaf.dark(float64(i%2)*0.2), 4, oval(x, 660+float64(i%2)*22, 38, 12).tilt(float64(i%2)*60-40, x, 660))
	}
	c.fill(rgb(0x6B5B33), cord(5, 770, 690, 860, 668, 980, 664))
}

// oilBottle is a bottle of w pixels across, its mouth at y.
func (c *canvas) oilBottle(x, y, w float64, colour rgb) {
	foot, mid := 776.0, x+w/2
	c.fill(tube(0x3A2A20), box(mid-w*0.16, y, w*0.32, 50, 8))
	glass := blob(mid-w*0.15, y+44, mid+w*0.15, y+44, mid+w*0.17, y+130, mid+w*0.46, y+200, x+w, y+280, x+w, foot-20, mid+w*0.4, foot, mid-w*0.4, foot, x, foot-20, x, y+280, mid-w*0.46, y+200, mid-w*0.17, y+130)
	c.fill(tube(colour), glass)
	c.within(glass, func() { c.fill(glaze{0xFFFBE0, 0.4}, box(x+w*0.1, y+240, w*0.08, 280, 6)) })
	c.solid(cream, 6, box(x+w*0.1, y+310, w*0.8, 150, 6))
	c.solid(leaf, 4, oval(mid-12, y+360, 34, 12).tilt(-40, mid-12, y+360), oval(mid+16, y+366, 30, 11).tilt(40, mid+16, y+366))
	c.fill(glaze{ink, 0.6}, box(mid-w*0.28, y+404, w*0.56, 8, 3), box(mid-w*0.18, y+424, w*0.36, 6, 3))
}

func soap(c *canvas) {
	c.shadow(600, 776, 380, 34)
	c.soapBar(270, 640, 320, 130, 0xC9D3A8, leaf)
	c.soapBar(610, 640, 320, 130, 0xEBC9B8, brick)
	c.soapBar(430, 506, 330, 132, 0xE7D6A0, ochre)
	for i, p := range [][3]float64{{360, 400, 46}, {430, 330, 30}, {820, 420, 56}, {760, 330, 28}, {880, 330, 20}, {310, 300, 20}} {
		c.fill(glaze{0xFFFFFF, 0.30}, circle(p[0], p[1], p[2]))
		c.fill(glaze{[]rgb{0x9DB2CF, 0xC99AAE}[i%2], 0.6}, ring(p[0], p[1], p[2], 3))
		c.fill(glaze{0xFFFFFF, 0.85}, oval(p[0]-p[2]*0.35, p[1]-p[2]*0.4, p[2]*0.22, p[2]*0.14).tilt(-35, p[0]-p[2]*0.35, p[1]-p[2]*0.4))
	}
	for i := range 7 {
		x := 960 + float64(i%3)*26
		c.solid(0x8D7BB0, 3, oval(x, 640+float64(i)*18, 9, 15).tilt(float64(i*40%50)-20, x, 640))
	}
	c.fill(leaf, cord(5, 985, 770, 990, 700, 986, 630))
}

func (c *canvas) soapBar(x, y, w, h float64, colour, mark rgb) {
	c.solid(colour, 16, box(x, y, w, h, 30))
	c.fill(cream, box(x+w*0.3, y, w*0.4, h, 0))
	c.fill(glaze{mark, 0.9}, ring(x+w/2, y+h/2, h*0.3, 4))
	c.solid(mark, 3, oval(x+w/2, y+h/2, h*0.2, h*0.09).tilt(-45, x+w/2, y+h/2))
}
