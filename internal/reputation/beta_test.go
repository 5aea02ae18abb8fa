package reputation

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestQuantilesKnown holds the quantile against closed forms and printed tables.
func TestQuantilesKnown(t *testing.T) {
	for _, c := range []struct{ p, a, b, want float64 }{
		{0.05, 1, 1, 0.05},
		{0.05, 2, 1, math.Sqrt(0.05)}, // F(x) = x^a
		{0.05, 11, 1, math.Pow(0.05, 1.0/11)},
		{0.05, 1001, 1, math.Pow(0.05, 1.0/1001)},
		{0.05, 1, 2, 1 - math.Sqrt(0.95)}, // F(x) = 1 − (1−x)^b
		{0.05, 1, 31, 1 - math.Pow(0.95, 1.0/31)},
		{0.05, 0.5, 0.5, math.Pow(math.Sin(math.Pi*0.05/2), 2)}, // arcsine law
		{0.05, 1.5, 1, math.Pow(0.05, 1/1.5)},
		{0.5, 7.25, 7.25, 0.5},       // symmetric
		{0.05, 2, 2, 0.13535036},     // 3x² − 2x³
		{0.95, 2, 2, 1 - 0.13535036}, // its mirror
		{0.05, 5, 5, 0.25136763},     // 1 / (1 + 2.97824), the critical F(10, 10)
		{0.05, 10, 2, 0.63564051},    // x^10 (11 − 10x)
		{0.05, 1e4, 1e4, 0.49418469}, // near normal: ½ − 1.6449 / (2 √20001)
	} {
		if got := betaQuantile(c.p, c.a, c.b); math.Abs(got-c.want) > 2e-7 {
			t.Errorf("the %g quantile of Beta(%g, %g) is %.9f, want %.9f", c.p, c.a, c.b, got, c.want)
		}
	}
}

// binomialTail is I_x(a, b) for whole a and b as a sum: the chance of at least a successes in a+b−1 trials.
func binomialTail(x float64, a, b int) float64 {
	n := a + b - 1
	lognf, _ := math.Lgamma(float64(n + 1))
	sum := 0.0
	for j := a; j <= n; j++ {
		logjf, _ := math.Lgamma(float64(j + 1))
		logrf, _ := math.Lgamma(float64(n - j + 1))
		sum += math.Exp(lognf - logjf - logrf + float64(j)*math.Log(x) + float64(n-j)*math.Log1p(-x))
	}
	return sum
}

func TestBetaIsTheBinomialTail(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.IntRange(1, 60).Draw(t, "a"), rapid.IntRange(1, 60).Draw(t, "b")
		x := rapid.Float64Range(0.001, 0.999).Draw(t, "x")
		got, want := regularisedBeta(x, float64(a), float64(b)), binomialTail(x, a, b)
		if math.Abs(got-want) > 1e-10 {
			t.Fatalf("I_%g(%d, %d) = %.15f, want %.15f", x, a, b, got, want)
		}
	})
}

func TestQuantileTurnsTheFunctionRound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float64Range(1, 20_000).Draw(t, "a"), rapid.Float64Range(1, 20_000).Draw(t, "b")
		p := rapid.Float64Range(0.01, 0.99).Draw(t, "p")
		x := betaQuantile(p, a, b)
		if got := regularisedBeta(x, a, b); !(x > 0 && x < 1) || math.Abs(got-p) > 1e-6 {
			t.Fatalf("the %g quantile of Beta(%g, %g) is %.12f, where the function is %.9f", p, a, b, x, got)
		}
		if more := betaQuantile(p, a+1, b); more <= x {
			t.Fatalf("one good word more lowers %g to %g", x, more)
		}
		if less := betaQuantile(p, a, b+1); less >= x {
			t.Fatalf("one bad word more raises %g to %g", x, less)
		}
	})
}

func TestBetaAtTheEnds(t *testing.T) {
	for _, x := range []float64{-1, 0, 1, 2} {
		if got := regularisedBeta(x, 3, 4); got != min(max(x, 0), 1) {
			t.Errorf("I_%g(3, 4) = %g", x, got)
		}
	}
}
