package request

import (
	"errors"
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/money"
)

// closed plays a request to its end and gives it for forging.
func closedRequest(t *testing.T, terms Terms, asks ...ask) *desk {
	t.Helper()
	d := mustOpen(t, terms)
	for _, a := range asks {
		d.now = d.now.Add(time.Minute)
		d.mustQuote(a.seller, a.price)
	}
	d.close()
	d.verify()
	return d
}

// recommit replaces a secret of a line and opens the new value, as a site could that knows it may.
func recommit(ds []draft, d *desk, line int64, field string, value int64) []draft {
	s := deal.Secret{Field: field, Salt: deal.ZeroHash, Value: value}
	target := ds[line].body
	if line == 0 {
		target = target["terms"].(deal.Body)
	}
	target[field] = deal.Committed(d.frame.Deal, ds[line].who, s)
	for _, x := range ds {
		if x.kind == deal.Revealed && x.body["of"] == line && x.body["field"] == field {
			x.body["salt"], x.body["value"] = s.Salt, value
		}
	}
	return ds
}

func termsOf(ds []draft) deal.Body { return ds[0].body["terms"].(deal.Body) }

// TestForgedLogsAreRefused holds the verifier against logs whose chain and commitments are sound and whose story is
// not: each case names the line that is wrong first.
func TestForgedLogsAreRefused(t *testing.T) {
	amount := deal.Ptr[money.Amount]
	sealed := Terms{Rule: RuleSealed, NamedPrice: 1000, Floor: amount(300)}
	three := []ask{{"a", 900, 0}, {"b", 700, 0}, {"c", 200, 0}}
	first := []ask{{"a", 900, 0}, {"b", 700, 0}}
	open := Terms{Rule: RuleOpen, NamedPrice: 1000, MinimumStep: amount(100), SoftClose: &SoftClose{60, 60}}
	for name, c := range map[string]struct {
		terms Terms
		asks  []ask
		forge func([]draft, *desk) []draft
		line  int64
	}{
		"hidden price lowered after the award": {hidden(RuleFirst, 800), first, func(ds []draft, d *desk) []draft { return recommit(ds, d, 0, fieldNamedPrice, 600) }, 3},
		"hidden price raised after the award":  {hidden(RuleFirst, 800), first, func(ds []draft, d *desk) []draft { return recommit(ds, d, 0, fieldNamedPrice, 900) }, 2},
		"hidden price not cash":                {hidden(RuleFirst, 800), first, func(ds []draft, d *desk) []draft { return recommit(ds, d, 0, fieldNamedPrice, 850) }, 0},
		"hidden price below nothing":           {hidden(RuleFirst, 800), first, func(ds []draft, d *desk) []draft { return recommit(ds, d, 0, fieldNamedPrice, -800) }, 0},
		"a sealed quote made cheaper":          {sealed, three, func(ds []draft, d *desk) []draft { return recommit(ds, d, 1, fieldUnitPrice, 600) }, 8},
		"a sealed quote above a public price":  {sealed, three, func(ds []draft, d *desk) []draft { return recommit(ds, d, 1, fieldUnitPrice, 1100) }, 1},
		"the floor lowered":                    {sealed, three, func(ds []draft, d *desk) []draft { return recommit(ds, d, 0, fieldFloor, 100) }, 8},
		"the floor above the price":            {sealed, three, func(ds []draft, d *desk) []draft { return recommit(ds, d, 0, fieldFloor, 1100) }, 0},
		"the floor forgotten": {sealed, three, func(ds []draft, _ *desk) []draft {
			delete(termsOf(ds), fieldFloor)
			return append(ds[:4:4], ds[5:]...)
		}, 7},
		"more sellers asked for": {sealed, three[:2], func(ds []draft, _ *desk) []draft { termsOf(ds)["minimumQuotes"] = int64(3); return ds }, 3},
		"no minimum":             {sealed, three, func(ds []draft, _ *desk) []draft { delete(termsOf(ds), "minimumQuotes"); return ds }, 0},
		"an unknown term":        {sealed, three, func(ds []draft, _ *desk) []draft { termsOf(ds)["weights"] = int64(1); return ds }, 0},
		"an unknown rule":        {sealed, three, func(ds []draft, _ *desk) []draft { termsOf(ds)["rule"] = "lottery"; return ds }, 0},
		"no deadline":            {sealed, three, func(ds []draft, _ *desk) []draft { delete(ds[0].body, "closesAt"); return ds }, 0},
		"61 days": {sealed, three, func(ds []draft, _ *desk) []draft {
			ds[0].body["closesAt"] = deal.FormatTime(opening.Add(61 * 24 * time.Hour))
			return ds
		}, 0},
		"a sealed quote in the open": {sealed, three, func(ds []draft, _ *desk) []draft {
			ds[3].body[fieldUnitPrice] = int64(200)
			return append(ds[:7:7], ds[8:]...)
		}, 3},
		"a part of what is not split": {sealed, three, func(ds []draft, _ *desk) []draft {
			termsOf(ds)["quantity"] = int64(2)
			return ds
		}, 1},
		"the winner's quote fell too little": {open, []ask{{"a", 900, 0}, {"a", 700, 0}}, func(ds []draft, _ *desk) []draft {
			ds[2].body[fieldUnitPrice], ds[2].body["after"].(deal.Body)["best"] = int64(850), int64(850)
			ds[3].body["unitPrice"], ds[3].body["total"] = int64(850), int64(850)
			return ds
		}, 2},
		"a quote above the public price": {open, []ask{{"a", 900, 0}}, func(ds []draft, _ *desk) []draft {
			ds[1].body[fieldUnitPrice], ds[1].body["after"].(deal.Body)["best"] = int64(1100), int64(1100)
			return ds
		}, 1},
		"a quote that is no cash": {open, []ask{{"a", 900, 0}}, func(ds []draft, _ *desk) []draft {
			ds[1].body[fieldUnitPrice], ds[1].body["after"].(deal.Body)["best"] = int64(850), int64(850)
			return ds
		}, 1},
		"a soft close kept quiet": {open, []ask{{"a", 900, 0}}, func(ds []draft, d *desk) []draft {
			ds[1].at = opening.Add(10*time.Hour - time.Second)
			return ds
		}, 1},
		"the later of equal quotes": {open, []ask{{"a", 900, 0}, {"b", 900, 0}}, func(ds []draft, _ *desk) []draft {
			ds[3].body["to"] = "p2"
			return ds
		}, 3},
		"a quote by the site": {open, []ask{{"a", 900, 0}}, func(ds []draft, _ *desk) []draft { ds[1].who = "site"; return ds }, 1},
		"free text":           {open, []ask{{"a", 900, 0}}, func(ds []draft, _ *desk) []draft { ds[1].body["values"].(deal.Body)["condition"] = "nice"; return ds }, 1},
		"terms that change": {open, []ask{{"a", 900, 0}}, func(ds []draft, _ *desk) []draft {
			ds[2].kind, ds[2].body = deal.Changed, deal.Body{"act": "terms", "of": 0, "after": deal.Body{}}
			return ds[:3]
		}, 2},
		"a public first quote passed over": {Terms{Rule: RuleFirst, NamedPrice: 1000}, []ask{{"a", 900, 0}}, func(ds []draft, _ *desk) []draft {
			q := ds[1]
			q.who, q.body = "p2", cloned(q.body)
			ds[2].body["to"] = "p2"
			return append(ds[:2:2], append([]draft{q}, ds[2:]...)...)
		}, 2},
		"won at once, closed later": {Terms{Rule: RuleFirst, NamedPrice: 1000}, []ask{{"a", 900, 0}}, func(ds []draft, _ *desk) []draft {
			ds[2].at, ds[3].at = ds[2].at.Add(time.Second), ds[3].at.Add(time.Second)
			return ds
		}, 2},
		"probing too often": {hidden(RuleFirst, 100), []ask{{"a", 900, 0}, {"b", 700, 0}}, func(ds []draft, _ *desk) []draft {
			ds[2].who, ds[5].who = "p1", "p1"
			return ds[:3]
		}, 2},
		"a choice nobody made": {Terms{Rule: RuleChoice, NamedPrice: 1000}, []ask{{"a", 900, 0}}, func(ds []draft, _ *desk) []draft {
			award := draft{at: ds[2].at, who: "site", kind: deal.Awarded, body: deal.Body{"to": "p1", "quantity": 1, "unitPrice": 900, "total": 900}}
			ds[2].body = deal.Body{"result": "sold", "awards": 1}
			return append(ds[:2:2], award, ds[2])
		}, 2},
		"a choice at another price": {Terms{Rule: RuleChoice, NamedPrice: 1000}, []ask{{"a", 900, 0}}, func(ds []draft, _ *desk) []draft {
			award := draft{at: ds[1].at, who: "site", kind: deal.Awarded, body: deal.Body{"to": "p1", "quantity": 1, "unitPrice": 800, "total": 800}}
			ds[2].at, ds[2].body = ds[1].at, deal.Body{"result": "sold", "awards": 1}
			return append(ds[:2:2], award, ds[2])
		}, 2},
		"a choice above the hidden price": {hidden(RuleChoice, 600), []ask{{"a", 900, 0}}, func(ds []draft, _ *desk) []draft {
			award := draft{at: ds[1].at, who: "site", kind: deal.Awarded, body: deal.Body{"to": "p1", "quantity": 1, "unitPrice": 900, "total": 900}}
			ds[2].at, ds[3].at, ds[3].body = ds[1].at, ds[1].at, deal.Body{"result": "sold", "awards": 1}
			return append(ds[:3:3], award, ds[3])
		}, 2},
		"cancelled at the deadline": {open, nil, func(ds []draft, _ *desk) []draft {
			ds[1].body = deal.Body{"result": "cancelled", "reason": "owner_withdrew", "awards": 0}
			return ds
		}, 1},
		"cancelled without a reason": {open, nil, func(ds []draft, _ *desk) []draft {
			ds[1].at, ds[1].body = opening, deal.Body{"result": "cancelled", "awards": 0}
			return ds
		}, 1},
		"too few quotes, but opened": {hidden(RuleSealed, 600), nil, func(ds []draft, d *desk) []draft {
			s := d.secrets[0][0]
			reveal := draft{at: ds[1].at, who: "owner", kind: deal.Revealed, body: deal.Body{"of": 0, "field": s.Field, "salt": s.Salt, "value": s.Value}}
			return append(ds[:1:1], reveal, ds[1])
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			d := closedRequest(t, c.terms, c.asks...)
			log := rechained(t, d.frame.Deal, c.forge(drafts(d.lines), d))
			_, err := deal.VerifyBytes(log, registry)
			var wrong *deal.LineError
			if !errors.As(err, &wrong) {
				t.Fatalf("%v, want a wrong line %d\n%s", err, c.line, log)
			}
			if wrong.Line != c.line {
				t.Errorf("%v, want line %d\n%s", err, c.line, log)
			}
		})
	}
}
