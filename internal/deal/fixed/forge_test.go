package fixed

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"haggle/internal/deal"
	"haggle/internal/money"
)

// draft is a log line before it is chained, free to be forged.
type draft struct {
	at   time.Time
	who  string
	kind deal.LineKind
	body deal.Body
}

func drafts(lines []deal.Line) []draft {
	out := make([]draft, len(lines))
	for i, l := range lines {
		out[i] = draft{at: l.At, who: l.Who, kind: l.Kind, body: cloned(l.Body)}
	}
	return out
}

func cloned(b deal.Body) deal.Body {
	b = maps.Clone(b)
	for k, v := range b {
		if inner, ok := v.(deal.Body); ok {
			b[k] = cloned(inner)
		}
	}
	return b
}

// rechained writes forged lines as a log whose chain is sound.
func rechained(tb testing.TB, dealID string, ds []draft) []byte {
	tb.Helper()
	head := deal.NewHead()
	var lines []deal.Line
	for _, x := range ds {
		l, err := deal.Append(head, dealID, x.at, deal.LineDraft{Who: x.who, Kind: x.kind, Body: x.body})
		if err != nil {
			tb.Fatal(err)
		}
		lines, head = append(lines, l), l.Head()
	}
	return joined(lines)
}

func find(ds []draft, k deal.LineKind, act deal.Act) int {
	return slices.IndexFunc(ds, func(x draft) bool { return x.kind == k && (act == "" || x.body["act"] == string(act)) })
}

// forgeries are ways to falsify a log; each gives false where the log has nothing of that sort.
var forgeries = map[string]func(ds []draft, d *desk) ([]draft, bool){
	"stock that does not fall": func(ds []draft, _ *desk) ([]draft, bool) {
		i := find(ds, deal.Entered, deal.Buy)
		if i < 0 {
			return nil, false
		}
		after := ds[i].body["after"].(deal.Body)
		after["left"] = after["left"].(int64) + 1
		return ds, true
	},
	"oversold": func(ds []draft, d *desk) ([]draft, bool) {
		i := find(ds, deal.Entered, deal.Buy)
		if i < 0 {
			return nil, false
		}
		ds[i].body["quantity"] = d.frame.Terms.(*Terms).quantity() + 1
		ds[i].body["after"].(deal.Body)["left"] = int64(-1)
		return ds, true
	},
	"another price": func(ds []draft, _ *desk) ([]draft, bool) {
		i := find(ds, deal.Awarded, "")
		if i < 0 {
			return nil, false
		}
		n := money.Amount(ds[i].body["quantity"].(int64))
		ds[i].body["unitPrice"], ds[i].body["total"] = money.Amount(2400), 2400*n
		return ds, true
	},
	"an award to nobody": func(ds []draft, d *desk) ([]draft, bool) {
		i := find(ds, deal.Awarded, "")
		if i < 0 {
			return nil, false
		}
		ds[i].body["to"] = deal.Pseudonym(d.members + 1)
		return ds, true
	},
	"paid too late": func(ds []draft, _ *desk) ([]draft, bool) {
		i := find(ds, deal.Awarded, "")
		if i < 0 {
			return nil, false
		}
		for j := i; j < len(ds); j++ {
			ds[j].at = ds[j].at.Add(1000 * time.Hour)
		}
		return ds, true
	},
	"lapsed too early": func(ds []draft, _ *desk) ([]draft, bool) {
		i := find(ds, deal.Changed, deal.Lapse)
		if i < 0 {
			return nil, false
		}
		of := ds[i].body["of"].(int64)
		for j := range ds[:i+1] {
			ds[j].at = ds[of].at
		}
		return ds, ds[i].body["reason"] == string(deal.PaymentLapsed)
	},
	"a lapse forgotten": func(ds []draft, _ *desk) ([]draft, bool) {
		i := find(ds, deal.Changed, deal.Lapse)
		if i < 0 || i == len(ds)-1 || find(ds, deal.Closed, "") != i+1 {
			return nil, false
		}
		return slices.Delete(ds, i, i+1), true
	},
	"a lapse of another": func(ds []draft, _ *desk) ([]draft, bool) {
		i := find(ds, deal.Changed, deal.Lapse)
		if i < 0 {
			return nil, false
		}
		ds[i].body["of"] = int64(0)
		return ds, true
	},
	"a lapse by its buyer": func(ds []draft, _ *desk) ([]draft, bool) {
		i := find(ds, deal.Changed, deal.Lapse)
		if i < 0 {
			return nil, false
		}
		ds[i].who = "p1"
		return ds, true
	},
	"another result": func(ds []draft, _ *desk) ([]draft, bool) {
		i := find(ds, deal.Closed, "")
		if i < 0 {
			return nil, false
		}
		switch ds[i].body["result"] {
		case "sold":
			ds[i].body["result"], ds[i].body["reason"] = "failed", string(deal.Unpaid)
		case "failed":
			delete(ds[i].body, "reason")
			ds[i].body["result"] = "sold"
		default:
			ds[i].body["result"], ds[i].body["reason"] = "failed", string(deal.NoEntries)
		}
		return ds, true
	},
	"a lapse not counted": func(ds []draft, _ *desk) ([]draft, bool) {
		i := find(ds, deal.Changed, deal.Lapse)
		if i < 0 || ds[i].body["reason"] != string(deal.PaymentLapsed) {
			return nil, false
		}
		ds[i].body["reason"] = string(deal.BidderAsked)
		return ds, true
	},
	"an unknown key": func(ds []draft, _ *desk) ([]draft, bool) {
		ds[len(ds)-1].body["note"] = 1
		return ds, true
	},
	"a purchase of the owner": func(ds []draft, _ *desk) ([]draft, bool) {
		i := find(ds, deal.Entered, deal.Buy)
		if i < 0 {
			return nil, false
		}
		ds[i].who = "owner"
		return ds, true
	},
	"after the close": func(ds []draft, _ *desk) ([]draft, bool) {
		last := ds[len(ds)-1]
		return append(ds, draft{at: last.at, who: "site", kind: deal.Closed, body: deal.Body{"result": "sold", "awards": 0}}), last.kind == deal.Closed
	},
	"more stock": func(ds []draft, d *desk) ([]draft, bool) {
		ds[0].body["terms"].(deal.Body)["quantity"] = d.frame.Terms.(*Terms).quantity() + 1
		return ds, find(ds, deal.Entered, deal.Buy) > 0
	},
}

// forge falsifies a log in one way and expects the verifier to refuse it.
func forge(t *rapid.T, d *desk) {
	name := rapid.SampledFrom(slices.Sorted(maps.Keys(forgeries))).Draw(t, "forgery")
	forged, ok := forgeries[name](drafts(d.lines), d)
	if !ok {
		return
	}
	log := rechained(d.tb, d.frame.Deal, forged)
	if _, err := deal.VerifyBytes(log, registry); err == nil {
		t.Fatalf("a log with %q was accepted:\n%s", name, log)
	}
}

// TestForgedLogsAreRefused holds the verifier against logs whose chain is sound and whose story is not: each case
// names the line that is wrong first.
func TestForgedLogsAreRefused(t *testing.T) {
	closed := func(result, reason string, awards int) draft {
		b := deal.Body{"result": result, "awards": awards}
		if reason != "" {
			b["reason"] = reason
		}
		return draft{at: opening.Add(time.Minute), who: "site", kind: deal.Closed, body: b}
	}
	lapse := func(at time.Duration, of, left int64) draft {
		return draft{at: opening.Add(at), who: "site", kind: deal.Changed,
			body: deal.Body{"act": "lapse", "of": of, "reason": "payment_lapsed", "after": deal.Body{"left": left}}}
	}
	buy := func(at time.Duration, who string, left int64) draft {
		return draft{at: opening.Add(at), who: who, kind: deal.Entered, body: deal.Body{"act": "buy", "quantity": 1, "after": deal.Body{"left": left}}}
	}
	calledOff := lapse(payWithin-time.Millisecond, 1, 3)
	calledOff.body["reason"] = "bidder_asked"
	paid := func(at time.Duration, who string) draft {
		return draft{at: opening.Add(at), who: "site", kind: deal.Awarded, body: deal.Body{"to": who, "quantity": 1, "unitPrice": 2500, "total": 2500}}
	}
	for name, c := range map[string]struct {
		open  time.Duration
		lines []draft
		line  int64 // the first wrong one; −1: the log is sound
	}{
		"sound: bought, lapsed, bought, paid": {0, []draft{buy(0, "p1", 2), lapse(payWithin, 1, 3), buy(payWithin, "p1", 2), paid(payWithin, "p1")}, -1},
		"sound: two alike, the older paid":    {0, []draft{buy(0, "p1", 2), buy(time.Minute, "p1", 1), paid(2*time.Minute, "p1"), lapse(time.Hour, 2, 2)}, -1},
		"sound: two alike, the younger paid":  {0, []draft{buy(0, "p1", 2), buy(time.Minute, "p1", 1), paid(2*time.Minute, "p1"), lapse(time.Hour, 1, 2)}, -1},
		"paid and lapsed":                     {0, []draft{buy(0, "p1", 2), paid(0, "p1"), lapse(payWithin, 1, 3)}, 2},
		"paid twice":                          {0, []draft{buy(0, "p1", 2), paid(0, "p1"), paid(0, "p1")}, 3},
		"paid in the 30th minute":             {0, []draft{buy(0, "p1", 2), paid(payWithin, "p1")}, 2},
		"paid by another":                     {0, []draft{buy(0, "p1", 2), buy(0, "p2", 1), paid(0, "p1"), paid(0, "p1")}, 4},
		"lapsed twice":                        {0, []draft{buy(0, "p1", 2), lapse(payWithin, 1, 3), lapse(payWithin, 1, 4)}, 3},
		"sound: called off in time":           {0, []draft{buy(0, "p1", 2), calledOff}, -1},
		"lapsed a moment too early":           {0, []draft{buy(0, "p1", 2), lapse(payWithin-time.Millisecond, 1, 3)}, 2},
		"bought after two lapses": {0, []draft{buy(0, "p1", 2), buy(0, "p1", 1), lapse(payWithin, 1, 2), lapse(payWithin, 2, 3),
			buy(payWithin+24*time.Hour-time.Millisecond, "p1", 2)}, 5},
		"sound: bought a day after two lapses": {0, []draft{buy(0, "p1", 2), buy(0, "p1", 1), lapse(payWithin, 1, 2), lapse(payWithin, 2, 3),
			buy(payWithin+24*time.Hour, "p1", 2)}, -1},
		"four of three":                   {0, []draft{buy(0, "p1", 2), buy(0, "p1", 1), buy(0, "p1", 0), buy(0, "p1", -1)}, 4},
		"sold out and still open":         {0, []draft{buy(0, "p1", 2), buy(0, "p1", 1), buy(0, "p1", 0), paid(0, "p1"), paid(0, "p1"), paid(0, "p1"), lapse(payWithin, 1, 1)}, 6},
		"closed without a deadline":       {0, []draft{closed("failed", "no_entries", 0)}, 1},
		"closed before its deadline":      {time.Hour, []draft{closed("failed", "no_entries", 0)}, 1},
		"closed while unpaid":             {time.Minute, []draft{buy(0, "p1", 2), closed("failed", "unpaid", 0)}, 2},
		"sound: closed at its deadline":   {time.Minute, []draft{closed("failed", "no_entries", 0)}, -1},
		"the wrong reason":                {time.Minute, []draft{closed("failed", "unpaid", 0)}, 1},
		"sold, nothing paid":              {time.Minute, []draft{closed("sold", "", 0)}, 1},
		"cancelled too late":              {time.Minute, []draft{closed("cancelled", "owner_withdrew", 0)}, 1},
		"sound: cancelled":                {0, []draft{closed("cancelled", "owner_withdrew", 0)}, -1},
		"cancelled under a buyer":         {0, []draft{buy(0, "p1", 2), closed("cancelled", "owner_withdrew", 0)}, 2},
		"sound: cancelled by a moderator": {0, []draft{buy(0, "p1", 2), closed("cancelled", "moderator", 0)}, -1},
		"a bid in a listing":              {0, []draft{{at: opening, who: "p1", kind: deal.Entered, body: deal.Body{"act": "bid"}}}, 1},
		"an offer's price in a listing":   {0, []draft{{at: opening, who: "p1", kind: deal.Entered, body: deal.Body{"act": "buy", "quantity": 1, "unitPrice": 2000, "after": deal.Body{"left": 2}}}}, 1},
		"ended early by the site":         {0, []draft{{at: opening, who: "site", kind: deal.Changed, body: deal.Body{"act": "end_early", "of": 0, "reason": "owner_withdrew", "after": deal.Body{"left": 3, "closesAt": deal.FormatTime(opening)}}}}, 1},
		"ended early at another time":     {0, []draft{{at: opening, who: "owner", kind: deal.Changed, body: deal.Body{"act": "end_early", "of": 0, "reason": "owner_withdrew", "after": deal.Body{"left": 3, "closesAt": deal.FormatTime(opening.Add(1e9))}}}}, 1},
		"ended early after its deadline":  {time.Second, []draft{{at: opening.Add(time.Minute), who: "owner", kind: deal.Changed, body: deal.Body{"act": "end_early", "of": 0, "reason": "owner_withdrew", "after": deal.Body{"left": 3, "closesAt": deal.FormatTime(opening.Add(time.Minute))}}}}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			d := mustOpen(t, 2500, 3, c.open)
			log := rechained(t, d.frame.Deal, append(drafts(d.lines), c.lines...))
			_, err := deal.VerifyBytes(log, registry)
			var wrong *deal.LineError
			switch {
			case c.line < 0 && err != nil:
				t.Fatalf("%v\n%s", err, log)
			case c.line >= 0 && (!errors.As(err, &wrong) || wrong.Line != c.line):
				t.Fatalf("%v, want a wrong line %d\n%s", err, c.line, log)
			}
		})
	}
}

func TestForgedTermsAreRefused(t *testing.T) {
	for name, forge := range map[string]func(terms deal.Body){
		"no price":        func(b deal.Body) { delete(b, "price") },
		"a negative one":  func(b deal.Body) { b["price"] = -100 },
		"no cash":         func(b deal.Body) { b["price"] = 150 },
		"no quantity":     func(b deal.Body) { delete(b, "quantity") },
		"no pieces":       func(b deal.Body) { b["quantity"] = 0 },
		"an unknown term": func(b deal.Body) { b["offers"] = true },
	} {
		d := mustOpen(t, 2500, 3, 0)
		ds := drafts(d.lines)
		forge(ds[0].body["terms"].(deal.Body))
		_, err := deal.VerifyBytes(rechained(t, d.frame.Deal, ds), registry)
		var wrong *deal.LineError
		if !errors.As(err, &wrong) || wrong.Line != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
