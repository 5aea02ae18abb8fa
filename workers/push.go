package workers

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"haggle/internal/market"
	"haggle/internal/push"
)

// Pushes is what the job about devices asks of the market.
type Pushes interface {
	DuePushes(ctx context.Context, limit int) ([]string, error)
	TakePush(ctx context.Context, id string) (p market.Push, ok bool, err error)
	PushDone(ctx context.Context, id string) error
	PushRefused(ctx context.Context, id string, gone, permanent bool, after time.Duration) error
}

// PushSender sends one text to one device; see package push.
type PushSender interface {
	Send(ctx context.Context, sub push.Subscription, m push.Message) error
}

const (
	pushEvery   = 500 * time.Millisecond
	pushPage    = 200
	pushesAtOne = 8
	pushBound   = 15 * time.Second // below the market's claim
)

// PushChore sends what is due to devices. A push is claimed in the store, sent outside of any transaction and then removed: a
// crash in between sends it once more, and the device shows it in place of the first. One that cannot be sent now waits
// longer each time, and keeps no other up.
func PushChore(pushes Pushes, sender PushSender, compose func(p market.Push) (push.Message, error), log *slog.Logger) Chore {
	return Chore{Name: "pushes", Every: pushEvery, Do: func(ctx context.Context) error {
		ids, err := pushes.DuePushes(ctx, pushPage)
		if err != nil || len(ids) == 0 {
			return err
		}
		turn := make(chan string)
		var group sync.WaitGroup
		for range min(pushesAtOne, len(ids)) {
			group.Go(func() {
				for id := range turn {
					if err := sendPush(ctx, pushes, sender, compose, id, log); err != nil && ctx.Err() == nil {
						log.Warn("push; it is tried again", "push", id, "err", err)
					}
				}
			})
		}
		for _, id := range ids {
			if ctx.Err() != nil {
				break
			}
			turn <- id
		}
		close(turn)
		group.Wait()
		return ctx.Err()
	}}
}

// sendPush sends one push. An error is the store's; that of the service is noted there. No log names an endpoint: it is what
// lets one write to a device.
func sendPush(ctx context.Context, pushes Pushes, sender PushSender, compose func(p market.Push) (push.Message, error), id string, log *slog.Logger) error {
	p, ok, err := pushes.TakePush(ctx, id)
	if err != nil || !ok {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pushBound)
	defer cancel()
	message, err := compose(p)
	if err != nil {
		return errors.Join(err, pushes.PushRefused(ctx, id, false, true, 0))
	}
	err = sender.Send(ctx, p.To, message)
	if err == nil {
		return pushes.PushDone(ctx, id)
	}
	gone := errors.Is(err, push.ErrGone)
	refused := &push.RefusedError{}
	errors.As(err, &refused)
	log.Info("a push was not taken", "push", id, "what", p.What, "gone", gone, "status", refused.Status)
	return pushes.PushRefused(ctx, id, gone, refused.Permanent, refused.After)
}
