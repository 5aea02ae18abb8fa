// Package redisq is the queue on Redis, through asynq.
//
// asynq keeps the time of a task in whole seconds, rounded down: it starts one up to a second early. So the exact time
// travels with the task, and the worker waits for it before it calls the handler.
package redisq

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"haggle/internal/queue"
)

const (
	enqueueBound = 2 * time.Second // for a caller without a deadline
	early        = time.Second     // how early asynq may start a task
)

// headerAt carries Task.At in milliseconds since 1970.
const headerAt = "at"

// Queue adds tasks. It implements queue.Queue and queue.Meter.
type Queue struct {
	client    *asynq.Client
	inspector *asynq.Inspector
}

// New makes a queue over a client, which stays the caller's to close.
func New(rdb redis.UniversalClient) *Queue {
	return &Queue{asynq.NewClientFromRedisClient(rdb), asynq.NewInspectorFromRedisClient(rdb)}
}

// Enqueue adds a task unless one with its id is there.
func (q *Queue) Enqueue(ctx context.Context, t queue.Task) error {
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, enqueueBound)
		defer cancel()
	}
	_, err := q.client.EnqueueContext(ctx, encode(t), options(t)...)
	if err != nil && !errors.Is(err, asynq.ErrTaskIDConflict) {
		return fmt.Errorf("queue: %s %s: %w", t.Kind, t.ID, err)
	}
	return nil
}

// Depths counts the tasks of every queue. Queues that were never used count zero.
func (q *Queue) Depths(_ context.Context) (map[queue.Name]queue.Depth, error) {
	used, err := q.inspector.Queues()
	if err != nil {
		return nil, fmt.Errorf("queue: depths: %w", err)
	}
	depths := map[queue.Name]queue.Depth{}
	for _, name := range queue.Names() {
		depths[name] = queue.Depth{}
		if !slices.Contains(used, string(name)) {
			continue
		}
		info, err := q.inspector.GetQueueInfo(string(name))
		if err != nil {
			return nil, fmt.Errorf("queue: depth of %s: %w", name, err)
		}
		depths[name] = queue.Depth{
			Pending: info.Pending, Active: info.Active, Scheduled: info.Scheduled,
			Retry: info.Retry, Archived: info.Archived,
		}
	}
	return depths, nil
}

// encode packs a task for asynq; decode unpacks it.
func encode(t queue.Task) *asynq.Task {
	headers := map[string]string{}
	if !t.At.IsZero() {
		headers[headerAt] = strconv.FormatInt(t.At.UnixMilli(), 10)
	}
	return asynq.NewTaskWithHeaders(t.Kind, t.Payload, headers)
}

func decode(ctx context.Context, a *asynq.Task) queue.Task {
	t := queue.Task{Kind: a.Type(), Payload: a.Payload()}
	if ms, err := strconv.ParseInt(a.Headers()[headerAt], 10, 64); err == nil {
		t.At = time.UnixMilli(ms).UTC()
	}
	t.ID, _ = asynq.GetTaskID(ctx)
	t.Retries, _ = asynq.GetMaxRetry(ctx)
	name, _ := asynq.GetQueueName(ctx)
	t.Queue = queue.Name(name)
	return t
}

func options(t queue.Task) []asynq.Option {
	name, bound := t.Queue, t.Timeout
	if name == "" {
		name = queue.Settle
	}
	if bound <= 0 {
		bound = queue.DefaultTimeout
	}
	opts := []asynq.Option{asynq.Queue(string(name)), asynq.MaxRetry(t.Retries), asynq.Timeout(bound + early)}
	if t.ID != "" {
		opts = append(opts, asynq.TaskID(t.ID))
	}
	if !t.At.IsZero() {
		opts = append(opts, asynq.ProcessAt(t.At))
	}
	return opts
}
