package locale

import (
	"testing"
	"time"

	"haggle/internal/money"
)

// TestNumbersAtTheirEdges is the table of what both languages write where counts, amounts and times are odd.
func TestNumbersAtTheirEdges(t *testing.T) {
	midnight := time.Date(2026, 12, 31, 16, 0, 0, 0, time.UTC) // 2027 begins in Taipei
	for _, c := range []struct {
		what   string
		say    func(p Printer) string
		en, zh string
	}{
		{"no bids", func(p Printer) string { return p.N("count.bids", 0) }, "0 bids", "0 次出價"},
		{"one bid", func(p Printer) string { return p.N("count.bids", 1) }, "1 bid", "1 次出價"},
		{"two bids", func(p Printer) string { return p.N("count.bids", 2) }, "2 bids", "2 次出價"},
		{"many bids", func(p Printer) string { return p.N("count.bids", 1_234_567) }, "1,234,567 bids", "1,234,567 次出價"},
		{"one day ago", func(p Printer) string { return p.N("time.daysAgo", 1) }, "1 day ago", "1 天前"},

		{"59 s", func(p Printer) string { return p.Span(59 * time.Second) }, "59 s", "59 秒"},
		{"a minute", func(p Printer) string { return p.Span(time.Minute) }, "1 min", "1 分"},
		{"61 s", func(p Printer) string { return p.Span(61 * time.Second) }, "1 min 1 s", "1 分 1 秒"},
		{"a second short of an hour", func(p Printer) string { return p.Span(time.Hour - time.Second) }, "59 min 59 s", "59 分 59 秒"},
		{"a millisecond short of a minute", func(p Printer) string { return p.Span(time.Minute - time.Millisecond) }, "59 s", "59 秒"},
		{"a day", func(p Printer) string { return p.Span(24 * time.Hour) }, "1 d", "1 天"},
		{"a year", func(p Printer) string { return p.Span(365 * 24 * time.Hour) }, "365 d", "365 天"},
		{"over", func(p Printer) string { return p.Span(-time.Nanosecond) }, "0 s", "0 秒"},

		{"one second, in a sentence", func(p Printer) string { return p.Long(time.Second) }, "1 second", "1 秒"},
		{"59 s, in a sentence", func(p Printer) string { return p.Long(59 * time.Second) }, "59 seconds", "59 秒"},
		{"a minute, in a sentence", func(p Printer) string { return p.Long(time.Minute) }, "1 minute", "1 分鐘"},
		{"90 s, in a sentence", func(p Printer) string { return p.Long(90 * time.Second) }, "90 seconds", "90 秒"},
		{"half an hour", func(p Printer) string { return p.Long(30 * time.Minute) }, "30 minutes", "30 分鐘"},
		{"an hour", func(p Printer) string { return p.Long(time.Hour) }, "1 hour", "1 小時"},
		{"a day is 24 hours", func(p Printer) string { return p.Long(24 * time.Hour) }, "24 hours", "24 小時"},
		{"a day and a half", func(p Printer) string { return p.Long(36 * time.Hour) }, "36 hours", "36 小時"},
		{"two days", func(p Printer) string { return p.Long(48 * time.Hour) }, "2 days", "2 天"},
		{"a length that is over", func(p Printer) string { return p.Long(-time.Hour) }, "0 seconds", "0 秒"},

		{"midnight begins the day", func(p Printer) string { p.Now = midnight; return p.Time(midnight) }, "Jan 1, 00:00", "1/1 00:00"},
		{"a second before is another year", func(p Printer) string { p.Now = midnight; return p.Time(midnight.Add(-time.Second)) }, "Dec 31, 2026, 23:59", "2026/12/31 23:59"},
		{"its day", func(p Printer) string { p.Now = midnight; return p.Day(midnight.Add(-time.Second)) }, "Dec 31, 2026", "2026/12/31"},
		{"years apart", func(p Printer) string { return p.Time(time.Date(1999, 2, 28, 16, 5, 0, 0, time.UTC)) }, "Mar 1, 1999, 00:05", "1999/3/1 00:05"},
		{"a leap day", func(p Printer) string { return p.Day(time.Date(2028, 2, 28, 20, 0, 0, 0, time.UTC)) }, "Feb 29, 2028", "2028/2/29"},

		{"in the future", func(p Printer) string { return p.Ago(noon.Add(time.Hour)) }, "just now", "剛剛"},
		{"59 s ago", func(p Printer) string { return p.Ago(noon.Add(-59 * time.Second)) }, "just now", "剛剛"},
		{"60 s ago", func(p Printer) string { return p.Ago(noon.Add(-time.Minute)) }, "1 min ago", "1 分鐘前"},
		{"59 min 59 s ago", func(p Printer) string { return p.Ago(noon.Add(-time.Hour + time.Second)) }, "59 min ago", "59 分鐘前"},
		{"23 h 59 min ago", func(p Printer) string { return p.Ago(noon.Add(-24*time.Hour + time.Minute)) }, "23 h ago", "23 小時前"},
		{"a week less a second ago", func(p Printer) string { return p.Ago(noon.Add(-7*24*time.Hour + time.Second)) }, "6 days ago", "6 天前"},
		{"a week ago", func(p Printer) string { return p.Ago(noon.Add(-7 * 24 * time.Hour)) }, "Nov 17", "11/17"},
		{"years ago", func(p Printer) string { return p.Ago(noon.AddDate(-3, 0, 0)) }, "Nov 24, 2023", "2023/11/24"},

		{"nothing", func(p Printer) string { return p.Money(0) }, "NT$\u00a00", "NT$\u00a00"},
		{"the smallest part", func(p Printer) string { return p.Money(1) }, "NT$\u00a00.01", "NT$\u00a00.01"},
		{"a million", func(p Printer) string { return p.Money(100_000_000) }, "NT$\u00a01,000,000", "NT$\u00a01,000,000"},
		{"all there is", func(p Printer) string { return p.Money(money.Amount(9_000_000_000_000_000)) }, "NT$\u00a090,000,000,000,000", "NT$\u00a090,000,000,000,000"},
		{"a debt", func(p Printer) string { return p.Money(-100_000) }, "NT$\u00a0−1,000", "NT$\u00a0−1,000"},
		{"no change", func(p Printer) string { return p.Signed(0) }, "0", "0"},
		{"a small loss", func(p Printer) string { return p.Signed(-1) }, "−0.01", "−0.01"},
		{"999", func(p Printer) string { return p.Int(999) }, "999", "999"},
		{"1,000", func(p Printer) string { return p.Int(1000) }, "1,000", "1,000"},
		{"−1,000", func(p Printer) string { return p.Int(-1000) }, "−1,000", "−1,000"},
		{"no percent", func(p Printer) string { return p.Percent(0) }, "0%", "0%"},
		{"a hundredth of a percent", func(p Printer) string { return p.Percent(1) }, "0.01%", "0.01%"},
		{"12.5 percent", func(p Printer) string { return p.Percent(1250) }, "12.5%", "12.5%"},
		{"all", func(p Printer) string { return p.Percent(10000) }, "100%", "100%"},
	} {
		for l, want := range map[Lang]string{En: c.en, ZhTW: c.zh} {
			if got := c.say(printer(t, l, "TWD")); got != want {
				t.Errorf("%s, %s: %q, want %q", c.what, l, got, want)
			}
		}
	}
}

// TestReplacedMessages puts a catalogue in place of another's and takes it away again.
func TestReplacedMessages(t *testing.T) {
	before := printer(t, En, "TWD")
	restore, err := Replace(En, []byte(`{"unit.day": "⟦{n} d⟧"}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := printer(t, En, "TWD").T("unit.day", "n", 1); got != "⟦1 d⟧" || before.T("unit.day", "n", 1) != "1 d" {
		t.Errorf("%q", got)
	}
	restore()
	if got := printer(t, En, "TWD"); !got.Has("nav.home") || got.T("unit.day", "n", 1) != "1 d" {
		t.Error("the catalogue did not come back")
	}
	if _, err := Replace(En, []byte(`{"a": 1}`)); err == nil {
		t.Error("a catalogue that is none was taken")
	}
}
