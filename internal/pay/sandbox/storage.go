package sandbox

import (
	"context"
	"errors"
	"time"
)

// ErrTaken says that a record's intent, or its place in its chain, is taken: read the chain again and decide anew.
var ErrTaken = errors.New("sandbox: the intent or its place is taken")

// Storage is the gateway's memory. Several processes may share one.
type Storage interface {
	// Chain gives the records of the chain that intent belongs to, in order of Seq; empty when there is none.
	Chain(ctx context.Context, intent string) ([]Record, error)

	// Append adds a record for good: nil means that it outlives a crash. The intent is unique in the whole storage, the
	// Seq in its chain; else ErrTaken, and nothing is added. After any other error it may have been added.
	Append(ctx context.Context, r Record) error

	// Late gives the records with from ≤ FailsAt ≤ to, in order of FailsAt.
	Late(ctx context.Context, from, to time.Time) ([]Record, error)
}
