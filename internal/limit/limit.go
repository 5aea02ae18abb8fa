// Package limit counts tries: at most n in a window that begins with the first one.
//
// Counts live in Redis, so that all processes share them; while Redis does not answer, or when there is none, each
// process counts for itself. A refused try is not counted and does not lengthen the wait.
//
// Most callers need one function: [Limiter].Allow.
package limit

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	answerBound = 250 * time.Millisecond // Redis must answer within
	mistrust    = time.Second            // after a failure Redis is left alone this long
)

// count takes one try from a window, atomically. It answers 0 for a granted try, else how many milliseconds are left.
var count = redis.NewScript(`
local left = redis.call('PTTL', KEYS[1])
if left > 0 and tonumber(redis.call('GET', KEYS[1])) >= tonumber(ARGV[1]) then
  return left
end
if left > 0 then
  redis.call('INCR', KEYS[1])
else
  redis.call('SET', KEYS[1], 1, 'PX', ARGV[2])
end
return 0`)

// Limiter counts tries by key. Make one a process with New.
type Limiter struct {
	rdb   redis.Scripter
	local *windows
	now   func() time.Time
	trust gate
}

// New makes a limiter over Redis; nil counts in this process alone, which is right when the process is the only one: an
// embedded Redis never gives the memory of a key back.
func New(rdb redis.Scripter, now func() time.Time) *Limiter {
	if now == nil {
		now = time.Now
	}
	return &Limiter{rdb: rdb, local: newWindows(), now: now}
}

// Allow counts one try under key, at most n per window of length per (whole milliseconds, n ≥ 1). When the window is
// used up, ok is false and retryAfter says when the next one begins.
func (l *Limiter) Allow(ctx context.Context, key string, n int, per time.Duration) (ok bool, retryAfter time.Duration) {
	now := l.now()
	if l.rdb == nil || !l.trust.open(now) {
		return l.local.allow(key, n, per, now)
	}
	wait, err := l.shared(ctx, key, n, per)
	switch {
	case err == nil:
		return wait == 0, wait
	case ctx.Err() == nil: // not the caller who gave up: Redis did not answer
		l.trust.shut(now.Add(mistrust))
	}
	return l.local.allow(key, n, per, now)
}

func (l *Limiter) shared(ctx context.Context, key string, n int, per time.Duration) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, answerBound)
	defer cancel()
	left, err := count.Run(ctx, l.rdb, []string{"haggle:limit:" + key}, n, per.Milliseconds()).Int64()
	return time.Duration(left) * time.Millisecond, err
}
