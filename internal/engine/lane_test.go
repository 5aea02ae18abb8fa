package engine

import (
	"testing"
	"time"
)

// TestLaneWaitsForCompany: after a commit of eight the next one waits for six, but not for longer than the spell, and not
// where something waits that waits for nobody.
func TestLaneWaitsForCompany(t *testing.T) {
	const long, short = 20 * time.Second, 20 * time.Millisecond
	put := func(l *lane, n int, closing bool) {
		for range n {
			it := newItem(Submission{Deal: "d"})
			it.expire = closing
			if err := l.put(it); err != nil {
				t.Fatal(err)
			}
		}
	}
	// deciding is a lane that has answered eight and waits for company, with n entries.
	deciding := func(spell time.Duration, n int) (*lane, <-chan int) {
		l := newLane(&Engine{cfg: Config{Batch: 256, Lanes: 1, Farm: &Farm{}}}, 0)
		l.answered(8, lingerPart*lingerMost)
		if l.spell != lingerMost {
			t.Fatalf("waits for %v", l.spell)
		}
		l.spell = spell
		put(l, n, false)
		c := make(chan int, 1)
		go func() {
			batch, _, _ := l.drain()
			c <- len(batch)
		}()
		return l, c
	}
	gets := func(what string, c <-chan int, want int) {
		t.Helper()
		select {
		case got := <-c:
			if got != want {
				t.Errorf("%s: a commit of %d, want %d", what, got, want)
			}
		case <-time.After(long / 2):
			t.Errorf("%s: no commit", what)
		}
	}

	l, c := deciding(long, 5)
	select {
	case n := <-c:
		t.Errorf("a commit of %d went ahead of those who come back", n)
	case <-time.After(short):
	}
	put(l, 1, false)
	gets("six of eight", c, 6)

	_, c = deciding(lingerMost, 2)
	gets("the others stay away", c, 2)

	l, c = deciding(long, 2)
	put(l, 1, true)
	gets("a closing", c, 3)

	l, c = deciding(long, 1)
	l.poke()
	gets("the lease", c, 1)

	late := newLane(&Engine{cfg: Config{Batch: 256, Lanes: 1, Farm: &Farm{}}}, 0)
	put(late, 8, false) // while the first eight were decided
	late.answered(8, time.Second)
	if late.company != 16 {
		t.Errorf("waits for %d, where eight were answered and eight came meanwhile", late.company)
	}

	alone := newLane(&Engine{cfg: Config{Batch: 256, Lanes: 1}}, 0)
	alone.answered(8, time.Hour)
	if alone.company != 0 || alone.spell != 0 {
		t.Errorf("a process that is alone waits %v for %d", alone.spell, alone.company)
	}
}
