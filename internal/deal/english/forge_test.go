package english

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"haggle/internal/deal"
	"haggle/internal/deal/dealtest"
	"haggle/internal/money"
)

// field is one value of a line's body that can be forged.
type field struct {
	line int
	in   deal.Body
	key  string
}

// forgeable lists every value that the log's public part binds. Left out: the terms, which nothing but the chain and
// the receipts bind; a commitment that stays closed; whether a leader's bid above his own counts, which may move
// nothing that is shown; a reason, where the rule takes several.
func forgeable(drafts []dealtest.Draft) (all []field) {
	leader := any("")
	for i, d := range drafts[1:] {
		leads := leader == d.Who
		if after, ok := d.Body["after"].(deal.Body); ok {
			leader = after["leader"]
		}
		for _, k := range keys(d.Body) {
			if k == "max" || k == "counts" && leads || k == "reason" && d.Kind == deal.Changed || k == "reason" && d.Body["result"] == "cancelled" {
				continue
			}
			if inner, ok := d.Body[k].(deal.Body); ok {
				for _, k := range keys(inner) {
					all = append(all, field{i + 1, inner, k})
				}
			}
			all = append(all, field{i + 1, d.Body, k})
		}
	}
	return all
}

func keys(b deal.Body) (all []string) {
	for k := range b {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}

// forge puts something else in the place of a value: of its own type, of another, or nothing.
func (f field) forge(t *rapid.T) {
	switch rapid.IntRange(0, 5).Draw(t, "how") {
	case 0:
		delete(f.in, f.key)
	case 1:
		f.in[f.key+"x"] = int64(1)
	default:
		f.in[f.key] = other(t, f.in[f.key])
	}
}

func other(t *rapid.T, v any) any {
	switch v := v.(type) {
	case int64:
		return v + rapid.SampledFrom([]int64{-100, -1, 1, 100}).Draw(t, "by")
	case bool:
		return !v
	case string:
		words := []string{"owner", "site", "p1", "p2", "p3", "p9", "bid", "buy", "retract", "sold", "failed", "cancelled", "max", "reservePrice",
			"no_entries", "2026-11-02T12:00:00.000Z", dealtest.Opening.Format(deal.TimeFormat), ""}
		return rapid.SampledFrom(slices.DeleteFunc(words, func(w string) bool { return w == v })).Draw(t, "word")
	}
	return rapid.SampledFrom([]any{int64(1), "p1", deal.Body{"leader": "p1"}, deal.Body{}}).Draw(t, "thing")
}

// TestForgedValuesAreRefused changes one value of a closed log and makes all hashes right again.
func TestForgedValuesAreRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := newRandom(t)
		r.run(t, 20)
		r.verified()
		drafts := dealtest.Drafts(r.Lines())
		fields := forgeable(drafts)
		f := fields[rapid.IntRange(0, len(fields)-1).Draw(t, "field")]
		f.forge(t)
		refusesForged(t, r.auction, drafts, fmt.Sprintf("line %d, %s", f.line, f.key))
	})
}

func refusesForged(t dealtest.T, a auction, drafts []dealtest.Draft, what string) {
	t.Helper()
	log := dealtest.Chain(t, drafts)
	if bytes.Equal(log, a.Log()) {
		return
	}
	var wrong *deal.LineError
	if err := a.Accepts(log); !errors.As(err, &wrong) {
		t.Fatalf("forged %s: %v\n%s\nfrom\n%s", what, err, log, a.Log())
	}
}

// TestForgedActorsAndTimes writes lines by others and at other times.
func TestForgedActorsAndTimes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := newRandom(t)
		r.run(t, 20)
		r.verified()
		drafts := dealtest.Drafts(r.Lines())
		i := rapid.IntRange(1, len(drafts)-1).Draw(t, "line")
		d := &drafts[i]
		switch rapid.SampledFrom([]string{"who", "kind", "swap", "twice"}).Draw(t, "what") {
		case "who":
			d.Who = other(t, d.Who).(string)
		case "kind":
			d.Kind = rapid.SampledFrom([]deal.LineKind{deal.Opened, deal.Entered, deal.Changed, deal.Revealed, deal.Awarded, deal.Closed, "x"}).Draw(t, "kind")
		case "swap":
			j := rapid.IntRange(1, len(drafts)-1).Draw(t, "with")
			drafts[i].Body, drafts[j].Body = drafts[j].Body, drafts[i].Body
		case "twice":
			if d.Kind == deal.Entered && d.Body["act"] == "bid" {
				return // a leader who bids the same maximum again is found by its commitment's line alone
			}
			drafts = slices.Insert(drafts, i, *d)
		}
		refusesForged(t, r.auction, drafts, fmt.Sprintf("line %d", i))
	})
}

// TestLiesAreRefused tells stories that are sound in themselves: every commitment and hash fits. The error names the
// first line that the rule contradicts.
func TestLiesAreRefused(t *testing.T) {
	sold := func(t *testing.T) auction {
		a := dollars(t, Terms{StartPrice: 1000, ReservePrice: deal.Ptr[money.Amount](2000)})
		a.bid("ann", 2000) // 1
		a.bid("bob", 5000) // 2
		a.bid("eve", 3000) // 3
		a.left(ms)
		a.bid("ann", 4000) // 4, moves the deadline
		a.verified()       // opens 0, 1, 3, 4 in 5–8; 9 award; 10 closed
		return a
	}
	type lie struct {
		line int64
		tell func(d []dealtest.Draft) []dealtest.Draft
	}
	recommit := func(d []dealtest.Draft, line, reveal int, field string, value int64) {
		s := deal.Secret{Field: field, Salt: d[reveal].Body["salt"].(string), Value: value}
		in := d[line].Body
		if line == 0 {
			in = in["terms"].(deal.Body)
		}
		in[field] = deal.Committed(dealtest.ID, d[line].Who, s)
		d[reveal].Body["value"] = value
	}
	for name, c := range map[string]lie{
		"the reserve was higher":        {1, func(d []dealtest.Draft) []dealtest.Draft { recommit(d, 0, 5, "reservePrice", 2051); return d }},
		"the reserve was lower":         {1, func(d []dealtest.Draft) []dealtest.Draft { recommit(d, 0, 5, "reservePrice", 1999); return d }},
		"the reserve is negative":       {0, func(d []dealtest.Draft) []dealtest.Draft { recommit(d, 0, 5, "reservePrice", -1); return d }},
		"a loser had bid more":          {3, func(d []dealtest.Draft) []dealtest.Draft { recommit(d, 3, 7, "max", 3001); return d }},
		"a loser had bid no cash":       {3, func(d []dealtest.Draft) []dealtest.Draft { recommit(d, 3, 7, "max", -3000); return d }},
		"a loser bid below the minimum": {3, func(d []dealtest.Draft) []dealtest.Draft { recommit(d, 3, 7, "max", 2099); return d }},
		"a loser bid below the minimum, and the price follows": {3, func(d []dealtest.Draft) []dealtest.Draft {
			recommit(d, 3, 7, "max", 2060)
			d[3].Body["after"].(deal.Body)["standing"] = int64(2110)
			return d
		}},
		"the award goes to another": {9, func(d []dealtest.Draft) []dealtest.Draft { d[9].Body["to"] = "p1"; return d }},
		"the award costs more": {9, func(d []dealtest.Draft) []dealtest.Draft {
			d[9].Body["unitPrice"], d[9].Body["total"] = int64(5000), int64(5000)
			return d
		}},
		"two pieces were awarded": {9, func(d []dealtest.Draft) []dealtest.Draft {
			d[9].Body["quantity"], d[9].Body["total"] = int64(2), int64(8200)
			return d
		}},
		"it was not sold": {9, func(d []dealtest.Draft) []dealtest.Draft {
			d[10].Body = deal.Body{"result": "failed", "reason": "reserve_not_met", "awards": int64(0)}
			return slices.Delete(d, 9, 10)
		}},
		"it was called off": {5, func(d []dealtest.Draft) []dealtest.Draft {
			d[10].Body = deal.Body{"result": "cancelled", "reason": "moderator", "awards": int64(0)}
			return slices.Delete(d, 9, 10)
		}},
		"it was called off, and nothing opened": {5, func(d []dealtest.Draft) []dealtest.Draft {
			d[10].Body = deal.Body{"result": "cancelled", "reason": "moderator", "awards": int64(0)}
			return slices.Delete(d, 5, 10)
		}},
		"called off by its owner with bids in the last hours": {5, func(d []dealtest.Draft) []dealtest.Draft {
			d[10].Body = deal.Body{"result": "cancelled", "reason": "owner_withdrew", "awards": int64(0)}
			d[10].At = d[4].At
			return slices.Delete(d, 5, 10)
		}},
		"it closed before its deadline": {5, func(d []dealtest.Draft) []dealtest.Draft {
			for i := 5; i < len(d); i++ {
				d[i].At = d[4].At.Add(5*60*1000*ms - ms)
			}
			return d
		}},
		"its award came later": {9, func(d []dealtest.Draft) []dealtest.Draft {
			d[9].At, d[10].At = d[9].At.Add(ms), d[10].At.Add(ms)
			return d
		}},
		"a maximum was not opened": {1, func(d []dealtest.Draft) []dealtest.Draft { return slices.Delete(d, 6, 7) }},
		"the reserve was not":      {0, func(d []dealtest.Draft) []dealtest.Draft { return slices.Delete(d, 5, 6) }},
		"the winner's last was opened without need": {2, func(d []dealtest.Draft) []dealtest.Draft {
			s := deal.Secret{Field: "max", Salt: deal.ZeroHash, Value: 5000}
			d[2].Body["max"] = deal.Committed(dealtest.ID, "p2", s)
			open := dealtest.Draft{At: d[5].At, Who: "p2", Kind: deal.Revealed, Body: deal.Body{"of": int64(2), "field": "max", "salt": s.Salt, "value": s.Value}}
			return slices.Insert(d, 7, open)
		}},
		"the deadline moved too far": {4, func(d []dealtest.Draft) []dealtest.Draft {
			d[4].Body["after"].(deal.Body)["closesAt"] = "2026-11-02T12:10:00.000Z"
			for i := 5; i < len(d); i++ {
				d[i].At = d[i].At.Add(hour)
			}
			return d
		}},
		"the deadline did not move": {4, func(d []dealtest.Draft) []dealtest.Draft {
			delete(d[4].Body["after"].(deal.Body), "closesAt")
			return d
		}},
		"a loser's bid did not count": {3, func(d []dealtest.Draft) []dealtest.Draft { d[3].Body["counts"] = false; return d }},
		"counts stands where it does": {3, func(d []dealtest.Draft) []dealtest.Draft { d[3].Body["counts"] = true; return d }},
		"a bid after the award": {10, func(d []dealtest.Draft) []dealtest.Draft {
			late := d[4]
			late.At = d[9].At
			return slices.Insert(d, 10, late)
		}},
		"awarded once more": {11, func(d []dealtest.Draft) []dealtest.Draft { return append(d, d[9], d[10]) }},
		"closed once more": {11, func(d []dealtest.Draft) []dealtest.Draft {
			return append(d, dealtest.Draft{At: d[10].At, Who: "site", Kind: deal.Closed, Body: deal.Body{"result": "failed", "awards": int64(0)}})
		}},
		"the seller bids": {4, func(d []dealtest.Draft) []dealtest.Draft {
			d[4].Who, d[8].Who = "owner", "owner"
			recommit(d, 4, 8, "max", 4000)
			return d
		}},
	} {
		t.Run(name, func(t *testing.T) {
			a := sold(t)
			log := dealtest.Chain(t, c.tell(dealtest.Drafts(a.Lines())))
			var wrong *deal.LineError
			if err := a.Accepts(log); !errors.As(err, &wrong) || wrong.Line != c.line {
				t.Errorf("%v, want line %d\n%s", err, c.line, log)
			}
		})
	}
}
