package still

// scene is what a thing stands in: the colours of wall, table and backdrop.
type scene struct{ wall, table, halo rgb }

// scenes are the colours that pictures are painted in: warm paper, and one quiet colour each.
var scenes = []scene{
	{0xF3E7D3, 0xD9B48A, 0xE9C46A}, // straw
	{0xE9E4D4, 0xB9A583, 0xA8BFA3}, // sage
	{0xF1E0D6, 0xC99B83, 0xE2A48B}, // clay
	{0xE3E6E1, 0xA9A08D, 0x8FB3B5}, // teal
	{0xEFE3E3, 0xB79AA0, 0xC99AAE}, // plum
	{0xE7E2D8, 0x9C8B78, 0xC7B79B}, // sand
	{0xDFE4EA, 0x9CA3AB, 0x9DB2CF}, // dusk
	{0xF6EACB, 0xCFA565, 0xF0C27B}, // noon
}

// horizon is where the table begins.
const horizon = 640

// backdrop paints what stands behind the thing; its form goes round with n.
func (c *canvas) backdrop(sc scene, n int) {
	c.wash(0, horizon, sc.wall.light(0.35), sc.wall)
	switch n % 4 {
	case 0:
		c.fill(glaze{sc.halo, 0.75}, circle(600, 430, 330))
	case 1:
		c.fill(glaze{sc.halo, 0.70}, join(dome(600, 400, 330, 300, 180, 360), box(270, 399, 660, 250, 0)))
	case 2:
		c.window()
	default:
		c.fill(glaze{sc.halo, 0.62}, box(230, 110, 740, 540, 26))
	}
	c.wash(horizon, frameHeight, sc.table.light(0.18), sc.table.dark(0.10))
	c.fill(glaze{lightest, 0.35}, box(0, horizon, frameWidth, 5, 0))
}

// wash covers whole rows of the frame, from one colour to another.
func (c *canvas) wash(low, high float64, top, foot rgb) {
	from, to := int(pixels(low)), int(pixels(high))
	for y := from; y < to; y++ {
		d := between(top.dot(), foot.dot(), (float32(y-from)+0.5)/float32(to-from))
		row := c.img.Pix[y*c.img.Stride:][:4*Width]
		row[0], row[1], row[2], row[3] = uint8(d.r*255+0.5), uint8(d.g*255+0.5), uint8(d.b*255+0.5), 255
		for n := 4; n < len(row); n *= 2 {
			copy(row[n:], row[:n])
		}
	}
}

// window lays the light of a window on the wall.
func (c *canvas) window() {
	for i := range 2 {
		for j := range 2 {
			x, y := 250+float64(i)*330, 80+float64(j)*270
			c.fill(glaze{0xFFFBEF, 0.75}, poly(x+60, y, x+360, y-30, x+310, y+215, x, y+245))
		}
	}
}

// finish darkens the corners a little and gives the whole the grain of paper.
func (c *canvas) finish() {
	for y := range Height {
		row := c.img.Pix[y*c.img.Stride:][:4*Width]
		v := float32(y)/Height - 0.46
		for x := range Width {
			u := float32(x)/Width - 0.46
			k := 1.015 - 0.16*(u*u+v*v) + float32(int(grain(x, y)&15)-8)*0.0012
			for i := range 3 {
				row[4*x+i] = uint8(min(float32(row[4*x+i])*k+0.5, 255))
			}
		}
	}
}

// grain is noise without pattern: a hash of the place.
func grain(x, y int) uint32 {
	h := uint32(x)*0x9E3779B1 ^ uint32(y)*0x85EBCA77
	h ^= h >> 15
	h *= 0x2C1B3C6D
	return h ^ h>>13
}
