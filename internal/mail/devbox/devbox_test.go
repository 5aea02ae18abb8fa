package devbox_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"haggle/internal/mail"
	"haggle/internal/mail/devbox"
	"haggle/internal/mail/mailtest"
)

func TestSender(t *testing.T) {
	mailtest.Run(t, func(*testing.T) mailtest.Bench {
		b := devbox.New(nil)
		return mailtest.Bench{Sender: b, Received: func() (got []mail.Message) {
			for _, l := range slices.Backward(b.Letters()) {
				got = append(got, l.Message)
			}
			return got
		}}
	})
}

func TestKeepsTheLast(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 123456, time.UTC)
	b := devbox.New(func() time.Time { return now })
	send := func(id string) {
		m := mailtest.Letter()
		m.ID = id
		if err := b.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	for i := range devbox.Kept + 5 {
		send(fmt.Sprint(i))
	}
	send("100") // again: once, now the newest
	got := b.Letters()
	if len(got) != devbox.Kept || got[0].ID != "100" || got[1].ID != "204" || got[len(got)-1].ID != "5" {
		t.Errorf("%d letters: %s, %s … %s", len(got), got[0].ID, got[1].ID, got[len(got)-1].ID)
	}
	if l, found := b.Letter("204"); !found || !l.At.Equal(now.Truncate(time.Millisecond)) {
		t.Errorf("letter 204: %v at %v", found, l.At)
	}
	if _, found := b.Letter("4"); found {
		t.Error("a forgotten letter was found")
	}
}
