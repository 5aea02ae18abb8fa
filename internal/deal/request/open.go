package request

import (
	"fmt"

	"haggle/internal/deal"
	"haggle/internal/money"
)

// Names of the fields that may stand in the log as commitments.
const (
	fieldUnitPrice  = "unitPrice"
	fieldNamedPrice = "namedPrice"
	fieldFloor      = "floor"
)

// Open begins a request. A binding one holds the named price of the whole quantity from now on, under every rule.
func (Mechanism) Open(v deal.View, salts []string) (deal.Effects, error) {
	t, ok := v.Terms.(*Terms)
	if !ok {
		return deal.Effects{}, fmt.Errorf("request: terms are %T", v.Terms)
	}
	body, secrets, err := t.logged(v.Deal, v.Who, salts)
	if err != nil {
		return deal.Effects{}, err
	}
	fx := deal.Effects{State: &State{}, Lines: []deal.LineDraft{deal.OpenedLine(v.Frame, deal.Request, body, secrets)}}
	if !t.Binding {
		return fx, nil
	}
	need, err := money.Mul(t.NamedPrice, t.quantity())
	if err != nil {
		return deal.Effects{}, err
	}
	if err := deal.Fund(v.Available, 0, need); err != nil {
		return deal.Effects{}, err
	}
	fx.Own = &deal.Standing{Account: v.Owner, Pseudonym: v.Who, Seq: v.Seq, At: v.Now, Active: true, Hold: need}
	return fx, nil
}

// logged is the terms as the log shows them: those that the rule uses, secret ones committed.
func (t *Terms) logged(dealID, who string, salts []string) (deal.Body, []deal.Secret, error) {
	b := deal.Body{"rule": string(t.Rule), fieldNamedPrice: t.NamedPrice, "quantity": t.quantity()}
	if t.Rule != RuleFirst {
		b["minimumQuotes"] = t.minimumQuotes()
	}
	if t.ranks() {
		b["split"] = t.Split
	}
	if t.Rule == RuleOpen {
		b["minimumStep"] = *t.MinimumStep
		b["softClose"] = deal.Body{"windowSeconds": t.SoftClose.WindowSeconds, "extendSeconds": t.SoftClose.ExtendSeconds}
	}
	var secrets []deal.Secret
	for _, s := range t.secrets() {
		if len(salts) <= len(secrets) {
			return nil, nil, fmt.Errorf("request: %d salts are too few", len(salts))
		}
		s.Salt = salts[len(secrets)]
		b[s.Field] = deal.Committed(dealID, who, s)
		secrets = append(secrets, s)
	}
	return b, secrets, nil
}

// secrets are the terms that the log commits to, not yet salted.
func (t *Terms) secrets() []deal.Secret {
	var out []deal.Secret
	if !t.visible() {
		out = append(out, deal.Secret{Field: fieldNamedPrice, Value: int64(t.NamedPrice)})
	}
	if t.Floor != nil {
		out = append(out, deal.Secret{Field: fieldFloor, Value: int64(*t.Floor)})
	}
	return out
}
