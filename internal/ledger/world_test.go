package ledger

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"haggle/internal/money"
	"haggle/internal/order"
)

// world is a market as far as money goes, kept the way the engine keeps it: what the documents say, and the journal of
// how it came to be. Everything in it follows the rules.
type world struct {
	now       time.Time
	journal   []Transfer
	balances  map[string]Balance
	holds     map[string]Hold
	standings map[string]standing // by hold id
	orders    map[string]order.Order
	closed    map[string]bool // deals
	seq       int64
}

type standing struct {
	deal, user string
	held       money.Amount
}

func newWorld() *world {
	return &world{now: noon, balances: map[string]Balance{}, holds: map[string]Hold{}, standings: map[string]standing{},
		orders: map[string]order.Order{}, closed: map[string]bool{}}
}

func (w *world) next() string { w.seq++; return strconv.FormatInt(w.seq, 10) }

// post books a transfer, or refuses it and leaves no trace.
func (w *world) post(t Transfer) bool {
	if t.Check() != nil {
		return false
	}
	after := map[string]Balance{}
	for _, p := range t.Postings {
		user, _, ok := p.Account.User()
		if !ok {
			continue
		}
		b := w.balances[user]
		b.User = user
		next, err := Apply(b, t)
		if err != nil {
			return false
		}
		after[user] = next
	}
	maps.Copy(w.balances, after)
	w.journal = append(w.journal, t)
	return true
}

// hold changes what is held of somebody for an open deal.
func (w *world) hold(deal, user string, amount money.Amount) bool {
	id := HoldID(deal, user)
	before := w.standings[id].held
	w.seq++
	if w.closed[deal] || before == amount || !w.post(HoldChange(deal, user, w.seq, before, amount, w.now)) {
		return false
	}
	w.putHold(deal, user, amount, Released)
	return true
}

func (w *world) putHold(deal, user string, amount money.Amount, ended HoldState) {
	h := Hold{ID: HoldID(deal, user), User: user, Deal: deal, Amount: amount, State: Open, At: w.now}
	if amount == 0 {
		h.State = ended
	}
	w.holds[h.ID] = h
	w.standings[h.ID] = standing{deal, user, amount}
}

// close ends a deal: every hold becomes an order of the price, at most what is held, or goes back.
func (w *world) close(deal, seller string, price func(held money.Amount) money.Amount) {
	for _, id := range slices.Sorted(maps.Keys(w.standings)) {
		s := w.standings[id]
		if s.deal != deal || s.held == 0 {
			continue
		}
		total := price(s.held)
		if total == 0 {
			w.post(Release(deal, s.user, s.held, w.now))
			w.putHold(deal, s.user, 0, Released)
			continue
		}
		o := w.order(deal, s.user, seller, total)
		w.post(Capture(deal, o.ID, s.user, s.held, total, w.now))
		w.putHold(deal, s.user, 0, Posted)
		o, _, _ = order.Step(o, order.Pay, order.Site, w.now, order.Args{})
		w.orders[o.ID] = o
	}
	w.closed[deal] = true
}

// order begins an order that awaits its payment.
func (w *world) order(deal, buyer, seller string, total money.Amount) order.Order {
	w.seq++
	o := order.New(order.Order{ID: order.ID(deal, w.seq), Deal: deal, Buyer: buyer, Seller: seller, Total: total, FeeBasis: 500, CashUnit: 100}, w.now, time.Time{})
	w.orders[o.ID] = o
	return o
}

// step moves an order and books what it moves, all of it or nothing.
func (w *world) step(id string, act order.Act, by order.Side, amount money.Amount, card bool) bool {
	next, moves, err := order.Step(w.orders[id], act, by, w.now, order.Args{Amount: amount})
	if err != nil {
		return false
	}
	for _, m := range moves {
		for i, t := range w.transfers(next, m, card) {
			if !w.post(t) {
				return i > 0 // only the first transfer of a move can be refused
			}
		}
	}
	w.orders[id] = next
	return true
}

func (w *world) transfers(o order.Order, m order.Move, card bool) []Transfer {
	switch {
	case m.Kind == order.MovePay && card:
		return []Transfer{PayByCard(o.ID, "card", m.Amount, w.now)}
	case m.Kind == order.MovePay:
		return []Transfer{Pay(o.ID, o.Buyer, m.Amount, w.now)}
	case m.Kind == order.MovePayout:
		return []Transfer{Payout(o.ID, o.Seller, m.Amount, m.Fee, w.now)}
	case m.Kind == order.MoveRefund:
		return []Transfer{Refund(o.ID, o.Buyer, m.Amount, m.N, w.now)}
	}
	if !m.Forced {
		return []Transfer{GiveBack(o.ID, o.Seller, m.Amount, m.Fee, m.N, w.now), Refund(o.ID, o.Buyer, m.Amount, m.N, w.now)}
	}
	return []Transfer{ClawBack(o.ID, o.Seller, m.Amount, m.Fee, m.N, w.now), Refund(o.ID, o.Buyer, m.Amount, m.N, w.now)}
}

// audit reads the whole world, the kinds in the turn that is given.
func (w *world) audit(turn ...int) Report {
	a := NewAudit()
	read := []func(){
		func() {
			byID := func(x, y Transfer) int { return strings.Compare(x.ID, y.ID) }
			for _, t := range slices.SortedStableFunc(slices.Values(w.journal), byID) {
				a.Transfer(t)
			}
		},
		func() { each(w.balances, a.Balance) },
		func() { each(w.holds, a.Hold) },
		func() { each(w.orders, func(o order.Order) { a.Order(o.ID, o.InEscrow(), o.FeeTaken) }) },
		func() { each(w.standings, func(s standing) { a.Standing(s.deal, s.user, s.held, w.closed[s.deal]) }) },
	}
	if len(turn) == 0 {
		turn = []int{0, 1, 2, 3, 4}
	}
	for _, i := range turn {
		read[i]()
	}
	return a.Report()
}

func each[V any](m map[string]V, read func(V)) {
	for _, k := range slices.Sorted(maps.Keys(m)) {
		read(m[k])
	}
}
