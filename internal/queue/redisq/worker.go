package redisq

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"haggle/internal/queue"
)

const (
	lookEvery   = 100 * time.Millisecond // for new tasks and for those whose time has come
	stopBound   = 8 * time.Second        // for running handlers, at Stop
	slowestTry  = time.Minute            // between two tries of a task
	defaultJobs = 32                     // handlers at once: most of them wait for a store or a server
)

// share is how many of sixteen handlers at once are each queue's; every queue has at least one.
var share = map[queue.Name]int{queue.Close: 8, queue.Settle: 5, queue.Notify: 2, queue.Index: 1}

// Worker runs handlers. It implements queue.Worker.
type Worker struct {
	rdb      redis.UniversalClient
	log      *slog.Logger
	handlers map[string]queue.Handler
	jobs     int
	servers  []*asynq.Server // one a queue, most urgent first
}

// NewWorker makes a worker over a client, which stays the caller's to close. jobs is how many handlers run at once, in all
// queues together; 0 means 32. A nil log is silent.
func NewWorker(rdb redis.UniversalClient, jobs int, log *slog.Logger) *Worker {
	if jobs <= 0 {
		jobs = defaultJobs
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Worker{rdb: rdb, log: log, handlers: map[string]queue.Handler{}, jobs: jobs}
}

// Handle names the handler of a kind.
func (w *Worker) Handle(kind string, h queue.Handler) { w.handlers[kind] = h }

// Start begins to take tasks.
func (w *Worker) Start(ctx context.Context) error {
	if err := w.rdb.Ping(ctx).Err(); err != nil { // asynq itself starts without a server and says nothing
		return fmt.Errorf("queue: redis does not answer: %w", err)
	}
	for _, name := range queue.Names() {
		server := asynq.NewServerFromRedisClient(w.rdb, asynq.Config{
			Concurrency: max(1, w.jobs*share[name]/16), Queues: map[string]int{string(name): 1},
			TaskCheckInterval: lookEvery, DelayedTaskCheckInterval: lookEvery,
			RetryDelayFunc: retryDelay, ShutdownTimeout: stopBound,
			Logger: logger{w.log}, LogLevel: asynq.WarnLevel,
		})
		if err := server.Start(asynq.HandlerFunc(w.process)); err != nil {
			w.Stop()
			return fmt.Errorf("queue: %s: %w", name, err)
		}
		w.servers = append(w.servers, server)
	}
	return nil
}

// Stop takes no more tasks and waits for the running ones. A worker that never started stops at once.
func (w *Worker) Stop() {
	for _, s := range w.servers {
		s.Stop()
	}
	var all sync.WaitGroup
	for _, s := range w.servers {
		all.Go(s.Shutdown)
	}
	all.Wait()
	w.servers = nil
}

// process waits until the task's time and runs its handler. What comes out of it other than success is logged.
func (w *Worker) process(ctx context.Context, a *asynq.Task) error {
	t := decode(ctx, a)
	if err := wait(ctx, t.At); err != nil {
		return err
	}
	err := w.run(ctx, t)
	if err != nil {
		w.log.WarnContext(ctx, "task failed", "kind", t.Kind, "id", t.ID, "queue", t.Queue, "err", err)
	}
	return err
}

// run calls the handler; a panic in it is an error.
func (w *Worker) run(ctx context.Context, t queue.Task) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	h, known := w.handlers[t.Kind]
	if !known {
		return fmt.Errorf("no handler for kind %q: %w", t.Kind, asynq.SkipRetry)
	}
	return h(ctx, t)
}

// wait returns at a moment, or when ctx ends.
func wait(ctx context.Context, at time.Time) error {
	timer := time.NewTimer(time.Until(at))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// retryDelay doubles from one second to slowestTry, and makes up for asynq's rounding down. tries is how many runs
// failed before this one.
func retryDelay(tries int, _ error, _ *asynq.Task) time.Duration {
	return early + min(time.Second<<min(tries, 6), slowestTry)
}

// logger hands asynq's own messages to slog.
type logger struct{ log *slog.Logger }

func (l logger) Debug(args ...any) { l.log.Debug(fmt.Sprint(args...)) }
func (l logger) Info(args ...any)  { l.log.Info(fmt.Sprint(args...)) }
func (l logger) Warn(args ...any)  { l.log.Warn(fmt.Sprint(args...)) }
func (l logger) Error(args ...any) { l.log.Error(fmt.Sprint(args...)) }

// Fatal is an error, too: a queue never ends the process.
func (l logger) Fatal(args ...any) { l.log.Error(fmt.Sprint(args...)) }
