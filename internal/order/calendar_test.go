package order

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"haggle/internal/fault"
)

// taiwan is a week with two holidays, Monday 6 and Tuesday 7 April 2026, in a zone eight hours ahead.
var taiwan = Calendar{Zone: time.FixedZone("CST", 8*3600), Holidays: map[string]bool{"2026-04-06": true, "2026-04-07": true}}

func TestCalendar(t *testing.T) {
	for _, c := range []struct {
		calendar   Calendar
		from, want string
		days       int
		business   bool
	}{
		{Calendar{}, "2026-03-02T12:00:00Z", "2026-03-05T12:00:00Z", 3, true},
		{Calendar{}, "2026-03-04T12:00:00Z", "2026-03-09T12:00:00Z", 3, true}, // Wednesday: over a weekend
		{Calendar{}, "2026-03-06T12:00:00Z", "2026-03-11T12:00:00Z", 3, true}, // Friday, Saturday and Sunday end alike
		{Calendar{}, "2026-03-07T12:00:00Z", "2026-03-11T12:00:00Z", 3, true},
		{Calendar{}, "2026-03-08T12:00:00Z", "2026-03-11T12:00:00Z", 3, true},
		{Calendar{}, "2026-03-06T12:00:00Z", "2026-03-13T12:00:00Z", 7, false}, // weekends run
		{taiwan, "2026-04-02T04:00:00Z", "2026-04-09T04:00:00Z", 3, true},      // Thursday: Fri, Wed, Thu
		{taiwan, "2026-04-02T04:00:00Z", "2026-04-11T04:00:00Z", 7, false},     // the clock stands on both holidays
		{taiwan, "2026-04-05T15:00:00Z", "2026-04-08T15:00:00Z", 1, false},     // 23:00 on Sunday there
		{taiwan, "2026-04-05T17:00:00Z", "2026-04-07T17:00:00Z", 1, false},     // 01:00 on the holiday itself there
		{taiwan, "2026-03-01T04:00:00Z", "2026-03-01T04:00:00Z", 0, false},
	} {
		from, _ := time.Parse(time.RFC3339, c.from)
		add := c.calendar.AddDays
		if c.business {
			add = c.calendar.AddBusinessDays
		}
		if got := add(from, c.days).Format(time.RFC3339); got != c.want {
			t.Errorf("%d days after %s: %s, want %s", c.days, c.from, got, c.want)
		}
	}
}

func TestCalendarIsBounded(t *testing.T) {
	never := Calendar{Holidays: map[string]bool{}}
	for d := range 400 {
		never.Holidays[noon.AddDate(0, 0, d).Format(time.DateOnly)] = true
	}
	if got := never.AddDays(noon, 1); got.After(noon.AddDate(0, 0, daysOff)) {
		t.Errorf("a calendar of holidays holds the clock until %s", got)
	}
}

// TestHolidaysOnlyPostpone holds any calendar against the one without holidays.
func TestHolidaysOnlyPostpone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Calendar{Holidays: map[string]bool{}}
		for _, d := range rapid.SliceOfN(rapid.IntRange(0, 20), 0, 6).Draw(t, "holidays") {
			c.Holidays[noon.AddDate(0, 0, d).Format(time.DateOnly)] = true
		}
		n := rapid.IntRange(0, 14).Draw(t, "days")
		plain, got, business := noon.AddDate(0, 0, n), c.AddDays(noon, n), c.AddBusinessDays(noon, n)
		if got.Before(plain) || got.After(plain.AddDate(0, 0, len(c.Holidays))) || business.Before(got) {
			t.Fatalf("%d days: %s, business days: %s", n, got, business)
		}
		if n > 0 && (c.holiday(got) || !c.business(business)) {
			t.Fatalf("%d days end on a day that does not count: %s, %s", n, got, business)
		}
	})
}

// TestClocksStandStillOnHolidays takes an order over two holidays, a step at a time.
func TestClocksStandStillOnHolidays(t *testing.T) {
	at := func(s string) time.Time { v, _ := time.Parse(time.RFC3339, s); return v }
	paid := at("2026-04-02T04:00:00Z") // Thursday noon there
	o := must(t, unpaidAt(paid), with(Pay, Buyer, paid))
	if _, _, err := Step(o, Cancel, Buyer, at("2026-04-09T03:59:59Z"), Args{}); !fault.Is(err, fault.CodeConflict) {
		t.Errorf("cancelled before three business days were over: %v", err)
	}
	must(t, o, with(Cancel, Buyer, at("2026-04-09T04:00:00Z")))
	for want, steps := range map[string][]step{
		"2026-04-18T04:00:00Z": {with(Ship, Seller, paid)},                            // 14 + 2 holidays
		"2026-04-11T04:00:00Z": {with(Ship, Seller, paid), with(Deliver, Site, paid)}, // 7 + 2
		"2026-04-14T04:00:00Z": {with(Ship, Seller, paid), with(Deliver, Site, paid), with(Extend, Buyer, paid)},
	} {
		if got := must(t, o, steps...).NextAt; !got.Equal(at(want)) {
			t.Errorf("completes at %s, want %s", got.Format(time.RFC3339), want)
		}
	}
}

type step = func(Order) (Order, []Move, error)

func with(act Act, by Side, now time.Time) step {
	return func(o Order) (Order, []Move, error) { return Step(o, act, by, now, Args{Calendar: taiwan}) }
}

func unpaidAt(now time.Time) Order {
	o := unpaid()
	return New(o, now, now.Add(4*day))
}
