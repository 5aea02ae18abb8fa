//go:build unix

package acceptance

import (
	"context"
	"slices"

	"haggle/cmd/haggle/sandboxbook"
	"haggle/internal/engine"
	"haggle/internal/ledger"
	rows "haggle/internal/market"
	"haggle/internal/pay"
	"haggle/internal/pay/sandbox"
	"haggle/internal/store"
	"haggle/internal/store/mongo"
	"haggle/internal/store/sqlite"
)

const (
	goodCard     = "4242424242424242"
	declinedCard = "4000000000000002"
)

// acts are all that call the gateway, each with all of its points.
func (s *stepper) acts() []act {
	charge := theSteps("charge")
	back := []string{"before commit", "after commit", "before refund", "after refund", "before commit", "after commit"}
	held := slices.Concat(charge[:4], back)                    // the entry is refused: its commit writes no intent
	twice := slices.Concat(charge[:4], charge[:1], charge[2:]) // the twin finds the intent stored
	return []act{
		{"deposit", charge, 0, 1, 1, s.deposit(goodCard, 201)},
		{"declined deposit", charge, 0, 1, 0, s.deposit(declinedCard, 402)},
		{"order paid by card", charge, 0, 1, 1, s.payOrder(s.awardedOrder, nil, 200)},
		{"purchase paid by card", charge, 0, 1, 1, s.payOrder(s.purchase, nil, 200)},
		{"buy-now by card", charge, 0, 1, 1, s.buyNow(noRival)},
		{"buy-now by card, outbid meanwhile", held, 4, 5, 0, s.buyNow(outbid)},
		{"buy-now by card, sent twice at once", twice, 4, len(twice) + 1, 1, s.buyNow(sentTwice)},
		{"order paid by card, paid otherwise meanwhile", held, 4, 5, 0, s.payOrder(s.awardedOrder, payFromWallet, 409)},
		{"withdrawal", theSteps("payout"), 0, 1, -1, s.withdrawal},
	}
}

func (s *stepper) keyed(p person, path string, body obj) sent {
	return sent{p: p, path: path, body: body, key: "step"} // keys belong to their account
}

func (s *stepper) has(p person, available int64) func() {
	return func() {
		s.t.Helper()
		if got, held := p.wallet(); got != available || held != 0 {
			s.t.Errorf("%s: the wallet has %d, %d held; want %d", s.named[s.amount], got, held, available)
		}
	}
}

func (s *stepper) deposit(card string, status int) func(int64) trial {
	return func(amount int64) trial {
		p := s.person("saver", 0)
		has := amount
		if status != 201 {
			has = 0
		}
		return trial{request: s.keyed(p, "/wallet/deposits", obj{"amount": amount, "card": card}), status: status, holds: s.has(p, has)}
	}
}

func (s *stepper) withdrawal(amount int64) trial {
	p := s.person("saver", plenty)
	return trial{request: s.keyed(p, "/wallet/withdrawals", obj{"amount": amount, "method": "bank"}), status: 201, holds: s.has(p, plenty-amount)}
}

// awardedOrder is an unpaid order that moves alone.
func (s *stepper) awardedOrder(buyer person, amount int64) string {
	id := buyer.request(days, obj{"namedPrice": amount, "binding": false})
	s.person("seller", 0).do("POST", quotes(id), obj{"unitPrice": amount}).want(201)
	return buyer.closed(id, insisting).str("outcome.awards.0.order")
}

// purchase is an unpaid order whose payment is an entry of its deal.
func (s *stepper) purchase(buyer person, amount int64) string {
	id := s.person("seller", 0).fixed(obj{"price": amount})
	return buyer.do("POST", purchases(id), obj{"quantity": 1}).want(201).obj().str("order.id")
}

func payFromWallet(buyer person, order string) {
	buyer.do("POST", steps(order, "pay"), obj{"method": "wallet"}).want(200)
}

func (s *stepper) payOrder(place func(person, int64) string, rival func(person, string), status int) func(int64) trial {
	return func(amount int64) trial {
		buyer := s.person("buyer", 0)
		if rival != nil {
			buyer = s.person("buyer", plenty)
		}
		order := place(buyer, amount)
		return trial{request: s.keyed(buyer, steps(order, "pay"), obj{"card": goodCard}), status: status,
			rival: func() { rival(buyer, order) },
			holds: func() {
				if o := buyer.do("GET", "/orders/"+order, nil).want(200).obj(); o.str("status") != "paid" {
					s.t.Errorf("%s: the order is %s", s.named[s.amount], o.str("status"))
				}
			}}
	}
}

// What a rival does while a card is charged for a buy-now.
const (
	noRival = iota
	outbid
	sentTwice
)

func (s *stepper) buyNow(rival int) func(int64) trial {
	return func(amount int64) trial {
		id := s.person("seller", 0).auction(days, obj{"startPrice": 10_000, "buyNowPrice": amount})
		buyer := s.person("buyer", 0)
		x := trial{request: s.keyed(buyer, purchases(id), obj{"card": goodCard}), status: 201, holds: func() {
			if d := buyer.closed(id, insisting); d.str("outcome.result") != "sold" || d.num("outcome.unitPrice") != amount {
				s.t.Errorf("%s: %v", s.named[s.amount], d["outcome"])
			}
		}}
		switch rival {
		case outbid:
			x.status, x.holds = 422, s.has(buyer, 0)
			x.rival = func() { s.person("rival", 0).do("POST", bids(id), obj{"max": 20_000}).want(201) }
		case sentTwice:
			twin := x.request
			x.rival = func() {
				if twin.send(); twin.ack == nil || twin.ack.status != 201 {
					s.t.Errorf("the twin: %+v", twin.ack)
				}
			}
		}
		return x
	}
}

// read opens the market's store beside the running site.
func (s *stepper) read(fn func(ctx context.Context, e store.Engine)) {
	s.t.Helper()
	ctx := context.Background()
	e, err := func() (store.Engine, error) {
		if s.mongo != "" {
			return mongo.Open(ctx, s.mongo, "every_step", store.Hooks{})
		}
		return sqlite.Open(s.site.Data, store.Hooks{})
	}()
	if err != nil {
		s.t.Fatal(err)
	}
	defer e.Close()
	if err := e.Ensure(ctx, slices.Concat(rows.Specs(), sandboxbook.Specs())); err != nil {
		s.t.Fatal(err)
	}
	fn(ctx, e)
}

// open are the intents that nobody has finished yet.
func (s *stepper) open() (ids []string) {
	s.t.Helper()
	s.read(func(ctx context.Context, e store.Engine) {
		err := store.NewCollection[rows.IntentRow](e, rows.Intents).Scan(ctx, func(r rows.IntentRow) error {
			if r.OpenAt != nil {
				ids = append(ids, r.ID+" "+r.State)
			}
			return nil
		})
		if err != nil {
			s.t.Fatal(err)
		}
	})
	return ids
}

// flow is which way the money of a call goes, as the gateway sees it.
var flow = map[pay.Act]int64{pay.Charged: 1, pay.Captured: 1, pay.Refunded: -1, pay.PaidOut: -1}

// gateway adds up, by the amount of the call, what came in and went out: as the gateway's own journal has it, and as our
// ledger has it. A call whose intent we do not know would be money that nobody missed.
func (s *stepper) gateway() (theirs, ours map[int64]int64) {
	s.t.Helper()
	theirs, ours = map[int64]int64{}, map[int64]int64{}
	s.read(func(ctx context.Context, e store.Engine) {
		intents := store.NewCollection[rows.IntentRow](e, rows.Intents)
		err := store.NewCollection[sandbox.Record](e, sandboxbook.Collection).Scan(ctx, func(r sandbox.Record) error {
			if _, err := intents.Get(ctx, r.Root); err != nil {
				s.t.Errorf("the gateway did %s for the intent %s: %v", r.Act, r.Root, err)
			}
			if r.State == pay.Succeeded {
				theirs[int64(r.Amount)] += flow[r.Act] * int64(r.Amount)
			}
			return nil
		})
		if err != nil {
			s.t.Fatal(err)
		}
		err = store.NewCollection[engine.JournalRow](e, engine.Journal).Scan(ctx, func(r engine.JournalRow) error {
			for _, p := range r.Postings {
				if p.Account == ledger.Gateway("sandbox") {
					ours[max(int64(p.Amount), -int64(p.Amount))] -= int64(p.Amount)
				}
			}
			return nil
		})
		if err != nil {
			s.t.Fatal(err)
		}
	})
	return theirs, ours
}
