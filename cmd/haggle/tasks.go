package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"haggle/internal/config"
	"haggle/internal/deal"
	"haggle/internal/queue"
	"haggle/internal/queue/redisq"
	"haggle/internal/redisconn"
)

// tasks shows the tasks of the queue that failed for good, beside a running site, and runs them again.
type tasks struct {
	Retry bool `help:"Run them again now; a running site does so after five minutes."`
	config.Site
}

// tasksFound is what lies dead in the queue, or was run again.
type tasksFound struct {
	OK      bool   `json:"ok"` // nothing lies dead that was not run again
	Revived int    `json:"revived,omitempty"`
	Dead    []dead `json:"dead"`
}

type dead struct {
	Queue string    `json:"queue"`
	Kind  string    `json:"kind"`
	ID    string    `json:"id"`
	Why   string    `json:"why"`
	At    time.Time `json:"at"`
}

func (f tasksFound) String() string {
	var b strings.Builder
	for _, d := range f.Dead {
		fmt.Fprintf(&b, "%s  %-6s  %s  %s: %s\n", deal.FormatTime(d.At), d.Queue, d.Kind, d.ID, d.Why)
	}
	switch {
	case f.Revived > 0:
		fmt.Fprintf(&b, "%d run again", f.Revived)
	case len(f.Dead) > 0:
		fmt.Fprintf(&b, "%d failed for good; sweep and relay do without them", len(f.Dead))
	default:
		b.WriteString("no task has failed for good")
	}
	return b.String()
}

// Run lists the dead tasks, or runs them again. Those of an embedded queue go with their process.
func (c *tasks) Run(ctx context.Context, t *terminal) error {
	if c.Redis == "" {
		return usage(errors.New("without --redis the queue is inside of the running server"))
	}
	ctx, cancel := context.WithTimeout(ctx, probeFor)
	defer cancel()
	q, closeQueue, err := openQueue(ctx, c.Redis)
	if err != nil {
		return err
	}
	defer closeQueue()
	found, err := deadTasks(ctx, q)
	if err == nil && c.Retry {
		found.Revived, err = q.Revive(ctx, time.Now())
		found.OK = true
	}
	if err != nil {
		return err
	}
	return t.verdict(found, found.OK)
}

func openQueue(ctx context.Context, url string) (*redisq.Queue, func(), error) {
	conn, err := redisconn.Open(ctx, url)
	if err != nil {
		return nil, nil, err
	}
	return redisq.New(conn), func() { _ = conn.Close() }, nil
}

// deadShown is how many dead tasks of each queue are listed.
const deadShown = 100

func deadTasks(ctx context.Context, r queue.Reviver) (tasksFound, error) {
	all, err := r.Dead(ctx, deadShown)
	found := tasksFound{OK: len(all) == 0, Dead: []dead{}}
	for _, d := range all {
		found.Dead = append(found.Dead, dead{Queue: string(d.Queue), Kind: d.Kind, ID: d.ID, Why: d.Why, At: d.At})
	}
	return found, err
}
