package live_test

import (
	"testing"

	"haggle/internal/live"
	"haggle/internal/testenv"
)

func TestProcessesHearEachOtherOnRedis(t *testing.T) { testProcesses(t, testenv.Redis(t)) }

func TestWhatIsReadIsHeardOnRedis(t *testing.T) { testReading(t, testenv.OwnRedis(t).URL) }

func TestRedisDiesAndComesBack(t *testing.T) {
	server := testenv.OwnRedis(t)
	a, b, _ := joined(t, server.URL)
	here, _ := subscribe(t, a, "d1")
	there, _ := subscribe(t, b, "d1")
	server.Kill()
	eventually(t, func() bool { return !a.Linked() && !b.Linked() })
	if !b.Unheard("d1", 0) {
		t.Error("nothing is missed while Redis is away")
	}
	a.Publish(t.Context(), "d1", live.Event{Seq: 1})
	if e := receive(t, here); e.Seq != 1 {
		t.Errorf("here: %d", e.Seq)
	}
	server.Start(t)
	eventually(t, func() bool { return a.Linked() && b.Linked() && !b.Unheard("d1", 0) })
	a.Publish(t.Context(), "d1", live.Event{Seq: 2})
	e := receive(t, there)
	if e.Seq == 1 { // it waited, and went first
		e = receive(t, there)
	}
	if e.Seq != 2 {
		t.Errorf("there: %d", e.Seq)
	}
}
