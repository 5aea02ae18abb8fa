package live_test

import (
	"testing"

	"haggle/internal/live"
	"haggle/internal/testenv"
)

func TestProcessesHearEachOtherOnRedis(t *testing.T) { testProcesses(t, testenv.Redis(t)) }

func TestRedisDiesAndComesBack(t *testing.T) {
	server := testenv.OwnRedis(t)
	a, b, _ := joined(t, server.URL)
	here, _ := subscribe(t, a, "d1")
	there, _ := subscribe(t, b, "d1")
	server.Kill()
	eventually(t, func() bool { return !a.Linked() && !b.Linked() })
	a.Publish(t.Context(), "d1", live.Event{Seq: 1})
	if e := receive(t, here); e.Seq != 1 {
		t.Errorf("here: %d", e.Seq)
	}
	server.Start(t)
	eventually(t, func() bool { return a.Linked() && b.Linked() })
	a.Publish(t.Context(), "d1", live.Event{Seq: 2})
	e := receive(t, there)
	if e.Seq == 1 { // it waited, and went first
		e = receive(t, there)
	}
	if e.Seq != 2 {
		t.Errorf("there: %d", e.Seq)
	}
}
