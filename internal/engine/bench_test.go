package engine_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"haggle/internal/deal"
	"haggle/internal/deal/english"
	"haggle/internal/deal/request"
	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// benchClients is how many callers wait for their answers at once.
const benchClients = 64

// BenchmarkHotAuction: everybody bids on one piece; refused bids count as answered.
func BenchmarkHotAuction(b *testing.B) {
	onEach(b, func(b *testing.B, w *world) { w.bids(b, 1) })
}

// BenchmarkHundredAuctions: the same bids, spread.
func BenchmarkHundredAuctions(b *testing.B) {
	onEach(b, func(b *testing.B, w *world) { w.bids(b, 100) })
}

// BenchmarkHotGroup: everybody changes his pledge, and with it his hold, in one group.
func BenchmarkHotGroup(b *testing.B) {
	onEach(b, func(b *testing.B, w *world) {
		w.group("g0")
		var people []string
		for i := range benchClients {
			people = append(people, fmt.Sprint("m", i))
		}
		w.fund(1_000_000*unit, people...)
		w.clients(b, func(who string, _ int64, r *rand.Rand) (engine.Submission, func(engine.Accepted, error)) {
			return w.pledge("g0", who, 1+r.Int64N(1000)), nil
		})
	})
}

// BenchmarkOpenRequest: sellers undercut themselves in the open; every quote is ranked among all.
func BenchmarkOpenRequest(b *testing.B) {
	onEach(b, func(b *testing.B, w *world) {
		const named = 1_000_000_000 * unit
		w.request("q0", request.RuleOpen, func(t *request.Terms) { t.NamedPrice, t.MinimumStep = named, deal.Ptr(money.Amount(unit)) })
		w.clients(b, func(who string, n int64, _ *rand.Rand) (engine.Submission, func(engine.Accepted, error)) {
			s := w.quote("q0", who, 0)
			s.Entry.Values = request.Quote{UnitPrice: named - money.Amount(n)*unit}
			return s, nil
		})
	})
}

func onEach(b *testing.B, run func(b *testing.B, w *world)) {
	for _, x := range backends {
		b.Run(x.name, func(b *testing.B) { run(b, newWorld(b, x)) })
	}
}

// bids lets clients bid on so many auctions. A client's bid is a little above the minimum that he last heard of.
func (w *world) bids(b *testing.B, auctions int) {
	heard := make([]atomic.Int64, auctions)
	for i := range auctions {
		w.auction(fmt.Sprint("a", i))
		heard[i].Store(1000 * unit)
	}
	w.clients(b, func(who string, n int64, r *rand.Rand) (engine.Submission, func(engine.Accepted, error)) {
		i := r.IntN(auctions)
		s := w.bid(fmt.Sprint("a", i), who, 0)
		s.Entry.Values = english.Bid{Max: money.Amount(heard[i].Load()) + money.Amount(r.IntN(400))*unit}
		return s, func(got engine.Accepted, err error) {
			if err == nil {
				heard[i].Store(int64(*got.Answer.Minimum))
			} else if least, ok := fault.From(err).Params["minimum"].(int64); ok {
				heard[i].Store(least)
			}
		}
	})
}

// clients shares b.N entries among benchClients callers, each under a key, and reports the rates.
func (w *world) clients(b *testing.B, next func(who string, n int64, r *rand.Rand) (engine.Submission, func(engine.Accepted, error))) {
	var drawn, accepted atomic.Int64
	var all sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	for i := range benchClients {
		all.Go(func() {
			who, r := fmt.Sprint("m", i), rand.New(rand.NewPCG(9, uint64(i)))
			for n := drawn.Add(1); n <= int64(b.N); n = drawn.Add(1) {
				s, hear := next(who, n, r)
				got, err := w.Submit(bg, under(s, s.ID, "h"))
				if err == nil {
					accepted.Add(1)
				}
				if hear != nil {
					hear(got, err)
				}
			}
		})
	}
	all.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "entries/s")
	b.ReportMetric(float64(accepted.Load())/b.Elapsed().Seconds(), "accepted/s")
}
