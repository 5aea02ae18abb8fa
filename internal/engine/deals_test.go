package engine_test

import (
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/english"
	"haggle/internal/deal/fixed"
	"haggle/internal/deal/group"
	"haggle/internal/deal/request"
	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// owner opens every deal of these tests.
const owner = "owner"

// day is how long deals are open here where nothing else is said.
const day = 24 * time.Hour

// opening is a deal of the owner's that closes after d; 0: never.
func (w *world) opening(id string, kind deal.Kind, terms any, d time.Duration) engine.Opening {
	return engine.Opening{Deal: engine.Deal{ID: id, Kind: kind, Owner: owner, FeeBasis: 500, Particulars: engine.Particulars{Title: "tea"}}, Duration: d, Terms: terms, Salts: salts(id)}
}

func (w *world) open(o engine.Opening) engine.Deal {
	w.Helper()
	got, err := w.Open(bg, o)
	if err != nil {
		w.Fatalf("open %s: %v", o.Deal.ID, err)
	}
	return got.Deal
}

// auction opens an English auction from 1,000 units on, in steps of one unit, with a hard close.
func (w *world) auction(id string, change ...func(*english.Terms)) engine.Deal {
	w.Helper()
	t := &english.Terms{StartPrice: 1000 * unit, Increments: [][2]money.Amount{{0, unit}}, SoftClose: &english.SoftClose{}}
	for _, c := range change {
		c(t)
	}
	return w.open(w.opening(id, deal.English, t, day))
}

// listing opens a fixed-price listing of n pieces at 100 units each.
func (w *world) listing(id string, n int64) engine.Deal {
	w.Helper()
	return w.open(w.opening(id, deal.Fixed, &fixed.Terms{Price: 100 * unit, Quantity: &n}, day))
}

// group opens a group buy: from 2 pieces on 80 units each, from 4 on 70, from 8 on 60; no last phase.
func (w *world) group(id string, change ...func(*group.Terms)) engine.Deal {
	w.Helper()
	t := &group.Terms{Tiers: []group.Tier{{From: 2, UnitPrice: 80 * unit}, {From: 4, UnitPrice: 70 * unit}, {From: 8, UnitPrice: 60 * unit}},
		LastPhaseSeconds: deal.Ptr(int64(0))}
	for _, c := range change {
		c(t)
	}
	return w.open(w.opening(id, deal.Group, t, day))
}

// request opens a request for 2 pieces at 500 units each, awarded by a rule.
func (w *world) request(id string, rule request.Rule, change ...func(*request.Terms)) engine.Deal {
	w.Helper()
	t := &request.Terms{NamedPrice: 500 * unit, Quantity: deal.Ptr(int64(2)), Rule: rule}
	for _, c := range change {
		c(t)
	}
	return w.open(w.opening(id, deal.Request, t, day))
}

func (w *world) bid(dealID, who string, units money.Amount) engine.Submission {
	return w.submission(dealID, who, deal.Bid, english.Bid{Max: units * unit})
}

func (w *world) buyNow(dealID, who string) engine.Submission {
	return w.submission(dealID, who, deal.Buy, english.Buy{Quantity: 1})
}

func (w *world) buy(dealID, who string, n int64) engine.Submission {
	return w.submission(dealID, who, deal.Buy, fixed.Buy{Quantity: &n})
}

func (w *world) pledge(dealID, who string, n int64) engine.Submission {
	return w.submission(dealID, who, deal.Pledge, group.Pledge{Quantity: n})
}

func (w *world) pledgeUpTo(dealID, who string, n int64, ceiling money.Amount) engine.Submission {
	return w.submission(dealID, who, deal.Pledge, group.Pledge{Quantity: n, Ceiling: deal.Ptr(ceiling * unit)})
}

func (w *world) withdraw(dealID, who string) engine.Submission {
	return w.submission(dealID, who, deal.Withdraw, nil)
}

func (w *world) quote(dealID, who string, units money.Amount) engine.Submission {
	return w.submission(dealID, who, deal.Quote, request.Quote{UnitPrice: units * unit})
}

// byOwner is an entry of the deal's owner.
func (w *world) byOwner(dealID string, act deal.Act, values any) engine.Submission {
	s := w.submission(dealID, owner, act, values)
	s.Entry.Role = deal.Owner
	return s
}

// bySite is the site's word on somebody's purchase.
func (w *world) bySite(dealID, buyer string, act deal.Act, values any) engine.Submission {
	s := w.submission(dealID, buyer, act, values)
	s.Entry.Role = deal.Site
	return s
}

// under puts an idempotency key on an entry; the hash stands for the whole request.
func under(s engine.Submission, key, hash string) engine.Submission {
	s.Key = &engine.Key{Account: s.Entry.Account, Value: key, Hash: hash}
	return s
}

// refused submits an entry that must be refused with a code.
func (w *world) refused(s engine.Submission, code fault.Code) *fault.Error {
	w.Helper()
	_, err := w.Submit(bg, s)
	if !fault.Is(err, code) {
		w.Fatalf("%s of %s in %s: %v, want %s", s.Entry.Act, s.Entry.Account, s.Deal, err, code)
	}
	return fault.From(err)
}

// close lets a deal's time pass, decides and settles it.
func (w *world) close(dealID string) engine.Deal {
	w.Helper()
	d := w.deal(dealID)
	if d.Status == deal.Open {
		w.clock.set(*d.ClosesAt)
		w.expire(dealID)
	}
	w.must(w.Settle(bg, dealID))
	return w.deal(dealID)
}

// expire decides a deal that must be due.
func (w *world) expire(dealID string) {
	w.Helper()
	if closing, err := w.Expire(bg, dealID); err != nil || !closing {
		w.Fatalf("expire %s: closing %v, %v", dealID, closing, err)
	}
}

func (w *world) deal(id string) engine.Deal {
	w.Helper()
	d, err := w.Deal(bg, id)
	w.must(err)
	return d
}

// fixedTerms are those of a listing of one piece.
func fixedTerms() *fixed.Terms { return &fixed.Terms{Price: 100 * unit} }
