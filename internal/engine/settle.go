package engine

import (
	"context"
	"errors"
	"fmt"

	"haggle/internal/deal"
	"haggle/internal/store"
)

// step is one thing that a settlement writes; steps are numbered, and the deal counts those done.
type step struct {
	line    *deal.LineDraft
	award   *deal.Award
	rank    int64
	whole   bool   // the award is the last one paid from its payer's hold: what is left goes back
	release string // account whose hold goes back
	last    bool
}

// idle says that a step does nothing.
func (s step) idle() bool { return s.line == nil && s.award == nil && s.release == "" && !s.last }

// plan is a settlement, derived anew by whoever goes on with it: the same deal gives the same plan.
type plan struct {
	doc   Deal
	steps []step
}

// Settle writes what follows from a decision, in chunks, until the deal has its final status. It goes on from
// wherever an earlier try stopped, and running it twice changes nothing.
func (e *Engine) Settle(ctx context.Context, dealID string) error {
	d, err := e.rows.deals.Get(ctx, dealID)
	if err != nil || d.Status != deal.Clearing {
		return err
	}
	p, err := e.planAlone(ctx, d)
	if err == nil {
		err = e.settleAlone(ctx, p)
	}
	if err != nil {
		return fmt.Errorf("settle deal %s: %w", dealID, err)
	}
	return nil
}

// settleAlone settles one deal, whatever others do meanwhile.
func (e *Engine) settleAlone(ctx context.Context, p *plan) error {
	for tries := 0; ; {
		c, err := e.settleChunk(ctx, []*plan{p})
		switch {
		case err == nil && c.parts[0].done:
			return nil
		case err == nil:
			tries = 0
		case (isConflict(err) || errors.Is(err, store.ErrUnknown) || errors.Is(err, store.ErrUnavailable)) && tries < 2*maxTries:
			tries++
			pause(tries)
		default:
			return err
		}
	}
}

// planAlone reads a deal's past and unfolds its decision.
func (e *Engine) planAlone(ctx context.Context, d Deal) (*plan, error) {
	p, err := e.past(ctx, d)
	if err != nil {
		return nil, err
	}
	return e.plan(d, p)
}

// plan unfolds the decision into steps.
func (e *Engine) plan(d Deal, p past) (*plan, error) {
	k, err := e.decode(d)
	if err != nil {
		return nil, err
	}
	return e.unfold(d, k.terms, k.state, p)
}

func (e *Engine) unfold(d Deal, terms, state any, p past) (*plan, error) {
	v := deal.View{Frame: d.frame(e.cfg.Currency, terms), Now: *d.DecidedAt, Seq: d.DecidedSeq + 1, State: state, Who: "site", Crowd: p.crowd}
	out, err := e.cfg.Mechanisms[d.Kind].Unfold(v, *d.Decision, p.history)
	if err != nil {
		return nil, err
	}
	return &plan{doc: d, steps: steps(out, p.crowd)}, nil
}

// steps lists what an outcome writes in the order of the log: reveals, awards, releases (which have no line), closed.
func steps(out deal.Outcome, crowd []deal.Standing) []step {
	var all []step
	for _, r := range out.Reveals {
		body := deal.Body{"of": r.Of, "field": r.Secret.Field, "salt": r.Secret.Salt, "value": r.Secret.Value}
		all = append(all, step{line: &deal.LineDraft{Who: r.Who, Kind: deal.Revealed, Body: body}})
	}
	lastPaid := map[string]int{}
	for i, a := range out.Awards {
		if a.Payment == deal.PayHold {
			lastPaid[a.Buyer] = i
		}
	}
	for i := range out.Awards {
		a := &out.Awards[i]
		body := deal.Body{"to": a.Pseudonym, "quantity": a.Quantity, "unitPrice": a.UnitPrice, "total": a.Total}
		last, paid := lastPaid[a.Buyer]
		all = append(all, step{award: a, rank: int64(i + 1), whole: paid && last == i, line: &deal.LineDraft{Who: "site", Kind: deal.Awarded, Body: body}})
	}
	for _, s := range crowd {
		if _, paid := lastPaid[s.Account]; paid {
			continue
		}
		if s.Hold == 0 { // nothing to do, now or later; yet a step, for it may have had something to do
			all = append(all, step{})
			continue
		}
		all = append(all, step{release: s.Account})
	}
	return append(all, step{last: true, line: &deal.LineDraft{Who: "site", Kind: deal.Closed, Body: out.Closed}})
}
