package redisq

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hibiken/asynq"

	"haggle/internal/queue"
)

// deadPage is how many dead tasks of a queue are looked at in one go.
const deadPage = 1000

// Dead lists dead tasks of all queues, at most so many of each; the newest first.
func (q *Queue) Dead(_ context.Context, limit int) ([]queue.Dead, error) {
	used, err := q.inspector.Queues()
	if err != nil {
		return nil, fmt.Errorf("queue: dead tasks: %w", err)
	}
	var all []queue.Dead
	for _, name := range queue.Names() {
		if !slices.Contains(used, string(name)) {
			continue
		}
		found, err := q.inspector.ListArchivedTasks(string(name), asynq.PageSize(limit))
		if err != nil {
			return nil, fmt.Errorf("queue: dead tasks of %s: %w", name, err)
		}
		for _, t := range found {
			all = append(all, queue.Dead{Queue: name, Kind: t.Type, ID: t.ID, Why: t.LastErr, At: t.LastFailedAt.UTC()})
		}
	}
	return all, nil
}

// Revive runs dead tasks again whose last failure was before a moment.
func (q *Queue) Revive(ctx context.Context, before time.Time) (n int, err error) {
	all, err := q.Dead(ctx, deadPage)
	if err != nil {
		return 0, err
	}
	for _, t := range all {
		if !t.At.Before(before) {
			continue
		}
		err := q.inspector.RunTask(string(t.Queue), t.ID)
		switch {
		case errors.Is(err, asynq.ErrTaskNotFound): // somebody else was faster
		case err != nil:
			return n, fmt.Errorf("queue: run %s again: %w", t.ID, err)
		default:
			n++
		}
	}
	return n, nil
}
