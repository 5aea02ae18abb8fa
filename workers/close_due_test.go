package workers

import (
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/market"
	"haggle/internal/queue"
)

// TestAWakeUpClosesWhatIsDueThen: one task stands for all deals of one deadline, does nothing before it and twice does no
// harm.
func TestAWakeUpClosesWhatIsDueThen(t *testing.T) {
	y := newYard(t)
	w := y.workers(nil)
	y.hook.Store(nil)
	at := deal.Millis(y.now().Add(1500 * time.Millisecond))
	ending := func(at time.Time) string {
		closes := market.At(at)
		return y.lamp(market.Until{ClosesAt: &closes})
	}
	one, two, other := ending(at), ending(at), ending(at.Add(time.Millisecond))
	for range 2 {
		must(t, w.closeDue(t.Context(), queue.Task{Kind: kindCloseDue, At: at}))
		if y.now().Before(at) {
			t.Fatal("it does not wait for the deadline")
		}
		for id, want := range map[string]deal.Status{one: deal.Failed, two: deal.Failed, other: deal.Open} {
			if s := y.status(id); s != want {
				t.Errorf("%s is %s, want %s", id, s, want)
			}
		}
	}
}
