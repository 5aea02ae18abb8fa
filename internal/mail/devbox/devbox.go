// Package devbox is a letter box for developing and trying haggle out: letters go nowhere but are kept for a page.
package devbox

import (
	"context"
	"sync"
	"time"

	"haggle/internal/mail"
)

// Kept is how many letters are kept; older ones are forgotten.
const Kept = 200

// Letter is a letter that was sent.
type Letter struct {
	mail.Message
	At time.Time // when it was sent
}

// Box keeps the last letters of this process. It implements mail.Sender.
type Box struct {
	mu      sync.Mutex
	letters []Letter // oldest first
	now     func() time.Time
}

// New makes an empty box; a nil clock is time.Now.
func New(now func() time.Time) *Box {
	if now == nil {
		now = time.Now
	}
	return &Box{now: now}
}

// Send keeps the letter. One with the ID of an earlier one takes its place.
func (b *Box) Send(ctx context.Context, m mail.Message) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := m.Check(); err != nil {
		return err
	}
	l := Letter{m, b.now().UTC().Truncate(time.Millisecond)}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.remove(m.ID)
	if len(b.letters) == Kept {
		b.letters = append(b.letters[:0], b.letters[1:]...)
	}
	b.letters = append(b.letters, l)
	return nil
}

func (b *Box) remove(id string) {
	for i, l := range b.letters {
		if l.ID == id {
			b.letters = append(b.letters[:i], b.letters[i+1:]...)
			return
		}
	}
}

// Letters lists what is kept, newest first.
func (b *Box) Letters() []Letter {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make([]Letter, 0, len(b.letters))
	for i := len(b.letters) - 1; i >= 0; i-- {
		out = append(out, b.letters[i])
	}
	return out
}

// Letter finds one by its ID.
func (b *Box) Letter(id string) (Letter, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.letters {
		if l.ID == id {
			return l, true
		}
	}
	return Letter{}, false
}
