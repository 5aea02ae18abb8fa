package live_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"haggle/internal/fault"
	"haggle/internal/live"
	"haggle/internal/redisconn"
)

func hub(t *testing.T) *live.Hub {
	t.Helper()
	h := live.New(nil)
	t.Cleanup(h.Close)
	return h
}

func subscribe(t *testing.T, h *live.Hub, topic string) (<-chan live.Event, func()) {
	t.Helper()
	ch, cancel, err := h.Subscribe(topic)
	if err != nil {
		t.Fatal(err)
	}
	return ch, cancel
}

// drain takes what is there now.
func drain(ch <-chan live.Event) (seqs []int64) {
	for {
		select {
		case e, open := <-ch:
			if !open {
				return append(seqs, -1)
			}
			seqs = append(seqs, e.Seq)
		default:
			return seqs
		}
	}
}

func TestReaderSeesWhatIsNewer(t *testing.T) {
	h := hub(t)
	ch, _ := subscribe(t, h, "d1")
	other, _ := subscribe(t, h, "d2")
	var seen []int64
	for _, seq := range []int64{0, 1, 1, 0, 5, 4, 6} {
		h.Publish(t.Context(), "d1", live.Event{Seq: seq, Kind: "state"})
		seen = append(seen, drain(ch)...)
	}
	if want := []int64{0, 1, 5, 6}; !slices.Equal(seen, want) {
		t.Errorf("seen %v, want %v", seen, want)
	}
	if got := drain(other); got != nil {
		t.Errorf("another topic's reader saw %v", got)
	}
}

func TestSlowReaderGetsTheNewestAndHoldsNobodyUp(t *testing.T) {
	h := hub(t)
	slow, _ := subscribe(t, h, "d1")
	quick, _ := subscribe(t, h, "d1")
	var seen []int64
	for seq := range int64(1000) {
		h.Publish(t.Context(), "d1", live.Event{Seq: seq})
		seen = append(seen, drain(quick)...)
	}
	if len(seen) != 1000 {
		t.Errorf("the quick reader saw %d of 1000", len(seen))
	}
	if got := drain(slow); !slices.Equal(got, []int64{999}) {
		t.Errorf("the slow reader got %v, want only the newest", got)
	}
}

func TestEnds(t *testing.T) {
	h := live.New(nil)
	ch, cancel := subscribe(t, h, "d1")
	cancel()
	cancel()
	if _, open := <-ch; open {
		t.Error("open after cancel")
	}
	if h.Readers() != 0 {
		t.Errorf("%d readers after cancel", h.Readers())
	}
	left, cancelLeft := subscribe(t, h, "d1")
	h.Publish(t.Context(), "d1", live.Event{Seq: 7})
	h.Close()
	if got := drain(left); !slices.Equal(got, []int64{7, -1}) {
		t.Errorf("after Close: %v, want the unread event, then the end", got)
	}
	cancelLeft()
	h.Publish(t.Context(), "d1", live.Event{Seq: 8})
	if _, _, err := h.Subscribe("d1"); !fault.Is(err, fault.CodeUnavailable) {
		t.Errorf("a closed hub answers %v", err)
	}
}

func TestReadersAreBounded(t *testing.T) {
	h := hub(t)
	var last func()
	for range live.MaxSubscribers {
		_, last = subscribe(t, h, "d1")
	}
	if _, _, err := h.Subscribe("d2"); !fault.Is(err, fault.CodeUnavailable) {
		t.Fatalf("one too many: %v", err)
	}
	last()
	if _, _, err := h.Subscribe("d2"); err != nil {
		t.Errorf("after one left: %v", err)
	}
}

func TestThousandReadersAreCheap(t *testing.T) {
	h := hub(t)
	readers := make([]<-chan live.Event, 1000)
	for i := range readers {
		readers[i], _ = subscribe(t, h, "d1")
	}
	start := time.Now()
	for seq := range int64(100) {
		h.Publish(t.Context(), "d1", live.Event{Seq: seq})
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("100 events to 1000 readers took %v", took)
	}
	for i, ch := range readers {
		if got := drain(ch); !slices.Equal(got, []int64{99}) {
			t.Fatalf("reader %d got %v", i, got)
		}
	}
}

func TestSeqRisesUnderManyPublishers(t *testing.T) {
	h := hub(t)
	ch, cancel := subscribe(t, h, "d1")
	var writers sync.WaitGroup
	for w := range int64(8) {
		writers.Go(func() {
			for i := range int64(500) {
				h.Publish(context.Background(), "d1", live.Event{Seq: i*8 + w})
				_, leave := subscribe(t, h, "d1")
				leave()
			}
		})
	}
	go func() { writers.Wait(); cancel() }()
	last := int64(-1)
	for e := range ch {
		if e.Seq <= last {
			t.Fatalf("%d after %d", e.Seq, last)
		}
		last = e.Seq
	}
	if last < 0 {
		t.Error("nothing arrived")
	}
}

// joined makes two hubs on one Redis that hear each other.
func joined(t *testing.T, url string) (a, b *live.Hub, conn *redisconn.Conn) {
	t.Helper()
	conn, err := redisconn.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	a, b = live.New(conn), live.New(conn)
	t.Cleanup(func() { a.Close(); b.Close(); _ = conn.Close() })
	eventually(t, func() bool { return a.Linked() && b.Linked() })
	return a, b, conn
}

func eventually(t *testing.T, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatal("did not happen in 10 s")
}

func receive(t *testing.T, ch <-chan live.Event) live.Event {
	t.Helper()
	select {
	case e := <-ch:
		return e
	case <-time.After(5 * time.Second):
		t.Fatal("no event in 5 s")
		panic("unreachable")
	}
}

func testProcesses(t *testing.T, url string) {
	a, b, _ := joined(t, url)
	here, _ := subscribe(t, a, "d1")
	there, _ := subscribe(t, b, "d1")
	for seq := range int64(3) {
		data := fmt.Appendf(nil, "{\"n\":%d,\n\"t\":\"漢\"}", seq)
		a.Publish(t.Context(), "d1", live.Event{Seq: seq, Kind: "entry", Data: data})
		for _, ch := range []<-chan live.Event{here, there} {
			if e := receive(t, ch); e.Seq != seq || e.Kind != "entry" || string(e.Data) != string(data) {
				t.Errorf("got %d %s %s", e.Seq, e.Kind, e.Data)
			}
		}
	}
	a.Publish(t.Context(), "d2", live.Event{Seq: 1})
	late, _ := subscribe(t, a, "d2")
	time.Sleep(100 * time.Millisecond) // the publisher's own frames come back by now
	if got := append(drain(here), drain(late)...); got != nil {
		t.Errorf("its own news came back: %v", got)
	}
}

// TestWhatIsReadIsHeard: a process joins what its readers read, and only that; from the moment that a reader is told so he
// misses nothing.
func TestWhatIsReadIsHeard(t *testing.T) { testReading(t, "") }

func testReading(t *testing.T, url string) {
	a, b, conn := joined(t, url)
	listening := func() (n int) {
		all, err := conn.PubSubChannels(t.Context(), "haggle:live:*:*").Result()
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	a.Publish(t.Context(), "d0", live.Event{Seq: 1})
	if n := listening(); n != 0 {
		t.Errorf("without readers %d channels are heard", n)
	}
	if b.Unheard("d0", 0) {
		t.Error("a topic that nobody reads is missed")
	}
	for i := range 100 {
		topic := fmt.Sprint("topic", i)
		there, _ := subscribe(t, b, topic)
		a.Publish(t.Context(), topic, live.Event{Seq: 7})
		if e := receive(t, there); e.Seq != 7 {
			t.Fatalf("%s: %d", topic, e.Seq)
		}
		if b.Unheard(topic, 0) || !b.Unheard(topic, time.Hour) {
			t.Fatalf("%s is not heard since now", topic)
		}
	}
	if n := listening(); n < 2 {
		t.Errorf("%d channels carry a hundred topics", n)
	}
}

func TestProcessesHearEachOtherEmbedded(t *testing.T) { testProcesses(t, "") }

func TestRedisDownKeepsThisProcessGoing(t *testing.T) {
	a, b, conn := joined(t, "")
	here, _ := subscribe(t, a, "d1")
	there, _ := subscribe(t, b, "d1")
	_ = conn.Close()
	eventually(t, func() bool { return !a.Linked() })
	start := time.Now()
	for seq := range int64(100) {
		a.Publish(t.Context(), "d1", live.Event{Seq: seq})
	}
	if took := time.Since(start); took > 100*time.Millisecond {
		t.Errorf("publishing without Redis took %v", took)
	}
	if e := receive(t, here); e.Seq != 99 {
		t.Errorf("got %d", e.Seq)
	}
	if got := drain(there); got != nil {
		t.Errorf("the other process heard %v", got)
	}
}
