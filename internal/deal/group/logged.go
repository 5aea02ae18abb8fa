package group

import (
	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// loggedKeys are the terms that a log may name.
var loggedKeys = []string{"tiers", "minimum", "cap", "perPerson", "caseSize", "tolerance", "allocation", "lastPhaseSeconds"}

// logged are the terms that decide the outcome, as the public log shows them.
func (t *Terms) logged() deal.Body {
	tiers := make([]any, len(t.Tiers))
	for i, tier := range t.Tiers {
		tiers[i] = deal.Body{"from": tier.From, "unitPrice": tier.UnitPrice}
	}
	b := deal.Body{"tiers": tiers, "minimum": t.Minimum, "tolerance": t.Tolerance, "allocation": string(t.Allocation),
		"lastPhaseSeconds": *t.LastPhaseSeconds}
	for key, pieces := range map[string]int64{"cap": t.Cap, "perPerson": t.PerPerson, "caseSize": t.CaseSize} {
		if pieces > 0 {
			b[key] = pieces
		}
	}
	return b
}

// readTerms reads the terms of a log and refuses those that no deal could have been opened with. Logs older than the
// last phase name none: then LastPhaseSeconds is nil.
func readTerms(x *deal.Transcript) (*Terms, error) {
	opened := x.Lines[0]
	if err := deal.OnlyKeys(opened, x.Terms, loggedKeys...); err != nil {
		return nil, err
	}
	r := reader{body: x.Terms}
	t := &Terms{Minimum: r.integer("minimum"), Cap: r.optional("cap"), PerPerson: r.optional("perPerson"), CaseSize: r.optional("caseSize"),
		Tolerance: r.flag("tolerance"), Allocation: Allocation(r.text("allocation")), DropOut: Organiser, Tiers: readTiers(&r)}
	if _, ok := x.Terms["lastPhaseSeconds"]; ok {
		t.LastPhaseSeconds = deal.Ptr(r.integer("lastPhaseSeconds"))
	}
	if r.wrong != "" {
		return nil, deal.Wrong(0, "terms: %s is missing or of the wrong type", r.wrong)
	}
	return t, t.checkLogged(x)
}

func readTiers(r *reader) []Tier {
	list, ok := r.body["tiers"].([]any)
	if !ok {
		r.wrong = "tiers"
		return nil
	}
	tiers := make([]Tier, len(list))
	for i, item := range list {
		b, ok := item.(deal.Body)
		if !ok || len(b) != 2 {
			r.wrong = "tiers"
			return nil
		}
		row := reader{body: b}
		tiers[i] = Tier{From: row.integer("from"), UnitPrice: money.Amount(row.integer("unitPrice"))}
		if row.wrong != "" {
			r.wrong = "tiers." + row.wrong
		}
	}
	return tiers
}

// checkLogged holds terms from a log against the rules for opening a deal.
func (t *Terms) checkLogged(x *deal.Transcript) error {
	var wrong fault.Collect
	duration := x.ClosesAt.Sub(x.OpenedAt)
	checkDeadline(&wrong, x.ClosesAt, duration)
	t.check(&wrong)
	if t.LastPhaseSeconds != nil {
		t.checkLastPhase(&wrong, duration)
	}
	if err := wrong.Err(); err != nil {
		return deal.Wrong(0, "terms: %v", err)
	}
	if err := deal.Cash(x.Currency, t.amounts()...); err != nil {
		return deal.Wrong(0, "terms: %v", err)
	}
	return nil
}

// reader reads the values of a log body and remembers the first that is missing or of the wrong type.
type reader struct {
	body  deal.Body
	wrong string
}

func read[T any](r *reader, key string) T {
	v, ok := r.body[key].(T)
	if !ok && r.wrong == "" {
		r.wrong = key
	}
	return v
}

func (r *reader) integer(key string) int64 { return read[int64](r, key) }
func (r *reader) text(key string) string   { return read[string](r, key) }
func (r *reader) flag(key string) bool     { return read[bool](r, key) }

// optional reads an integer ≥ 1 that may be absent: then it is 0.
func (r *reader) optional(key string) int64 {
	if _, ok := r.body[key]; !ok {
		return 0
	}
	n := r.integer(key)
	if n < 1 && r.wrong == "" {
		r.wrong = key
	}
	return n
}
