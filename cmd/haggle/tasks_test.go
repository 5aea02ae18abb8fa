package main

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"haggle/internal/config"
	"haggle/internal/queue"
	"haggle/internal/queue/redisq"
	"haggle/internal/redisconn"
	"haggle/internal/testenv"
)

// TestDeadTasksAreShownAndRunAgain lets a task die on a real Redis: doctor and tasks name it, and --retry runs it again.
func TestDeadTasksAreShownAndRunAgain(t *testing.T) {
	url := testenv.Redis(t)
	c := looking(t, func(s *config.Site) { s.Redis = url })
	diagnosis{"an empty queue", c.lookAtQueue(t.Context()), "well", "0 tasks wait"}.hold(t)
	if out, _, code := testenv.Run(t, "", "tasks", "--redis="+url); code != 0 || !strings.Contains(out, "no task has failed") {
		t.Errorf("tasks of an empty queue: exit %d, %s", code, out)
	}
	conn, err := redisconn.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	var well atomic.Bool
	ran := make(chan string, 10)
	w := redisq.NewWorker(conn, 0, nil)
	w.Handle("ill", func(_ context.Context, task queue.Task) error {
		ran <- task.ID
		if well.Load() {
			return nil
		}
		return errors.New("no medicine")
	})
	if err := w.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	if err := redisq.New(conn).Enqueue(t.Context(), queue.Task{Kind: "ill", ID: "patient", Queue: queue.Notify}); err != nil {
		t.Fatal(err)
	}
	<-ran
	within(t, "the task is dead", func() bool { return c.lookAtQueue(t.Context()).Warn })
	diagnosis{"a dead task", c.lookAtQueue(t.Context()), "should", "no medicine"}.hold(t)
	if out, _, code := testenv.Run(t, "", "tasks", "--redis="+url); code != 1 || !strings.Contains(out, "patient: no medicine") {
		t.Errorf("tasks: exit %d, %s", code, out)
	}
	well.Store(true)
	if out, _, code := testenv.Run(t, "", "tasks", "--retry", "--json", "--redis="+url); code != 0 || !strings.Contains(out, `"revived":1`) {
		t.Errorf("tasks --retry: exit %d, %s", code, out)
	}
	select {
	case id := <-ran:
		if id != "patient" {
			t.Errorf("ran %s", id)
		}
	case <-time.After(5 * time.Second):
		t.Error("it was not run again")
	}
	within(t, "the queue is well", func() bool { return !c.lookAtQueue(t.Context()).Warn })
	if _, _, code := testenv.Run(t, "", "tasks"); code != 2 {
		t.Errorf("tasks of an embedded queue: exit %d", code)
	}
}

func within(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within 5 s: %s", what)
		}
	}
}
