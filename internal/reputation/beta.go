package reputation

import "math"

// betaQuantile is the x at which the Beta(a, b) distribution function reaches p, by bisection: the function is
// monotonic, and 60 halvings reach the limit of a float64.
func betaQuantile(p, a, b float64) float64 {
	low, high := 0.0, 1.0
	for range 60 {
		mid := (low + high) / 2
		if regularisedBeta(mid, a, b) < p {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2
}

// regularisedBeta is I_x(a, b) by its continued fraction (DLMF 8.17.22), on the side where it converges fast.
func regularisedBeta(x, a, b float64) float64 {
	if x <= 0 {
		return 0
	}
	if x >= 1 {
		return 1
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	front := math.Exp(lab - la - lb + a*math.Log(x) + b*math.Log1p(-x))
	if x < (a+1)/(a+b+2) {
		return front * betaFraction(x, a, b) / a
	}
	return 1 - front*betaFraction(1-x, b, a)/b
}

// betaFraction evaluates the continued fraction by the modified method of Lentz.
func betaFraction(x, a, b float64) float64 {
	const tiny, precise, most = 1e-300, 1e-15, 500
	c, d := 1.0, guard(1-(a+b)*x/(a+1), tiny)
	d = 1 / d
	f := d
	for m := 1.0; m <= most; m++ {
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		for _, term := range []float64{even, odd} {
			d = 1 / guard(1+term*d, tiny)
			c = guard(1+term/c, tiny)
			f *= c * d
		}
		if math.Abs(c*d-1) < precise {
			break
		}
	}
	return f
}

func guard(v, tiny float64) float64 {
	if math.Abs(v) < tiny {
		return tiny
	}
	return v
}
