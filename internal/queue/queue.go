// Package queue wakes workers: now, or at a time.
//
// The queue only wakes; what is due is known by the database. A queue may lose every task at any moment, run one twice,
// or run two in another order: a handler loads the present state, does what is still to do, and is safe to run again.
// Losing tasks makes things late by one sweep, never wrong.
//
// Most callers need two functions: [Queue].Enqueue and [Worker].Handle.
package queue

import (
	"context"
	"time"
)

// Name names a queue. A worker has hands of its own for each, more for the more urgent ones: a flood in one never delays
// another.
type Name string

const (
	Close  Name = "close"  // deals whose deadline has come
	Settle Name = "settle" // orders, money and what else follows a change
	Notify Name = "notify" // mail and messages
	Index  Name = "index"  // the search copy
)

// Names lists the queues, most urgent first.
func Names() []Name { return []Name{Close, Settle, Notify, Index} }

// DefaultTimeout bounds a handler whose task names no bound.
const DefaultTimeout = 30 * time.Second

// Task is one thing to do.
type Task struct {
	Kind    string    // which handler
	ID      string    // while a task with this id is in its queue (archived ones too), another is not added
	Payload []byte    // small: ids, never the new value of a thing
	At      time.Time // not before; zero or past: now
	Queue   Name      // empty: Settle
	Timeout time.Duration
	Retries int // how often a failed run is repeated before the task is archived
}

// Queue takes tasks.
type Queue interface {
	// Enqueue adds a task. Nil means that a task with this id is in the queue, now added or there before. An error
	// means that it may or may not be: the caller does the work itself or leaves it to the sweep. Without a deadline
	// in ctx it gives up after two seconds.
	Enqueue(ctx context.Context, t Task) error
}

// Handler does a task. Its ctx ends with the task's timeout or when the worker stops. An error, or a panic, repeats the
// task later (Task.Retries) or archives it.
type Handler func(ctx context.Context, t Task) error

// Worker runs handlers.
type Worker interface {
	// Handle names the handler of a kind. All handlers are named before Start.
	Handle(kind string, h Handler)

	// Start begins to take tasks; an error when the queue's server does not answer. Later outages are waited out.
	// A handler never begins before its task's At.
	Start(ctx context.Context) error

	// Stop takes no more tasks, waits for running handlers up to a bound, and puts back what is unfinished.
	Stop()
}

// Depth counts the tasks of one queue.
type Depth struct {
	Pending, Active, Scheduled, Retry, Archived int
}

// Meter tells how full the queues are, for the metrics page.
type Meter interface {
	Depths(ctx context.Context) (map[Name]Depth, error)
}

// Dead is a task that failed for good. It keeps its id taken until it is run again.
type Dead struct {
	Queue Name
	Kind  string
	ID    string
	Why   string
	At    time.Time // of the last failure
}

// Reviver shows dead tasks and runs them again.
type Reviver interface {
	// Dead lists dead tasks of all queues, at most so many of each.
	Dead(ctx context.Context, limit int) ([]Dead, error)

	// Revive runs those again whose last failure was before a moment, and counts them. A task whose cause is not gone
	// dies again.
	Revive(ctx context.Context, before time.Time) (int, error)
}
