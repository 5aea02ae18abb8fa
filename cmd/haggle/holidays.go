package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"haggle/internal/order"
	"haggle/web"
)

// openCalendar reads the holidays on which the clocks of orders stand still, and says when they soon end.
func (h *house) openCalendar(context.Context) (err error) {
	if h.calendar, err = calendarOf(h.site.Holidays); err != nil {
		return err
	}
	if last := h.calendar.Last(); last != "" && time.Now().AddDate(0, 1, 0).Format(time.DateOnly) > last {
		h.log.Warn("the calendar of holidays ends: give a newer one with --holidays", "last", last)
	}
	return nil
}

// calendarOf is the calendar of a file; Taiwan's where none is named.
func calendarOf(file string) (order.Calendar, error) {
	if file == "" {
		return order.Taiwan(), nil
	}
	f, err := os.Open(file)
	if err != nil {
		return order.Calendar{}, fmt.Errorf("--holidays: %w", err)
	}
	defer f.Close()
	c, err := order.ReadCalendar(f, web.Taipei)
	if err != nil {
		return c, fmt.Errorf("--holidays: %s, %w", file, err)
	}
	return c, nil
}
