package workers

import (
	"testing"
	"time"

	"haggle/internal/deal"
)

// TestASecondProcessTakesOver stops the process that works; another, which had nothing to do, goes on.
func TestASecondProcessTakesOver(t *testing.T) {
	y := newYard(t)
	first := y.workers(func(c *Config) { c.Alone, c.Owner = false, "first" })
	first.Start(t.Context())
	if !first.lease.held() {
		t.Fatal("the first process does not hold the lease")
	}
	second := y.workers(func(c *Config) { c.Alone, c.Owner = false, "second" })
	y.hook.Store(nil)
	second.Start(t.Context())
	defer second.Stop()
	if second.lease.held() {
		t.Fatal("both hold the lease")
	}
	first.Stop()
	id := y.auction(time.Hour)
	y.later(time.Hour)
	eventually(t, leaseRenew+sweepEvery+2*time.Second, "the second closes the deal", func() bool { return y.status(id) == deal.Settled })
	eventually(t, 2*time.Second, "the second tells of it", func() bool { return y.waiting() == 0 })
}

func TestStopComesBackAtOnce(t *testing.T) {
	y := newYard(t)
	w := y.workers(nil)
	w.Start(t.Context())
	y.auction(time.Hour)
	begun := time.Now()
	w.Stop()
	if took := time.Since(begun); took > 2*time.Second {
		t.Errorf("stopping idle workers took %v", took)
	}
}
