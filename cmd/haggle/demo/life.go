package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"haggle/internal/market"
	"haggle/internal/order"
	"haggle/internal/pay/sandbox"
)

// ending is what becomes of an order.
type ending int

const (
	well      ending = iota // paid, sent, confirmed, rated by both
	unpaid                  // lapses; the seller says so
	disputed                // arrives broken, the buyer opens a dispute
	refunded                // the seller gives a part back, then all is well
	soSo                    // all is done, the buyer is half content
	calledOff               // the seller gives all back before sending
)

// sale is one order being played.
type sale struct {
	id     string
	title  string
	buyer  market.Actor
	seller market.Actor
	group  bool
	end    ending
	random *rand.Rand
}

// begin lets the life of an order begin, once.
func (p *play) begin(ctx context.Context, l *lot, id string, end ending) error {
	if l.begun[id] {
		return nil
	}
	l.begun[id] = true
	o, err := p.Market.Order(ctx, p.actors[l.by], id)
	if err != nil {
		return err
	}
	s := &sale{id: id, title: l.title, buyer: p.actorOf(o.Buyer.ID), seller: p.actorOf(o.Seller.ID), group: o.Kind == "group", end: end, random: l.random}
	switch {
	case o.Status != string(order.AwaitingPayment):
		p.paid(s)
	case end == unpaid:
		p.lapse(s, o.DueAt.Std())
	default:
		p.pay(s, o.DueAt.Std())
	}
	return nil
}

// pay pays before an order is due: within the first minutes where that is soon, else within hours.
func (p *play) pay(s *sale, due time.Time) {
	wait := within(s.random, 20*minute, 7*hour)
	if due.Sub(p.now) <= hour {
		wait = within(s.random, 2*minute, 20*minute)
	}
	in := market.OrderInput{Method: "wallet"}
	if s.random.IntN(4) == 0 {
		in = market.OrderInput{Card: sandbox.CardGood}
	}
	p.step(s, wait, s.buyer, order.Pay, in, p.paid)
}

// step moves an order after a time, and goes on from there.
func (p *play) step(s *sale, wait time.Duration, by market.Actor, act order.Act, in market.OrderInput, then func(*sale)) {
	p.after(wait, fmt.Sprintf("%s for %s", act, s.title), func(ctx context.Context) error {
		_, _, err := p.Market.StepOrder(ctx, by, market.Key{}, s.id, string(act), in)
		if err == nil {
			then(s)
		}
		return err
	})
}

// paid goes on with an order whose money waits in escrow.
func (p *play) paid(s *sale) {
	if s.end == calledOff {
		p.step(s, within(s.random, 8*hour, 20*hour), s.seller, order.Cancel, market.OrderInput{Reason: s.say("broke while I packed it", "打包時摔壞了")}, p.rate)
		return
	}
	in := market.OrderInput{Tracking: fmt.Sprintf("TW%010d", s.random.Int64N(1e10))}
	p.step(s, within(s.random, 3*hour, 22*hour), s.seller, order.Ship, in, p.shipped)
}

func (p *play) shipped(s *sale) {
	arrives := within(s.random, 20*hour, 44*hour)
	switch s.end {
	case disputed:
		reason := s.say("It arrived with a crack that is on none of the photos.", "收到時有一道照片上沒有的裂痕。")
		p.step(s, arrives, s.buyer, order.Dispute, market.OrderInput{Reason: reason}, func(*sale) {})
	case refunded:
		amount := cash(100)
		reason := s.say("a scratch I had not seen", "有一處沒注意到的刮痕")
		p.step(s, arrives, s.seller, order.Refund, market.OrderInput{Amount: &amount, Reason: reason}, p.arrived)
	default:
		p.step(s, arrives, s.buyer, order.Confirm, market.OrderInput{}, p.rate)
	}
}

func (p *play) arrived(s *sale) {
	p.step(s, within(s.random, hour, 3*hour), s.buyer, order.Confirm, market.OrderInput{}, p.rate)
}

// lapse ends an order that nobody pays, at the time it is due, as the site does.
func (p *play) lapse(s *sale, due time.Time) {
	p.at(due, "lapse of "+s.title, func(ctx context.Context) error {
		if err := p.Market.TickOrder(ctx, s.id); err != nil {
			return err
		}
		p.after(within(s.random, hour, 9*hour), "rating "+s.title, func(ctx context.Context) error { return p.feedback(ctx, s, s.seller) })
		return nil
	})
}

// rate lets both sides rate each other, the buyer first.
func (p *play) rate(s *sale) {
	p.after(within(s.random, hour, 7*hour), "rating "+s.title, func(ctx context.Context) error { return p.feedback(ctx, s, s.buyer) })
	p.after(within(s.random, 8*hour, 18*hour), "rating "+s.title, func(ctx context.Context) error { return p.feedback(ctx, s, s.seller) })
}

func (p *play) feedback(ctx context.Context, s *sale, by market.Actor) error {
	_, _, err := p.Market.LeaveFeedback(ctx, by, market.Key{}, s.id, p.words.rate(s, by))
	return err
}

// say is a sentence in the seller's or buyer's language: that of the seller, who reads it in any case.
func (s *sale) say(english, chinese string) string {
	if s.seller.Locale == zh {
		return chinese
	}
	return english
}
