package money

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func mustLookup(t testing.TB, code string) Currency {
	t.Helper()
	c, err := Lookup(code)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func codes() []string { return slices.Sorted(maps.Keys(currencies)) }

func TestLookup(t *testing.T) {
	if _, err := Lookup("XXX"); err == nil {
		t.Error("a currency nobody knows was found")
	}
	for code, want := range map[string]struct {
		exponent int
		unit     Amount
	}{"TWD": {2, 100}, "USD": {2, 1}, "JPY": {0, 1}} {
		if c := mustLookup(t, code); c.Code != code || c.Exponent != want.exponent || c.CashUnit != want.unit {
			t.Errorf("%s is %+v", code, c)
		}
	}
	twd := mustLookup(t, "TWD")
	if !twd.IsCash(0) || !twd.IsCash(200) || !twd.IsCash(-200) || twd.IsCash(150) || twd.IsCash(-1) {
		t.Error("cash in TWD is whole dollars")
	}
}

func TestFormat(t *testing.T) {
	for _, c := range []struct {
		code string
		a    Amount
		want string
	}{
		{"TWD", 260_000, "2,600"}, {"TWD", 0, "0"}, {"TWD", -260_000, "-2,600"}, {"TWD", 50, "0.50"}, {"TWD", 99_999_905, "999,999.05"},
		{"USD", 2_599, "25.99"}, {"USD", 5, "0.05"}, {"USD", 0, "0.00"}, {"USD", -5, "-0.05"}, {"USD", 100_000_000, "1,000,000.00"},
		{"HKD", 1_050, "10.50"}, {"JPY", 1_234_567, "1,234,567"}, {"JPY", 999, "999"}, {"KRW", -1_000, "-1,000"},
		{"USD", Max, "90,071,992,547,409.91"}, {"JPY", -1 << 63, "-9,223,372,036,854,775,808"},
	} {
		if got := mustLookup(t, c.code).Format(c.a); got != c.want {
			t.Errorf("%s %d is written %q, want %q", c.code, c.a, got, c.want)
		}
	}
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		code, s string
		want    Amount
	}{
		{"TWD", "2,600", 260_000}, {"TWD", "2600", 260_000}, {"TWD", "２６００", 260_000}, {"TWD", "２，６００．５", 260_050}, {"TWD", " 12　", 1_200},
		{"TWD", "0", 0}, {"TWD", "007", 700}, {"USD", "25.9", 2_590}, {"USD", "25.99", 2_599}, {"USD", "0.05", 5}, {"USD", "1,000,000.00", 100_000_000},
		{"JPY", "1,234", 1_234}, {"USD", "00000000000000000000001", 100}, {"USD", "90,071,992,547,409.91", Max},
	} {
		if got, err := mustLookup(t, c.code).Parse(c.s); err != nil || got != c.want {
			t.Errorf("%s %q is read as %d, %v; want %d", c.code, c.s, got, err, c.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, s := range []string{"", " ", "-5", "+5", "−5", "1e3", "0x10", "1 000", "NT$5", "5元", "五", ".5", "5.", ".", "1.2.3", "1,00", ",100", "1,,000",
		"1000,000", "100,", "1,000,", "1.000,5", "1.5,0", "12.345", "1_000", "٣", "½", "NaN", "Inf", "1\x00", "1\n2"} {
		if got, err := mustLookup(t, "USD").Parse(s); err == nil || errors.Is(err, ErrRange) {
			t.Errorf("%q is read as %d, %v; want it refused as no amount", s, got, err)
		}
	}
	if got, err := mustLookup(t, "JPY").Parse("5.0"); err == nil {
		t.Errorf("a yen has no decimals, yet 5.0 is read as %d", got)
	}
	for _, s := range []string{"90,071,992,547,409.92", "90071992547410", "9223372036854775807", "18446744073709551616", "99999999999999999999999999"} {
		if got, err := mustLookup(t, "USD").Parse(s); !errors.Is(err, ErrRange) || got != 0 {
			t.Errorf("%q is read as %d, %v; want ErrRange", s, got, err)
		}
	}
}

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := currencies[rapid.SampledFrom(codes()).Draw(t, "currency")]
		a := Amount(rapid.OneOf(rapid.Int64Range(0, int64(Max)), rapid.Int64Range(0, 200_000)).Draw(t, "amount"))
		s := c.Format(a)
		if got, err := c.Parse(s); err != nil || got != a {
			t.Fatalf("%s %d is written %q, which is read as %d, %v", c.Code, a, s, got, err)
		}
	})
}

func TestParseIsInRangeOrRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := currencies[rapid.SampledFrom(codes()).Draw(t, "currency")]
		s := rapid.OneOf(rapid.StringMatching(`[0-9０-９,，.．]{0,24}`), rapid.String()).Draw(t, "typed")
		a, err := c.Parse(s)
		if a < 0 || a > Max || err != nil && a != 0 {
			t.Fatalf("%s %q is read as %d, %v", c.Code, s, a, err)
		}
		if err == nil {
			if again, err := c.Parse(c.Format(a)); err != nil || again != a {
				t.Fatalf("%s %q is read as %d, written and read again as %d, %v", c.Code, s, a, again, err)
			}
		}
	})
}
