package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"haggle/internal/engine"
	"haggle/internal/market"
)

// Deps are what the demo market is made with. Market and its engine must run by Clock.
type Deps struct {
	Market *market.Market
	Clock  *Clock
	Log    *slog.Logger // nil: nothing is told
}

// history is how far before the present the demo begins.
const history = 14 * 24 * time.Hour

// Fill fills an empty store with the demo market: people register, open deals, enter them, pay, send, confirm and rate, at
// times spread over the last two weeks. A store with any deal in it is left as it is. When Fill returns the clock is at
// home, whatever happened.
//
// The deals are public logs like any other; they verify and the books balance.
func Fill(ctx context.Context, d Deps) error {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	switch empty, err := isEmpty(ctx, d.Market.Engine()); {
	case err != nil:
		return err
	case !empty && d.Clock.away():
		return errors.New("a store that holds deals is not led to another time")
	case !empty:
		return nil
	}
	began, start := time.Now(), d.Clock.Now()
	d.Clock.turnBack(start.Add(-history))
	defer d.Clock.Reset()
	p := newPlay(d, start)
	if err := p.run(ctx); err != nil {
		return fmt.Errorf("%s: %w", p.doing, err)
	}
	d.Log.Info("the demo market is filled", "deals", p.lots, "people", len(p.actors), "pictures", p.album.painted(), "took", time.Since(began).Round(time.Millisecond))
	return nil
}

// isEmpty says whether nobody has opened a deal yet.
func isEmpty(ctx context.Context, e *engine.Engine) (bool, error) {
	stop := errors.New("there is one")
	err := e.EachDeal(ctx, func(engine.Deal) error { return stop })
	if errors.Is(err, stop) {
		return false, nil
	}
	return err == nil, err
}
