package live

import (
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// TestPartsAreLeftAWhileAfterTheLastReader: who comes back within that time has missed nothing; who comes later joins anew.
func TestPartsAreLeftAWhileAfterTheLastReader(t *testing.T) {
	e, now := newEars(), time.Now()
	turn := func(after time.Duration, wantJoin, wantLeave []string) {
		t.Helper()
		if join, leave := e.turn(now.Add(after)); !slices.Equal(join, wantJoin) || !slices.Equal(leave, wantLeave) {
			t.Errorf("after %v: joins %v, leaves %v; want %v and %v", after, join, leave, wantJoin, wantLeave)
		}
	}
	of := []string{partChannel(3)}
	turn(time.Hour, nil, nil)
	e.want(3)
	e.want(3)
	turn(0, of, nil)
	if !e.since(3).IsZero() {
		t.Error("it hears before Redis has answered")
	}
	e.answered(&redis.Subscription{Kind: "subscribe", Channel: of[0]})
	if e.since(3).IsZero() || !e.since(4).IsZero() {
		t.Error("it does not hear what it joined, or something else")
	}
	e.leave(3)
	turn(time.Hour, nil, nil) // one is left
	e.leave(3)
	turn(leaveIn-time.Second, nil, nil)
	e.want(3)
	turn(time.Hour, nil, nil)
	e.leave(3)
	turn(time.Hour, nil, of)
	e.answered(&redis.Subscription{Kind: "unsubscribe", Channel: of[0]})
	if !e.since(3).IsZero() {
		t.Error("it hears what it left")
	}
	e.want(3)
	turn(time.Hour, of, nil)
	e.deafen()
	turn(time.Hour, of, nil) // on the next connection
}

func TestEveryTopicHasAPart(t *testing.T) {
	seen := map[int]bool{}
	for _, topic := range []string{"", "01a233e8-ae33-7cce-9f", "person:01a2344a-abcc-77fc-9061-b58a223e2702", "漢"} {
		if p := part(topic); p < 0 || p >= parts {
			t.Errorf("%q is in part %d of %d", topic, p, parts)
		}
	}
	for i := range 1000 {
		seen[part(time.Duration(i).String())] = true
	}
	if len(seen) != parts {
		t.Errorf("a thousand topics are in %d of %d parts", len(seen), parts)
	}
}
