package order

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"strings"
	"time"
)

//go:embed taiwan.txt
var taiwanDays string

// taipei is where Taiwan's days begin; there is no summer time.
var taipei = time.FixedZone("Asia/Taipei", 8*60*60)

// Taiwan is the calendar of Taiwan's public holidays, as far as the list in this package goes.
func Taiwan() Calendar {
	c, err := ReadCalendar(strings.NewReader(taiwanDays), taipei)
	if err != nil {
		panic("order: " + err.Error()) // the list is part of the program
	}
	return c
}

// ReadCalendar reads a list of holidays: one a line, its date as 2006-01-02 and, behind a blank, its name. Empty lines and
// those that begin with # do not count.
func ReadCalendar(r io.Reader, zone *time.Location) (Calendar, error) {
	c := Calendar{Zone: zone, Holidays: map[string]bool{}}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		day, _, _ := strings.Cut(line, " ")
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			return Calendar{}, fmt.Errorf("line %d: %q is no date like 2026-02-16", n, day)
		}
		c.Holidays[day] = true
	}
	return c, lines.Err()
}

// Last is the last holiday that the calendar knows, as 2006-01-02; empty where it knows none.
func (c Calendar) Last() (last string) {
	for day := range c.Holidays {
		last = max(last, day)
	}
	return last
}
