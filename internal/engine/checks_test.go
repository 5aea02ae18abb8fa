package engine_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/deal"
	"haggle/internal/deal/registry"
	"haggle/internal/engine"
	"haggle/internal/ledger"
	"haggle/internal/money"
	"haggle/internal/order"
	"haggle/internal/store"
)

// log is a deal's log as it is served.
func (w *world) log(dealID string) []byte {
	w.Helper()
	var b bytes.Buffer
	w.must(w.WriteLog(bg, dealID, -1, &b))
	return b.Bytes()
}

// verified recomputes a deal's log as a stranger would.
func (w *world) verified(dealID string) *deal.Transcript {
	w.Helper()
	t, err := deal.VerifyBytes(w.log(dealID), registry.All())
	if err != nil {
		w.Fatalf("log of %s: %v\n%s", dealID, err, w.log(dealID))
	}
	return t
}

// proves holds receipts against the log: each must stand there, under the site's signature.
func (w *world) proves(dealID string, receipts ...deal.Receipt) {
	w.Helper()
	lines := w.verified(dealID).Lines
	for _, r := range receipts {
		if err := deal.CheckReceipt(r, logPublic, lines); err != nil {
			w.Fatalf("receipt of line %d of %s: %v", r.Seq, dealID, err)
		}
	}
}

// booksAgree recomputes all balances, holds and escrows from the journal.
func (w *world) booksAgree() {
	w.Helper()
	report, err := w.VerifyLedger(bg)
	w.must(err)
	for _, f := range report.Findings {
		w.Errorf("books: %+v", f)
	}
}

// money holds somebody's balance against what it must be, in cash units.
func (w *world) money(who string, available, held money.Amount) {
	w.Helper()
	b, err := w.Balance(bg, who)
	w.must(err)
	if b.Available != available*unit || b.Held != held*unit {
		w.Errorf("%s has %d available and %d held, want %d and %d", who, b.Available/unit, b.Held/unit, available, held)
	}
}

// nothingHeld says that no money is held for a deal any more.
func (w *world) nothingHeld(dealID string) {
	w.Helper()
	holds := store.NewCollection[ledger.Hold](w.store, engine.Holds)
	w.must(holds.Scan(bg, func(h ledger.Hold) error {
		if h.Deal == dealID && (h.Amount != 0 || h.State == ledger.Open) {
			w.Errorf("hold %s is %s with %d", h.ID, h.State, h.Amount)
		}
		return nil
	}))
	crowd, err := w.Crowd(bg, dealID)
	w.must(err)
	for _, s := range crowd {
		if s.Hold != 0 {
			w.Errorf("the standing of %s in %s holds %d", s.Account, dealID, s.Hold)
		}
	}
}

// orders lists a deal's orders by the line that won them.
func (w *world) orders(dealID string) []order.Order {
	w.Helper()
	page, err := w.FindOrders(bg, store.Query{Index: "deal", Eq: []any{dealID}})
	w.must(err)
	return page.Docs
}

// awards lists a deal's awards by rank.
func (w *world) awards(dealID string) []engine.AwardRow {
	w.Helper()
	page, err := w.Awards(bg, dealID, 0, "")
	w.must(err)
	return page.Docs
}

// order is the only order of a deal.
func (w *world) order(dealID string) order.Order {
	w.Helper()
	return only(w, w.orders(dealID))
}

// award is the only award of a deal.
func (w *world) award(dealID string) engine.AwardRow {
	w.Helper()
	return only(w, w.awards(dealID))
}

func only[T any](w *world, all []T) T {
	w.Helper()
	if len(all) != 1 {
		w.Fatalf("there are %d of them, want one: %+v", len(all), all)
	}
	return all[0]
}

// ended holds a deal's end against what it must be, and everything that must hold at every end.
func (w *world) ended(dealID string, status deal.Status, awards int) *deal.Transcript {
	w.Helper()
	d := w.deal(dealID)
	if d.Status != status || d.NextAt != nil {
		w.Errorf("%s is %s and due at %v, want %s and never", dealID, d.Status, d.NextAt, status)
	}
	t := w.verified(dealID)
	if !t.IsClosed() || d.Seq != t.Lines[len(t.Lines)-1].Seq || d.Hash != t.Lines[len(t.Lines)-1].Hash {
		w.Errorf("the deal's head is line %d, its log ends with %d, closed: %v", d.Seq, t.Lines[len(t.Lines)-1].Seq, t.IsClosed())
	}
	rows := w.awards(dealID)
	if len(rows) != awards || len(t.Awards()) != awards {
		w.Errorf("%s has %d awards in its log and %d rows, want %d", dealID, len(t.Awards()), len(rows), awards)
	}
	for _, a := range rows {
		if o, err := w.Order(bg, a.Order); err != nil || o.Total != a.Total+o.Fees || o.Quantity != a.Quantity {
			w.Errorf("award %d of %s and its order %+v: %v", a.Rank, dealID, o, err)
		}
	}
	w.nothingHeld(dealID)
	w.booksAgree()
	if err := deal.CheckHead(dealID, w.Head(d), logPublic); err != nil {
		w.Errorf("head of %s: %v", dealID, err)
	}
	return t
}

// digest is a hash of everything stored.
func (w *world) digest() string {
	w.Helper()
	h := sha256.New()
	for _, spec := range engine.Specs() {
		fmt.Fprintf(h, "%s\n", spec.Name)
		w.must(w.store.Scan(bg, spec.Name, func(doc bson.Raw) error {
			_, err := h.Write(doc)
			return err
		}))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// unchanged runs f and says whether anything stored is different after it.
func (w *world) unchanged(what string, f func()) {
	w.Helper()
	before := w.digest()
	f()
	if w.digest() != before {
		w.Errorf("%s changed the store", what)
	}
}

// grouping names the collections that show how entries were grouped into commits, which is nobody's business.
var grouping = map[string]bool{engine.Segments: true, engine.Outbox: true}

// dump is all that is stored, but for how it was grouped into commits: logs as served, documents as stored without
// versions and places in a commit's tree.
func (w *world) dump() string {
	w.Helper()
	var b strings.Builder
	for _, spec := range engine.Specs() {
		if grouping[spec.Name] {
			continue
		}
		fmt.Fprintf(&b, "# %s\n", spec.Name)
		w.must(w.store.Scan(bg, spec.Name, func(doc bson.Raw) error {
			if spec.Name == engine.Deals {
				b.Write(w.log(doc.Lookup("_id").StringValue()))
			}
			fmt.Fprintln(&b, without(doc, spec.Name))
			return nil
		}))
	}
	return b.String()
}

// without is a document as text, without what depends on the grouping into commits.
func without(doc bson.Raw, coll string) string {
	var d bson.D
	if err := bson.Unmarshal(doc, &d); err != nil {
		return err.Error()
	}
	var kept bson.D
	for _, e := range d {
		switch {
		case e.Key == "version" && (coll == engine.Deals || coll == engine.Balances), e.Key == "root", e.Key == "path", e.Key == "answer":
			continue
		}
		kept = append(kept, e)
	}
	return fmt.Sprint(kept)
}

// same says whether two dumps are equal, and shows the first line that is not.
func (w *world) same(what, got, want string) {
	w.Helper()
	if got == want {
		return
	}
	g, t := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(t)) {
		if g[i] != t[i] {
			w.Fatalf("%s: line %d of the dump is\n%s\nwant\n%s", what, i, g[i], t[i])
		}
	}
	w.Fatalf("%s: the dump has %d lines, want %d", what, len(g), len(t))
}

// encodedText is how a value is stored, as text.
func (w *world) encodedText(v any) string {
	w.Helper()
	if v == nil {
		return ""
	}
	raw, err := bson.Marshal(v)
	w.must(err)
	return bson.Raw(raw).String()
}
