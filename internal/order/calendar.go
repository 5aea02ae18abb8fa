package order

import "time"

// Calendar knows the holidays of the site's region. The zero Calendar has none and reckons in UTC.
type Calendar struct {
	Zone     *time.Location  // where a day begins; nil: UTC
	Holidays map[string]bool // days without work beside Saturdays and Sundays, as 2006-01-02
}

// daysOff bounds how many days in a row a calendar may hold a clock.
const daysOff = 60

func (c Calendar) in(t time.Time) time.Time {
	if c.Zone == nil {
		return t.UTC()
	}
	return t.In(c.Zone)
}

func (c Calendar) holiday(t time.Time) bool { return c.Holidays[c.in(t).Format(time.DateOnly)] }

func (c Calendar) business(t time.Time) bool {
	d := c.in(t).Weekday()
	return d != time.Saturday && d != time.Sunday && !c.holiday(t)
}

// AddBusinessDays is the same time of day n business days later: Saturdays, Sundays and holidays do not count.
func (c Calendar) AddBusinessDays(t time.Time, n int) time.Time { return c.step(t, n, c.business) }

// AddDays is the same time of day n days later: the clock stands still on holidays, and runs on weekends.
func (c Calendar) AddDays(t time.Time, n int) time.Time {
	return c.step(t, n, func(day time.Time) bool { return !c.holiday(day) })
}

func (c Calendar) step(t time.Time, n int, counts func(time.Time) bool) time.Time {
	day := c.in(t)
	for off := 0; n > 0 && off < daysOff; {
		day = day.AddDate(0, 0, 1)
		if counts(day) {
			n, off = n-1, 0
		} else {
			off++
		}
	}
	return day.UTC()
}
