package locale

import (
	"strconv"
	"time"
)

// layouts are how a language writes an instant: this year with and without the clock, another year with and without.
type layouts struct{ moment, day, momentYear, dayYear string }

var written = map[Lang]layouts{
	En:   {"Jan 2, 15:04", "Jan 2", "Jan 2, 2006, 15:04", "Jan 2, 2006"},
	ZhTW: {"1/2 15:04", "1/2", "2006/1/2 15:04", "2006/1/2"},
}

// Time writes an instant in the site's zone: Dec 3, 14:05 or 12/3 14:05, with the year where it is not this one.
func (p Printer) Time(t time.Time) string {
	l := written[p.Lang]
	return p.write(t, l.moment, l.momentYear)
}

// Day writes the day of an instant: Dec 3 or 12/3.
func (p Printer) Day(t time.Time) string {
	l := written[p.Lang]
	return p.write(t, l.day, l.dayYear)
}

func (p Printer) write(t time.Time, thisYear, otherYear string) string {
	t = t.In(p.Zone)
	if t.Year() == p.Now.In(p.Zone).Year() {
		return t.Format(thisYear)
	}
	return t.Format(otherYear)
}

// Span writes a length of time in its two largest units: 2 d 4 h, 4 min 10 s. What is over is 0 s.
func (p Printer) Span(d time.Duration) string {
	total := max(0, int64(d/time.Second))
	units := []struct {
		key string
		n   int64
	}{{"unit.day", total / 86400}, {"unit.hour", total / 3600 % 24}, {"unit.minute", total / 60 % 60}, {"unit.second", total % 60}}
	for i, u := range units {
		if u.n == 0 && i < len(units)-1 {
			continue
		}
		s := p.unit(u.key, u.n)
		if i+1 < len(units) && units[i+1].n > 0 {
			s += " " + p.unit(units[i+1].key, units[i+1].n)
		}
		return s
	}
	return ""
}

func (p Printer) unit(key string, n int64) string { return p.T(key, "n", strconv.FormatInt(n, 10)) }

// Left writes how long there is until t.
func (p Printer) Left(t time.Time) string { return p.Span(t.Sub(p.Now)) }

// Beat is a number that changes exactly when Left says something else, and is cheaper to have.
func (p Printer) Beat(t time.Time) int64 {
	left := max(0, int64(t.Sub(p.Now)/time.Second))
	switch {
	case left >= 86400:
		return left - left%3600
	case left >= 3600:
		return left - left%60
	}
	return left
}

// BeatEnds is the last instant at which Left says the same as now, in whole milliseconds.
func (p Printer) BeatEnds(t time.Time) time.Time {
	return t.Add(-time.Duration(p.Beat(t)) * time.Second)
}

// Ago writes how long t is past, in its largest unit; less than a minute is "just now", more than a week the day.
func (p Printer) Ago(t time.Time) string {
	switch d := p.Now.Sub(t); {
	case d < time.Minute:
		return p.T("time.now")
	case d < time.Hour:
		return p.N("time.minutesAgo", int64(d/time.Minute))
	case d < 24*time.Hour:
		return p.N("time.hoursAgo", int64(d/time.Hour))
	case d < 7*24*time.Hour:
		return p.N("time.daysAgo", int64(d/(24*time.Hour)))
	default:
		return p.Day(t)
	}
}

// Long writes a length of time as a sentence says it, in the largest unit that leaves no rest: 4 days, 36 hours, 30
// minutes. Less than two days is said in hours.
func (p Printer) Long(d time.Duration) string {
	n := max(0, int64(d/time.Second))
	switch {
	case n >= 2*86400 && n%86400 == 0:
		return p.N("span.days", n/86400)
	case n >= 3600 && n%3600 == 0:
		return p.N("span.hours", n/3600)
	case n >= 60 && n%60 == 0:
		return p.N("span.minutes", n/60)
	}
	return p.N("span.seconds", n)
}
