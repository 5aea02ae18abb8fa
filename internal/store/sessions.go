package store

import "context"

// Sessions is what an engine also implements whose server keeps the open transaction of a dead process, and everybody
// waiting behind it, for a while.
type Sessions interface {
	// Reserve makes the transactions of a context use one session, whose id another process may use to end them. One
	// transaction at a time; release gives the session back.
	Reserve(ctx context.Context) (in context.Context, id []byte, release func(), err error)

	// EndSession aborts what is open in somebody's reserved session. That there is no such session is no error.
	EndSession(ctx context.Context, id []byte) error
}
