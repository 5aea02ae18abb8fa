package workers

import (
	"context"
	"slices"
	"testing"
	"time"

	"haggle/internal/engine"
	"haggle/internal/market"
	"haggle/internal/queue"
)

// bench is a queue whose tasks the test runs one by one.
type bench struct {
	handlers map[string]queue.Handler
	tasks    []queue.Task
}

func (b *bench) Enqueue(_ context.Context, t queue.Task) error {
	b.tasks = append(b.tasks, t)
	return nil
}
func (b *bench) Handle(kind string, h queue.Handler) { b.handlers[kind] = h }
func (b *bench) Start(context.Context) error         { return nil }
func (b *bench) Stop()                               {}
func (b *bench) named(kind string) func(queue.Task) bool {
	return func(t queue.Task) bool { return t.Kind == kind }
}
func (b *bench) count(kind string) (n int, on map[queue.Name]bool) {
	on = map[queue.Name]bool{}
	for _, t := range b.tasks {
		if t.Kind == kind {
			n, on[t.Queue] = n+1, true
		}
	}
	return n, on
}

// run runs the tasks of a kind that wait, and gives the errors.
func (b *bench) run(ctx context.Context, kind string) (errs []error) {
	now := b.tasks
	b.tasks = slices.DeleteFunc(slices.Clone(now), b.named(kind))
	for _, t := range now {
		if t.Kind == kind {
			errs = append(errs, b.handlers[kind](ctx, t))
		}
	}
	return errs
}

// noPost is a market that writes no mail of deals.
type noPost struct{ *market.Market }

func (noPost) MailDeals(_ context.Context, deals []engine.Deal) map[string]error {
	failed := map[string]error{}
	for _, d := range deals {
		failed[d.ID] = errDown
	}
	return failed
}

func TestMailAndSearchHaveQueuesOfTheirOwn(t *testing.T) {
	y, b := newYard(t), &bench{handlers: map[string]queue.Handler{}}
	w := y.mailing(&postman{})
	w.cfg.Queue, w.courier.queue = b, b
	w.handle(b)
	id := y.auction(time.Hour)
	y.purchase()
	waiting := y.waiting()
	must(t, w.relay.round(t.Context()))
	for _, step := range []struct {
		kind string
		on   queue.Name
		left int // rows, none: those of deals are gone
	}{
		{kindDealChanged, queue.Settle, waiting}, {kindDealMail, queue.Notify, waiting}, {kindOrderChanged, queue.Settle, waiting},
		{kindDealIndex, queue.Index, 1}, {kindOrderMail, queue.Notify, 0},
	} {
		if n, on := b.count(step.kind); n != 1 || !on[step.on] {
			t.Fatalf("%s: %d tasks on %v, want one on %s", step.kind, n, on, step.on)
		}
		for _, err := range b.run(t.Context(), step.kind) {
			must(t, err)
		}
		if n := y.waiting(); n > step.left || step.left == waiting && n != waiting {
			t.Errorf("after %s %d of %d rows are left", step.kind, n, waiting)
		}
	}
	found(t, y, id)
}

// TestAStageThatFailsKeepsTheRows: what comes behind it is done all the same; the relay does all of it again.
func TestAStageThatFailsKeepsTheRows(t *testing.T) {
	y, b := newYard(t), &bench{handlers: map[string]queue.Handler{}}
	w := y.mailing(&postman{})
	w.cfg.Market = noPost{y.Market}
	w.cfg.Queue, w.courier.queue = b, b
	w.handle(b)
	id := y.auction(time.Hour)
	must(t, w.relay.round(t.Context()))
	for _, kind := range []string{kindDealChanged, kindDealMail, kindDealIndex} {
		if errs := b.run(t.Context(), kind); len(errs) != 1 || (errs[0] == nil) == (kind == kindDealMail) {
			t.Errorf("%s: %v", kind, errs)
		}
	}
	found(t, y, id)
	if y.waiting() == 0 {
		t.Fatal("the rows of a change without its mail are gone")
	}
	w.cfg.Market = y.Market
	eventually(t, 3*time.Second, "it is done again, here", func() bool {
		must(t, w.relay.round(t.Context()))
		return y.waiting() == 0
	})
	if n, _ := b.count(kindDealMail); n != 0 {
		t.Error("a job that failed in the queue was given to it again")
	}
}
