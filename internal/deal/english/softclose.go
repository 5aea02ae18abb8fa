package english

import (
	"time"

	"haggle/internal/deal"
)

// extended is the deadline that a bid moves to; zero where it stays. Only a change of the price or of the leader
// moves it.
func (t *Terms) extended(v deal.View, before, after *State) time.Time {
	changed := before.Standing != after.Standing || before.LeaderWho != after.LeaderWho
	return t.moved(changed, v.ClosesAt, v.Now)
}

// moved is max(closesAt, now + length) for a change within the window before closesAt; zero where that is closesAt. A
// change comes before closesAt, so that a window of 0 is a hard close.
func (t *Terms) moved(changed bool, closesAt, now time.Time) time.Time {
	window := time.Duration(t.SoftClose.WindowSeconds) * time.Second
	if !changed || closesAt.Sub(now) > window {
		return time.Time{}
	}
	later := now.Add(time.Duration(t.SoftClose.ExtendSeconds) * time.Second)
	if !later.After(closesAt) {
		return time.Time{}
	}
	return later
}
