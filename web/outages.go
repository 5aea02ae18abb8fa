package web

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// outages logs why requests are refused as unavailable: once in a while, for during an outage all of them are.
type outages struct {
	log *slog.Logger

	mu     sync.Mutex
	silent time.Time // until when nothing is said
	kept   int       // refusals that nothing was said of
}

// outageEvery is how often it says so.
const outageEvery = 5 * time.Second

// note tells of a refusal that has a cause; one without is a matter between the site and the asker.
func (o *outages) note(ctx context.Context, refusal error) {
	if errors.Unwrap(refusal) == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	now := time.Now()
	if now.Before(o.silent) {
		o.kept++
		return
	}
	o.log.WarnContext(ctx, "unavailable", "err", refusal, "untold", o.kept)
	o.silent, o.kept = now.Add(outageEvery), 0
}
