package workers

import (
	"sync"
	"testing"
	"time"
)

// contender is a process that wants the lease.
func contender(y *yard, owner string) *lease {
	l := newLease(y.store, owner, false)
	l.life = 200 * time.Millisecond
	return l
}

func TestOneProcessHoldsTheLease(t *testing.T) {
	y := newYard(t)
	a, b := contender(y, "a"), contender(y, "b")
	a.try(t.Context())
	b.try(t.Context())
	if !a.held() || b.held() {
		t.Fatalf("a %v, b %v", a.held(), b.held())
	}
	a.try(t.Context())
	if !a.held() {
		t.Error("a could not renew")
	}
}

func TestALeaseIsTakenOver(t *testing.T) {
	y := newYard(t)
	a, b := contender(y, "a"), contender(y, "b")
	a.try(t.Context())
	a.release(t.Context())
	b.try(t.Context())
	if a.held() || !b.held() {
		t.Fatalf("after a gave it away: a %v, b %v", a.held(), b.held())
	}
	begun := time.Now() // b dies
	eventually(t, time.Second, "a takes over", func() bool { a.try(t.Context()); return a.held() })
	if took := time.Since(begun); took < 100*time.Millisecond || b.held() {
		t.Errorf("a took over after %v, b still holds: %v", took, b.held())
	}
}

func TestALeaseEndsWhenTheStoreDoesNotAnswer(t *testing.T) {
	y := newYard(t)
	a := contender(y, "a")
	a.try(t.Context())
	must(t, y.store.Close())
	a.try(t.Context())
	if !a.held() {
		t.Error("one failed try ended the claim")
	}
	eventually(t, time.Second, "the claim runs out", func() bool { return !a.held() })
}

func TestAtMostOneOfManyHoldsTheLease(t *testing.T) {
	y := newYard(t)
	all := make([]*lease, 8)
	var group sync.WaitGroup
	for i := range all {
		all[i] = contender(y, string(rune('a'+i)))
		group.Go(func() { all[i].try(t.Context()) })
	}
	group.Wait()
	holders := 0
	for _, l := range all {
		if l.held() {
			holders++
		}
	}
	if holders != 1 {
		t.Errorf("%d hold it", holders)
	}
}
