package redisq_test

import (
	"testing"
	"time"

	"haggle/internal/queue"
	"haggle/internal/testenv"
)

func TestRedis(t *testing.T) { suite(t, testenv.Redis(t)) }

// A server that dies takes its tasks with it; the worker goes on when it is back.
func TestRedisDiesAndComesBack(t *testing.T) {
	server := testenv.OwnRedis(t)
	b := newBench(t, server.URL, 0)
	b.start(t)
	b.add(t, queue.Task{Kind: "note", ID: "before"})
	b.next(t)
	b.add(t, queue.Task{Kind: "note", ID: "lost", At: time.Now().Add(2 * time.Second)})
	server.Kill()
	start := time.Now()
	if err := b.Enqueue(t.Context(), queue.Task{Kind: "note", ID: "nowhere"}); err == nil {
		t.Error("enqueued on a dead server")
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("took %v to say no", took)
	}
	server.Start(t)
	b.add(t, queue.Task{Kind: "note", ID: "after"})
	if got := b.next(t).task.ID; got != "after" {
		t.Errorf("ran %q", got)
	}
}
