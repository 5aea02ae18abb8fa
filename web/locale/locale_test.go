package locale

import (
	"slices"
	"strings"
	"testing"
	"time"

	"haggle/internal/money"
)

var (
	taipei = time.FixedZone("Asia/Taipei", 8*60*60)
	noon   = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)
)

func printer(t *testing.T, l Lang, code string) Printer {
	t.Helper()
	c, err := money.Lookup(code)
	if err != nil {
		t.Fatal(err)
	}
	return New(l, c, taipei, noon)
}

func TestCataloguesHaveTheSameKeys(t *testing.T) {
	en, zh := Keys(En), Keys(ZhTW)
	if !slices.Equal(en, zh) {
		for _, k := range en {
			if !Has(ZhTW, k) {
				t.Errorf("zh-TW has no %s", k)
			}
		}
		for _, k := range zh {
			if !Has(En, k) {
				t.Errorf("en has no %s", k)
			}
		}
	}
	if len(en) < 500 {
		t.Errorf("only %d messages were loaded", len(en))
	}
}

func TestMessagesSayTheSame(t *testing.T) {
	for _, k := range Keys(En) {
		en, zh := Placeholders(En, k), Placeholders(ZhTW, k)
		for _, name := range zh {
			if !slices.Contains(en, name) {
				t.Errorf("%s: zh-TW uses {%s}, en does not", k, name)
			}
		}
		for _, name := range en {
			if !slices.Contains(zh, name) && !countedAway[k+" "+name] {
				t.Errorf("%s: en uses {%s}, zh-TW does not", k, name)
			}
		}
	}
}

// joints stand between other texts: blanks belong to them, or they are nothing but where two texts meet.
var joints = map[string]bool{"list.separator": true, "history.join": true, "text.join": true}

// countedAway are numbers that one language says otherwise.
var countedAway = map[string]bool{
	"own.won.auction n": true, // an auction sells one piece; Chinese has no plural to serve
}

func TestPluralForms(t *testing.T) {
	for _, l := range Langs() {
		for k, m := range catalogues[l] {
			if m.other == "" && !joints[k] {
				t.Errorf("%s: %s is empty", l, k)
			}
			if l == ZhTW && m.one != "" {
				t.Errorf("zh-TW: %s has a singular", k)
			}
			for _, form := range []string{m.one, m.other} {
				if strings.Count(form, "{") != strings.Count(form, "}") || strings.TrimSpace(form) != form && !joints[k] {
					t.Errorf("%s: %s is malformed: %q", l, k, form)
				}
			}
		}
	}
	p := printer(t, En, "TWD")
	if one, many := p.N("count.bids", 1), p.N("count.bids", 1234); one != "1 bid" || many != "1,234 bids" {
		t.Errorf("plural: %q, %q", one, many)
	}
}

func TestMoney(t *testing.T) {
	for _, c := range []struct {
		code string
		a    money.Amount
		want string
	}{
		{"TWD", 260000, "NT$\u00a02,600"}, {"TWD", 260050, "NT$\u00a02,600.50"}, {"TWD", 0, "NT$\u00a00"}, {"TWD", -99900, "NT$\u00a0−999"},
		{"USD", 1990, "$\u00a019.90"}, {"USD", 5, "$\u00a00.05"}, {"JPY", 123456, "¥\u00a0123,456"},
	} {
		if got := printer(t, En, c.code).Money(c.a); got != c.want {
			t.Errorf("%d %s: %q, want %q", c.a, c.code, got, c.want)
		}
	}
	p := printer(t, En, "TWD")
	if got := p.Signed(1200) + " " + p.Signed(-1200); got != "+12 −12" {
		t.Errorf("signed: %q", got)
	}
}

func TestPercent(t *testing.T) {
	p := printer(t, En, "TWD")
	for basis, want := range map[int64]string{500: "5%", 0: "0%", 250: "2.5%", 1005: "10.05%", 7: "0.07%"} {
		if got := p.Percent(basis); got != want {
			t.Errorf("%d: %q, want %q", basis, got, want)
		}
	}
}

func TestTimes(t *testing.T) {
	at, other := time.Date(2026, 12, 3, 6, 5, 0, 0, time.UTC), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		l                       Lang
		moment, day, year, span string
	}{
		{En, "Dec 3, 14:05", "Dec 3", "Jan 1, 2027, 08:00", "2 d 4 h"},
		{ZhTW, "12/3 14:05", "12/3", "2027/1/1 08:00", "2 天 4 小時"},
	} {
		p := printer(t, c.l, "TWD")
		got := []string{p.Time(at), p.Day(at), p.Time(other), p.Span(52*time.Hour + 59*time.Minute)}
		if want := []string{c.moment, c.day, c.year, c.span}; !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", c.l, got, want)
		}
	}
}

func TestSpans(t *testing.T) {
	p := printer(t, En, "TWD")
	for d, want := range map[time.Duration]string{
		0: "0 s", -time.Hour: "0 s", 59 * time.Second: "59 s", 4*time.Minute + 10*time.Second: "4 min 10 s", time.Hour: "1 h",
		time.Hour + time.Second: "1 h", 24 * time.Hour: "1 d",
	} {
		if got := p.Span(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

func TestAgo(t *testing.T) {
	p := printer(t, En, "TWD")
	for d, want := range map[time.Duration]string{
		time.Second: "just now", 90 * time.Second: "1 min ago", 5 * time.Hour: "5 h ago", 30 * time.Hour: "1 day ago", 48 * time.Hour: "2 days ago", 20 * 24 * time.Hour: "Nov 4",
	} {
		if got := p.Ago(noon.Add(-d)); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		cookie, account, accept string
		want                    Lang
	}{
		{"", "", "", En}, {"zh-TW", "en", "en", ZhTW}, {"", "zh-TW", "en", ZhTW}, {"nonsense", "", "zh-Hant-HK", ZhTW},
		{"", "", "fr, zh-CN;q=0.8, en;q=0.5", ZhTW}, {"", "", "en-GB,zh;q=0.9", En}, {"", "", "de", En}, {"", "", ";;;", En}, {"en", "zh-TW", "zh", En},
	} {
		if got := Match(c.cookie, c.account, c.accept); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

func TestUnknownKeysShow(t *testing.T) {
	p := printer(t, En, "TWD")
	if got := p.T("no.such") + p.N("no.such", 2) + p.Or("no.such", "unit.day"); got != "no.suchno.such{n} d" {
		t.Errorf("%q", got)
	}
}

func TestValuesAreWrittenInTheLanguage(t *testing.T) {
	p := printer(t, ZhTW, "TWD")
	got := p.fill("{a} {b} {c} {d} {e}", []any{"a", money.Amount(100), "b", 1234, "c", noon, "d", time.Minute, "e", "<b>"})
	if want := "NT$\u00a01 1,234 11/24 12:00 1 分 <b>"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestABeatEndsWhenTheTimeLeftReadsOtherwise(t *testing.T) {
	p := printer(t, En, "TWD")
	at := func(now time.Time) Printer { q := p; q.Now = now; return q }
	for _, left := range []time.Duration{0, time.Millisecond, 999 * time.Millisecond, time.Second, 59 * time.Second, 60*time.Second + time.Millisecond,
		59*time.Minute + 59*time.Second + 999*time.Millisecond, time.Hour, time.Hour + time.Minute, 23*time.Hour + 59*time.Minute + 1500*time.Millisecond,
		24 * time.Hour, 25*time.Hour - time.Millisecond, 50 * time.Hour, -time.Minute} {
		end := noon.Add(left)
		q := at(noon)
		last := q.BeatEnds(end)
		if last.Before(noon) != (left < 0) {
			t.Errorf("%v left: the beat ended at %v", left, last)
		}
		if left < 0 {
			continue
		}
		if still := at(last); still.Left(end) != q.Left(end) || still.Beat(end) != q.Beat(end) {
			t.Errorf("%v left: %q, but %q at its end", left, q.Left(end), still.Left(end))
		}
		if next := at(last.Add(time.Millisecond)); last.Before(end) && (next.Left(end) == q.Left(end) || next.Beat(end) == q.Beat(end)) {
			t.Errorf("%v left: %q, and still so behind its end", left, q.Left(end))
		}
	}
}

func TestPlaceholdersAreFilled(t *testing.T) {
	p := printer(t, En, "TWD")
	for _, c := range []struct {
		text string
		args []any
		want string
	}{
		{"plain", []any{"a", "x"}, "plain"}, {"{a}", nil, "{a}"}, {"{a}{b}{a}", []any{"a", "x", "b", 12}, "x12x"},
		{"before {a} behind", []any{"a", "{b}", "b", "no"}, "before {b} behind"}, {"{c} {a", []any{"a", "x"}, "{c} {a"}, {"} {a}", []any{"a", "x"}, "} x"},
	} {
		if got := p.fill(c.text, c.args); got != c.want {
			t.Errorf("%q with %v: %q, want %q", c.text, c.args, got, c.want)
		}
	}
}
