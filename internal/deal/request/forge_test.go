package request

import (
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

// recount makes the closed line's awards fit, so that only the rule can find the forgery.
func recount(ds []draft) []draft {
	n := int64(0)
	for _, x := range ds {
		switch x.kind {
		case deal.Awarded:
			n++
		case deal.Closed:
			x.body["awards"] = n
		}
	}
	return ds
}

// forgeries are ways to falsify a closed log; each gives false where the log has nothing of that sort.
var forgeries = map[string]func(ds []draft, d *desk) ([]draft, bool){
	"another winner": func(ds []draft, d *desk) ([]draft, bool) {
		i := find(ds, deal.Awarded)
		if i < 0 || d.members < 2 || d.terms().Rule == RuleChoice {
			return nil, false
		}
		ds[i].body["to"] = map[bool]string{true: "p2", false: "p1"}[ds[i].body["to"] == "p1"]
		return ds, true
	},
	"another price": func(ds []draft, d *desk) ([]draft, bool) {
		i := find(ds, deal.Awarded)
		if i < 0 {
			return nil, false
		}
		price := ds[i].body["unitPrice"].(money.Amount) + d.frame.Currency.CashUnit
		ds[i].body["unitPrice"], ds[i].body["total"] = price, price*money.Amount(ds[i].body["quantity"].(int64))
		return ds, true
	},
	"more pieces": func(ds []draft, _ *desk) ([]draft, bool) {
		i := find(ds, deal.Awarded)
		if i < 0 {
			return nil, false
		}
		n := ds[i].body["quantity"].(int64) + 1
		ds[i].body["quantity"], ds[i].body["total"] = n, ds[i].body["unitPrice"].(money.Amount)*money.Amount(n)
		return ds, true
	},
	"an award too few": func(ds []draft, _ *desk) ([]draft, bool) {
		i := find(ds, deal.Awarded)
		if i < 0 {
			return nil, false
		}
		return recount(slices.Delete(ds, i, i+1)), true
	},
	"an award twice": func(ds []draft, _ *desk) ([]draft, bool) {
		i := find(ds, deal.Awarded)
		if i < 0 {
			return nil, false
		}
		return recount(slices.Insert(ds, i, ds[i])), true
	},
	"failed instead of sold": func(ds []draft, _ *desk) ([]draft, bool) {
		last := ds[len(ds)-1].body
		if last["result"] != "sold" {
			return nil, false
		}
		last["result"], last["reason"] = "failed", string(deal.ReserveNotMet)
		return recount(slices.DeleteFunc(ds, func(x draft) bool { return x.kind == deal.Awarded })), true
	},
	"another reason": func(ds []draft, _ *desk) ([]draft, bool) {
		last := ds[len(ds)-1].body
		if last["result"] != "failed" {
			return nil, false
		}
		last["reason"] = map[bool]string{true: string(deal.NoEntries), false: string(deal.TooFewQuotes)}[last["reason"] == string(deal.TooFewQuotes)]
		return ds, true
	},
	"cancelled after all": func(ds []draft, d *desk) ([]draft, bool) {
		if seen := d.terms().Rule == RuleFirst && d.terms().visible(); !seen && !d.decided.Equal(d.frame.ClosesAt) {
			return nil, false // nothing public tells it from a cancellation in time
		}
		ds[len(ds)-1].body = deal.Body{"result": "cancelled", "reason": string(deal.OwnerWithdrew), "awards": 0}
		return slices.DeleteFunc(ds, func(x draft) bool { return x.kind == deal.Awarded || x.kind == deal.Revealed }), true
	},
	"a secret kept": func(ds []draft, _ *desk) ([]draft, bool) {
		i := find(ds, deal.Revealed)
		if i < 0 {
			return nil, false
		}
		return slices.Delete(ds, i, i+1), true
	},
	"a secret changed": func(ds []draft, _ *desk) ([]draft, bool) {
		i := find(ds, deal.Revealed)
		if i < 0 {
			return nil, false
		}
		ds[i].body["value"] = ds[i].body["value"].(int64) + 100
		return ds, true
	},
	"closed too early": func(ds []draft, d *desk) ([]draft, bool) {
		if !d.decided.Equal(d.frame.ClosesAt) {
			return nil, false
		}
		for i := range ds {
			if ds[i].at.Equal(d.decided) {
				ds[i].at = d.decided.Add(-time.Millisecond)
			}
		}
		return ds, true
	},
	"another best quote": func(ds []draft, d *desk) ([]draft, bool) {
		i := find(ds, deal.Entered)
		if i < 0 || d.terms().Rule != RuleOpen {
			return nil, false
		}
		after := ds[i].body["after"].(deal.Body)
		after["best"] = after["best"].(money.Amount) + d.frame.Currency.CashUnit
		return ds, true
	},
	"a deadline moved": func(ds []draft, d *desk) ([]draft, bool) {
		i := find(ds, deal.Entered)
		if i < 0 {
			return nil, false
		}
		ds[i].body["after"].(deal.Body)["closesAt"] = deal.FormatTime(d.frame.ClosesAt.Add(time.Hour))
		for j := range ds {
			if ds[j].kind != deal.Entered && j > 0 {
				ds[j].at = d.frame.ClosesAt.Add(2 * time.Hour)
			}
		}
		return ds, true
	},
	"more than was asked for": func(ds []draft, d *desk) ([]draft, bool) {
		i := find(ds, deal.Entered)
		if i < 0 {
			return nil, false
		}
		ds[i].body["quantity"] = d.terms().quantity() + 1
		return ds, true
	},
	"a quote of the owner": func(ds []draft, _ *desk) ([]draft, bool) {
		i := findLast(ds, deal.Entered)
		if i < 0 {
			return nil, false
		}
		ds[i].who = "owner"
		return ds, true
	},
	"another commitment": func(ds []draft, d *desk) ([]draft, bool) {
		i := find(ds, deal.Entered)
		if i < 0 || !d.terms().commits() || ds[len(ds)-1].body["reason"] == string(deal.TooFewQuotes) {
			return nil, false
		}
		ds[i].body[fieldUnitPrice] = deal.Committed(d.frame.Deal, ds[i].who, deal.Secret{Field: fieldUnitPrice, Salt: "aa", Value: 100})
		return ds, true
	},
	"after the close": func(ds []draft, _ *desk) ([]draft, bool) {
		last := ds[len(ds)-1]
		return append(ds, draft{at: last.at, who: "site", kind: deal.Closed, body: deal.Body{"result": "sold", "awards": 0}}), true
	},
	"an unknown key": func(ds []draft, _ *desk) ([]draft, bool) {
		ds[len(ds)-1].body["note"] = 1
		return ds, true
	},
}

func find(ds []draft, k deal.LineKind) int {
	return slices.IndexFunc(ds, func(x draft) bool { return x.kind == k })
}

func findLast(ds []draft, k deal.LineKind) int {
	for i := len(ds) - 1; i >= 0; i-- {
		if ds[i].kind == k {
			return i
		}
	}
	return -1
}

// forge falsifies a closed log in one way and expects the verifier to refuse it.
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
