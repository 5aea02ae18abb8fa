package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
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

	late.mu.Lock()
	late.away = 5
	late.mu.Unlock()
	late.answered(8, time.Second)
	if late.company != 21 {
		t.Errorf("waits for %d, where eight were answered, eight came meanwhile and five are at the owner's", late.company)
	}

	alone := newLane(&Engine{cfg: Config{Batch: 256, Lanes: 1}}, 0)
	alone.answered(8, time.Hour)
	if alone.company != 0 || alone.spell != 0 {
		t.Errorf("a process that is alone waits %v for %d", alone.spell, alone.company)
	}
}

// TestClosingsLeaveRoomForEntries: a commit takes some of many closings. Entries of other deals that wait go before them, and
// those that come meanwhile behind them in one commit: neither waits for more than one commit of the other.
func TestClosingsLeaveRoomForEntries(t *testing.T) {
	l := newLane(&Engine{cfg: Config{Batch: 256, Lanes: 1}}, 0)
	put := func(n int, expire bool) {
		for i := range n {
			it := newItem(Submission{Deal: fmt.Sprint(expire, i)})
			it.expire = expire
			if err := l.put(it); err != nil {
				t.Fatal(err)
			}
		}
	}
	put(4*closingsAtOnce+1, true)
	for _, c := range []struct{ entries, closings, others int }{
		{0, closingsAtOnce, 0},
		{3, 0, 3},
		{2, closingsAtOnce, 2},
		{1, 0, 1},
		{0, closingsAtOnce, 0},
		{1, 0, 1},
		{0, closingsAtOnce, 0},
		{0, 1, 0},
		{1, 0, 1}, // nothing is overtaken
	} {
		put(c.entries, false)
		batch := l.take()
		n := 0
		for n < len(batch) && batch[n].expire {
			n++
		}
		if n != c.closings || len(batch)-n != c.others {
			t.Errorf("after %d entries a commit takes %d closings and %d others, want %d and %d", c.entries, n, len(batch)-n, c.closings, c.others)
		}
	}
}

// TestNoEntryOvertakesItsClosing: an entry that waits beside the closing of its deal stays behind it, and all others with it.
func TestNoEntryOvertakesItsClosing(t *testing.T) {
	l := newLane(&Engine{cfg: Config{Batch: 256, Lanes: 1}}, 0)
	for _, it := range []*item{{sub: Submission{Deal: "a"}}, {sub: Submission{Deal: "b"}}, {sub: Submission{Deal: "b"}, expire: true}} {
		if err := l.put(it); err != nil {
			t.Fatal(err)
		}
	}
	if batch := l.take(); len(batch) != 3 || !batch[0].expire {
		t.Errorf("a commit of %d items, want all three, the closing first", len(batch))
	}
}

// TestLaneCountsWhoIsAway: those whose entries are at the lane's owner count as company until he has answered; those he did
// not decide wait again.
func TestLaneCountsWhoIsAway(t *testing.T) {
	sent, back := make(chan struct{}), make(chan struct{})
	l := newLane(&Engine{cfg: Config{Batch: 256, Lanes: 1, Logger: slog.New(slog.DiscardHandler), Farm: &Farm{
		Send: func(context.Context, string, int, []byte) ([]byte, error) {
			close(sent)
			<-back
			return nil, errors.New("no answer")
		},
	}}}, 0)
	var batch []*item
	for range 3 {
		batch = append(batch, newItem(Submission{Deal: "d"}))
	}
	l.export(LaneRow{}, batch)
	<-sent
	l.answered(2, time.Second)
	l.mu.Lock()
	if l.company != 5 || len(l.entries) != 0 {
		t.Errorf("company of %d and %d waiting, want the two that were answered and three that are away", l.company, len(l.entries))
	}
	l.mu.Unlock()
	close(back)
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		l.mu.Lock()
		away, waiting := l.away, len(l.entries)
		l.mu.Unlock()
		if away == 0 && waiting == 3 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d are away and %d wait after an exchange without an answer", away, waiting)
		}
	}
}

// TestOthersAreAnsweredFirst: whoever waits in another process is answered before those who wait in this one.
func TestOthersAreAnsweredFirst(t *testing.T) {
	here, there := newItem(Submission{Deal: "d"}), newItem(Submission{Deal: "d"})
	here.done = make(chan verdict) // nobody takes it yet: its answer does not end
	there.arrival = &arrival{ready: make(chan struct{})}
	refused := verdict{err: errors.New("refused")}
	b := &batch{items: []*item{here, there}, verdicts: []verdict{refused, refused}}
	go b.answer()
	select {
	case <-there.arrival.ready:
	case <-time.After(10 * time.Second):
		t.Error("the entry of another process waits for one of this process")
	}
	if v := <-here.done; !errors.Is(v.err, refused.err) {
		t.Errorf("the entry of this process: %v", v.err)
	}
}
