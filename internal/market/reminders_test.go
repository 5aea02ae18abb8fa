package market_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"haggle/internal/market"
)

// reminders takes the reminders of a deal's orders that are due now, and gives those that are sent.
func (h *hall) reminders(id string) (sent []market.Letter) {
	h.t.Helper()
	h.told("bob", id)
	for _, l := range h.sendAll() {
		if l.What == "pay_soon" {
			sent = append(sent, l)
		}
	}
	return sent
}

// TestAWinnerIsRemindedToPay after a day and after two, unless the order does not wait for it any more.
func TestAWinnerIsRemindedToPay(t *testing.T) {
	for endsAfter, want := range map[time.Duration][]int{0: nil, 25 * time.Hour: {24}, 1000 * time.Hour: {24, 48}} {
		t.Run(fmt.Sprint(endsAfter), func(t *testing.T) {
			h := newHall(t)
			id := h.sold(0)
			h.long(0)
			o := h.orderOf("bob", id)
			var got []int
			for hour := 0; hour <= 90; hour++ {
				for _, l := range h.reminders(id) {
					got = append(got, hour)
					if l.To != "bob@door.example" || l.Order != o.ID || l.Amount != o.Total || l.DueAt == nil || !l.DueAt.Equal(o.DueAt.Std()) || l.Off != "" {
						t.Errorf("after %d h: %+v", hour, l)
					}
				}
				if time.Duration(hour)*time.Hour == endsAfter {
					h.does("bob", http.MethodPost, "/orders/"+o.ID+"/cancel", map[string]any{"reason": "changed_mind"}, nil)
				}
				h.later(time.Hour)
			}
			if !slices.Equal(got, want) {
				t.Errorf("reminded after %v hours, want %v", got, want)
			}
		})
	}
}

// TestAReminderOfLaterDoesNotWait holds for whoever watches the mails: what is for another day is not late.
func TestAReminderOfLaterDoesNotWait(t *testing.T) {
	h := newHall(t)
	id := h.sold(0)
	h.reminders(id)
	got, err := h.MailTally(t.Context())
	must(t, err)
	if got.Waiting != 0 {
		t.Errorf("%d wait, the oldest since %v", got.Waiting, got.Oldest)
	}
	h.later(24 * time.Hour)
	if got, err = h.MailTally(t.Context()); err != nil || got.Waiting != 1 {
		t.Errorf("a day later %d wait, %v", got.Waiting, err)
	}
}
