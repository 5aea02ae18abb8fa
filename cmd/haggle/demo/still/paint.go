package still

import "math"

// rgb is a colour, 0xRRGGBB. As a paint it is even and opaque.
type rgb uint32

// dot is the colour of one pixel, each part from 0 to 1.
type dot struct{ r, g, b, a float32 }

// paint gives the colour at u, v: a shape's left edge is u = 0, its right one 1, its top v = 0, its foot 1.
type paint interface{ at(u, v float32) dot }

func (c rgb) at(_, _ float32) dot { return c.dot() }

func (c rgb) dot() dot {
	return dot{float32(c>>16&255) / 255, float32(c>>8&255) / 255, float32(c&255) / 255, 1}
}

// mix is the colour that lies at t on the way from c to d.
func (c rgb) mix(d rgb, t float64) rgb {
	part := func(shift uint) rgb {
		a, b := float64(c>>shift&255), float64(d>>shift&255)
		return rgb(math.Round(a+(b-a)*t)) << shift
	}
	return part(16) | part(8) | part(0)
}

// Where light and shade lead: to warm white and to a warm dark.
const (
	lightest rgb = 0xFFF7E8
	darkest  rgb = 0x2A1D1A
)

func (c rgb) light(t float64) rgb { return c.mix(lightest, t) }
func (c rgb) dark(t float64) rgb  { return c.mix(darkest, t) }

// glaze is a colour that lets through what is below it.
type glaze struct {
	rgb
	alpha float32
}

func (g glaze) at(_, _ float32) dot {
	d := g.dot()
	d.a = g.alpha
	return d
}

// fade changes from one colour at the top to another at the foot.
type fade struct{ top, foot dot }

func (p fade) at(_, v float32) dot { return between(p.top, p.foot, v) }

// down is a paint that changes from one colour at the top to another at the foot.
func down(top, foot rgb) paint { return fade{top.dot(), foot.dot()} }

// cylinder shades a colour like an upright cylinder lit from the left.
type cylinder struct{ base, lit, shaded dot }

// tube is the paint of a cylinder.
func tube(c rgb) paint { return cylinder{c.dot(), c.light(0.28).dot(), c.dark(0.34).dot()} }

func (p cylinder) at(u, _ float32) dot {
	switch {
	case u < 0.25:
		return between(p.base, p.lit, u/0.25)
	case u < 0.45:
		return between(p.lit, p.base, (u-0.25)/0.2)
	default:
		return between(p.base, p.shaded, (u-0.45)/0.55)
	}
}

// sphere shades a colour like a sphere lit from the upper left.
type sphere struct{ base, lit, shaded dot }

// ball is the paint of a sphere.
func ball(c rgb) paint { return sphere{c.dot(), c.light(0.4).dot(), c.dark(0.38).dot()} }

func (p sphere) at(u, v float32) dot {
	d := float32(math.Hypot(float64(u-0.34), float64(v-0.3)))
	if d < 0.3 {
		return between(p.lit, p.base, d/0.3)
	}
	return between(p.base, p.shaded, (d-0.3)/0.6)
}

func between(a, b dot, t float32) dot {
	t = min(max(t, 0), 1)
	return dot{a.r + (b.r-a.r)*t, a.g + (b.g-a.g)*t, a.b + (b.b-a.b)*t, a.a + (b.a-a.a)*t}
}
