package demo

import (
	"context"
	"errors"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"haggle/internal/deal"
	"haggle/internal/market"
	"haggle/internal/money"
)

// thing is what a deal is about.
type thing struct {
	by          who
	title, text string
	category    string
	condition   string
	photo       photo
	facts       map[string]string
	delivery    []string
}

// span is when a deal is open, seen from the present: earlier is negative.
type span struct{ opens, closes time.Duration }

// lot is one deal being played.
type lot struct {
	thing
	span
	last   time.Duration // no entry comes after it
	id     string
	random *rand.Rand // the lot's own, so that lots do not depend on each other
	end    ending
	begun  map[string]bool // orders whose life has begun
}

// cash is whole units of the currency in minor units.
func cash(n int64) money.Amount { return money.Amount(n) * 100 }

// cashOrNil is nil for 0.
func cashOrNil(n int64) *money.Amount {
	if n == 0 {
		return nil
	}
	a := cash(n)
	return &a
}

func orNil(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}

// lot begins a deal: opened is called at its time with what every form needs, and gives the deal's id.
func (p *play) lot(t thing, s span, end ending, opened func(ctx context.Context, l *lot, about market.About, until market.Until) (string, error)) *lot {
	h := fnv.New64a()
	_, _ = h.Write([]byte(t.title))
	l := &lot{thing: t, span: s, last: min(s.closes, 0), end: end, random: rand.New(rand.NewPCG(h.Sum64(), 1)), begun: map[string]bool{}}
	p.lots++
	p.album.order(t.photo, p.actors[t.by], s.opens)
	p.at(p.end.Add(s.opens), "opening "+t.title, func(ctx context.Context) (err error) {
		about, err := p.about(ctx, t)
		if err == nil {
			l.id, err = opened(ctx, l, about, p.until(s))
		}
		return err
	})
	if s.closes < 0 {
		p.at(p.end.Add(s.closes), "closing "+t.title, func(ctx context.Context) error { return p.close(ctx, l) })
	}
	return l
}

func (p *play) about(ctx context.Context, t thing) (market.About, error) {
	id, err := p.album.get(ctx, t.photo)
	return market.About{Title: t.title, Description: t.text, Category: t.category, Condition: t.condition, Photos: []string{id},
		Attributes: t.facts, Delivery: t.delivery}, err
}

// until is when a deal closes; never stays open without an end.
func (p *play) until(s span) market.Until {
	if s.closes == never {
		return market.Until{}
	}
	t := market.At(p.end.Add(s.closes))
	return market.Until{ClosesAt: &t}
}

// never is the end of a listing that has none.
const never = time.Duration(1<<63 - 1)

// entries spreads n entries over a lot's life, up to the present.
func (p *play) entries(l *lot, n int, of string, do func(ctx context.Context, i int) error) {
	from, to := l.opens, l.last-4*minute
	slot := (to - from) / time.Duration(n+1)
	for i := range n {
		at := from + slot*time.Duration(i+1) + within(l.random, -slot/3, slot/3)
		p.entry(l, at, of, func(ctx context.Context) error { return do(ctx, i) })
	}
}

// entry adds one entry of a lot, and looks whether it ended the deal.
func (p *play) entry(l *lot, at time.Duration, of string, do func(ctx context.Context) error) {
	p.at(p.end.Add(at), of+" "+l.title, func(ctx context.Context) error {
		if err := do(ctx); err != nil {
			return err
		}
		_, err := p.look(ctx, l)
		return err
	})
}

// close closes a deal at its time, which late entries may have moved.
func (p *play) close(ctx context.Context, l *lot) error {
	v, err := p.look(ctx, l)
	if err != nil || v.Status.Final() {
		return err
	}
	if due := v.ClosesAt.Std(); p.Clock.Now().Before(due) {
		p.at(due, "closing "+l.title, func(ctx context.Context) error { return p.close(ctx, l) })
		return nil
	}
	return p.settle(ctx, l)
}

// settle waits until a deal that is due has its final status: somebody else may be closing it, too.
func (p *play) settle(ctx context.Context, l *lot) error {
	for range 100 {
		if err := p.Market.CloseDue(ctx, l.id); err != nil {
			return err
		}
		v, err := p.look(ctx, l)
		if err != nil || v.Status.Final() {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
	return errors.New("the deal does not come to its end")
}

// look reads a deal as its owner and lets the life of new orders begin.
func (p *play) look(ctx context.Context, l *lot) (market.DealView, error) {
	owner := p.actors[l.by]
	v, err := p.Market.Deal(ctx, owner, l.id)
	if err != nil || v.Outcome == nil || v.Status != deal.Settled {
		return v, err
	}
	for _, a := range v.Outcome.Awards {
		if err := p.begin(ctx, l, a.Order, l.end); err != nil {
			return v, err
		}
	}
	return v, nil
}

// actorOf finds the actor of an account.
func (p *play) actorOf(account string) market.Actor {
	for _, a := range p.actors {
		if a.Account == account {
			return a
		}
	}
	return market.Actor{}
}
