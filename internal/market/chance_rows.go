package market

import (
	"context"
	"time"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/money"
	"haggle/internal/store"
)

// ChanceRow is what becomes of an auction whose winner did not pay. It is written with the end of his order, and says
// what is still to do.
type ChanceRow struct {
	ID      string      `bson:"_id"` // of the order that was not paid
	Version int64       `bson:"version"`
	Deal    string      `bson:"deal"`
	Entry   int64       `bson:"entry"` // the line that had won
	State   ChanceState `bson:"state"`
	At      time.Time   `bson:"at"`
	NextAt  *time.Time  `bson:"nextAt,omitempty"` // when the site acts by itself; absent once nothing is to do

	Account string       `bson:"account,omitempty"` // to whom it is offered
	Price   money.Amount `bson:"price,omitempty"`
	Until   *time.Time   `bson:"until,omitempty"` // it cannot be taken from here on
}

// ChanceState is how far it is.
type ChanceState string

const (
	ChanceDue      ChanceState = "due"      // nobody has looked yet who is next
	ChancePassed   ChanceState = "passed"   // went to a backup at once
	ChanceNobody   ChanceState = "nobody"   // no other bid reaches the reserve
	ChanceOffered  ChanceState = "offered"  // waits for an answer
	ChanceTaken    ChanceState = "taken"    // accepted
	ChanceDeclined ChanceState = "declined" // not wanted
	ChanceOver     ChanceState = "over"     // not answered in time
)

// Chances is the collection of them.
const Chances = "second_chances"

func chanceSpec() store.Spec {
	field := func(path string) store.Field { return store.Field{Path: path} }
	return store.Spec{Name: Chances, Shape: ChanceRow{}, Indexes: []store.Index{
		{Name: "next", Fields: []store.Field{field("nextAt")}, Sparse: true},
		{Name: "deal", Fields: []store.Field{field("account"), field("deal"), field("at")}, Sparse: true},
		{Name: "state", Fields: []store.Field{field("account"), field("state"), field("at")}, Sparse: true},
	}}
}

// setChance stores a change of a row; inside a transaction. Where somebody else changed it meanwhile all fails.
func (m *Market) setChance(ctx context.Context, r ChanceRow) error {
	r.Version++
	return m.rows.chances.Replace(ctx, store.Changed[ChanceRow]{ID: r.ID, Version: r.Version - 1, Doc: r})
}

// chanceIn is the newest second chance that somebody was given in a deal; ok is false where he never was.
func (m *Market) chanceIn(ctx context.Context, account, dealID string) (r ChanceRow, ok bool, err error) {
	page, err := m.rows.chances.Find(ctx, store.Query{Index: "deal", Eq: []any{account, dealID}, Desc: true, Limit: 1})
	if err != nil || len(page.Docs) == 0 {
		return r, false, err
	}
	return page.Docs[0], true, nil
}

// open says whether it can be taken now.
func (r ChanceRow) open(now time.Time) bool {
	return r.State == ChanceOffered && r.Until != nil && now.Before(*r.Until)
}

// mail tells somebody of it.
func (r ChanceRow) mail(what, account string, d engine.Deal, now time.Time) MailRow {
	return newMail("chance-"+r.ID+"-"+string(r.State)+"-"+account, what, account, Facts{Deal: d.ID, Title: d.Title, Amount: r.Price, DueAt: r.Until}, now)
}

// view is the offer as whoever it is made to sees it.
func (m *Market) chanceView(r ChanceRow, d engine.Deal) SecondChanceView {
	return SecondChanceView{Deal: d.ID, URL: m.dealURL(d.ID), Title: d.Title, Price: r.Price, Until: At(*r.Until)}
}

// addChance adds what a reader may buy in a deal whose winner did not pay. Nobody else sees it.
func (m *Market) addChance(ctx context.Context, a Actor, d engine.Deal, me *MeInDeal) error {
	r, ok, err := m.chanceIn(ctx, a.Account, d.ID)
	if err == nil && ok && r.open(m.Now()) {
		v := m.chanceView(r, d)
		me.SecondChance = &v
	}
	return err
}

// chancesShown bounds the second chances that one person is shown at once.
const chancesShown = 24

// SecondChances lists what the actor may buy since winners did not pay, the newest first.
func (m *Market) SecondChances(ctx context.Context, a Actor) ([]SecondChanceView, error) {
	if err := need(a, ScopeRead); err != nil {
		return nil, err
	}
	page, err := m.rows.chances.Find(ctx, store.Query{Index: "state", Eq: []any{a.Account, string(ChanceOffered)}, Desc: true, Limit: chancesShown})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(page.Docs))
	for i, r := range page.Docs {
		ids[i] = r.Deal
	}
	deals, err := m.dealsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := []SecondChanceView{}
	for _, r := range page.Docs {
		if d, there := deals[r.Deal]; there && d.Status == deal.Settled && r.open(m.Now()) {
			out = append(out, m.chanceView(r, d))
		}
	}
	return out, nil
}
