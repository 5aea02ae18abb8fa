package sandbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"haggle/internal/fault"
	"haggle/internal/pay"
)

// maxTries bounds how often a call decides anew because another call on the same chain came first.
const maxTries = 32

// Config is what a sandbox is made of.
type Config struct {
	Storage Storage
	Clock   func() time.Time // nil: time.Now
}

// Gateway is the sandbox. It implements pay.Gateway.
type Gateway struct{ cfg Config }

// New makes a gateway over its storage.
func New(cfg Config) *Gateway {
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	return &Gateway{cfg}
}

func (g *Gateway) Name() string { return "sandbox" }

func (g *Gateway) Charge(ctx context.Context, c pay.Charge) (pay.Outcome, error) {
	return g.card(ctx, pay.Charged, c)
}

func (g *Gateway) Authorize(ctx context.Context, c pay.Charge) (pay.Outcome, error) {
	return g.card(ctx, pay.Authorized, c)
}

func (g *Gateway) Capture(ctx context.Context, f pay.Follow) (pay.Outcome, error) {
	return g.follow(ctx, pay.Captured, f)
}

func (g *Gateway) Release(ctx context.Context, f pay.Follow) (pay.Outcome, error) {
	return g.follow(ctx, pay.Released, f)
}

func (g *Gateway) Refund(ctx context.Context, f pay.Follow) (pay.Outcome, error) {
	return g.follow(ctx, pay.Refunded, f)
}

func (g *Gateway) Payout(ctx context.Context, p pay.Payout) (pay.Outcome, error) {
	r := Record{
		Intent: p.Intent, Act: pay.PaidOut, Amount: p.Amount, Currency: p.Currency,
		To: p.Method + ":" + p.To, Purpose: p.Purpose,
	}
	if p.Method != "bank" {
		return pay.Outcome{}, fault.Invalidf("method", "the sandbox pays out to a bank only")
	}
	return g.submit(ctx, r, func(_ chain, r Record, now time.Time) Record { return begin(r, behaviour{}, now) })
}

func (g *Gateway) card(ctx context.Context, act pay.Act, c pay.Charge) (pay.Outcome, error) {
	r := Record{
		Intent: c.Intent, Act: act, Amount: c.Amount, Currency: c.Currency,
		Last4: c.Card.Last4(), Purpose: c.Purpose,
	}
	if c.Card.IsZero() {
		return pay.Outcome{}, fault.Invalidf("card", "no card")
	}
	does := behaviourOf(c.Card)
	return g.submit(ctx, r, func(_ chain, r Record, now time.Time) Record { return begin(r, does, now) })
}

func (g *Gateway) follow(ctx context.Context, act pay.Act, f pay.Follow) (pay.Outcome, error) {
	r := Record{Intent: f.Intent, Act: act, Of: f.Of, Amount: f.Amount, Currency: f.Currency, Purpose: f.Purpose}
	if act == pay.Released {
		r.Amount = 1 // a release is for the whole; follow fills it in
	}
	return g.submit(ctx, r, follow)
}

// Find says what became of an intent, by the sandbox's clock.
func (g *Gateway) Find(ctx context.Context, intent string) (pay.Outcome, error) {
	c, r, found, err := g.look(ctx, intent)
	if err != nil {
		return pay.Outcome{}, err
	}
	if !found {
		return pay.Outcome{Intent: intent, State: pay.Unknown}, nil
	}
	return c.outcome(r, g.now()), nil
}

// Events lists the late failures from since on.
func (g *Gateway) Events(ctx context.Context, since time.Time) ([]pay.Event, error) {
	late, err := g.cfg.Storage.Late(ctx, since, g.now())
	if err != nil {
		return nil, err
	}
	var events []pay.Event
	for _, r := range late {
		c, err := g.cfg.Storage.Chain(ctx, r.Intent)
		if err != nil {
			return nil, err
		}
		if lost, at := chain(c).failure(r); lost > 0 {
			events = append(events, pay.Event{
				Intent: r.Intent, Act: r.Act, State: pay.Failed, Code: fault.CodeCardDeclined, Amount: lost, At: at,
			})
		}
	}
	return events, nil
}

// submit decides a call once: a repeated one gets the first decision, two at once take turns on the chain.
func (g *Gateway) submit(ctx context.Context, q Record, decide func(chain, Record, time.Time) Record) (pay.Outcome, error) {
	if err := check(q); err != nil {
		return pay.Outcome{}, err
	}
	for range maxTries {
		c, done, found, err := g.look(ctx, q.Intent)
		if err != nil {
			return pay.Outcome{}, err
		}
		if found {
			return repeated(c, done, q, g.now())
		}
		if c, err = g.parent(ctx, q); err != nil {
			return pay.Outcome{}, err
		}
		r := decide(c, q, g.now())
		if err = g.cfg.Storage.Append(ctx, r); errors.Is(err, ErrTaken) {
			continue
		} else if err != nil {
			return pay.Outcome{}, err
		}
		return append(c, r).outcome(r, r.At), nil
	}
	return pay.Outcome{}, fmt.Errorf("sandbox gateway: %d calls on one chain came first: %w", maxTries, ErrTaken)
}

// repeated answers a call whose intent was decided before, with what has become of it.
func repeated(c chain, done, q Record, now time.Time) (pay.Outcome, error) {
	if q.Of != "" {
		q.Last4 = done.Last4 // a follow-up names no card
	}
	if !done.same(q) {
		return pay.Outcome{}, pay.ErrReused
	}
	return c.outcome(done, now), nil
}

// parent reads the chain a follow-up continues; a first call has none.
func (g *Gateway) parent(ctx context.Context, q Record) (chain, error) {
	if q.Of == "" {
		return nil, nil
	}
	c, _, found, err := g.look(ctx, q.Of)
	if err == nil && !found {
		err = fault.New(fault.CodeNotFound, nil)
	}
	return c, err
}

func (g *Gateway) look(ctx context.Context, intent string) (chain, Record, bool, error) {
	c, err := g.cfg.Storage.Chain(ctx, intent)
	if err != nil {
		return nil, Record{}, false, err
	}
	r, found := chain(c).find(intent)
	return c, r, found, nil
}

func (g *Gateway) now() time.Time { return g.cfg.Clock().UTC().Truncate(time.Millisecond) }

// check refuses what no gateway would take.
func check(q Record) error {
	var c fault.Collect
	if q.Intent == "" {
		c.Addf("intent", "required", "an intent is required")
	}
	if q.Amount <= 0 {
		c.Addf("amount", "too_small", "the amount must be positive")
	}
	if len(q.Currency) != 3 {
		c.Addf("currency", "invalid", "the currency must be an ISO 4217 code")
	}
	follows := q.Act == pay.Captured || q.Act == pay.Released || q.Act == pay.Refunded
	if follows && q.Of == "" {
		c.Addf("of", "required", "the intent acted upon is required")
	}
	return c.Err()
}
