package request

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"haggle/internal/deal"
	"haggle/internal/money"
)

// payWithin is how long the order of a request that holds no money may stay unpaid.
const payWithin = 4 * 24 * time.Hour

// Unfold opens every secret of the log and awards by rank. A cancelled request, and one with too few quotes, opens
// nothing.
func (Mechanism) Unfold(v deal.View, d deal.Decision, h deal.History) (deal.Outcome, error) {
	t, st, err := parts(v)
	if err != nil {
		return deal.Outcome{}, err
	}
	out := deal.Outcome{Closed: closedBody(d)}
	if d.Result == deal.ResultCancel || d.Reason == deal.TooFewQuotes {
		return out, nil
	}
	out.Reveals = reveals(h)
	if d.Result != deal.Sold {
		return out, nil
	}
	for _, o := range winners(t, st, v.Crowd) {
		a, err := t.award(v.Owner, o)
		if err != nil {
			return deal.Outcome{}, err
		}
		out.Awards = append(out.Awards, a)
	}
	if int64(len(out.Awards)) != d.Awards {
		return deal.Outcome{}, fmt.Errorf("request %s: %d awards were decided, %d are found", v.Deal, d.Awards, len(out.Awards))
	}
	return out, nil
}

// closedBody is the last line. Why the buyer chose stands in it only where it is one of the log's own reasons.
func closedBody(d deal.Decision) deal.Body {
	b := deal.Body{"result": string(d.Result), "awards": d.Awards}
	if slices.Contains(deal.Reasons(), d.Reason) {
		b["reason"] = string(d.Reason)
	}
	return b
}

// winners are the quotes that get something, by rank.
func winners(t *Terms, st *State, crowd []deal.Standing) []offer {
	all := offers(crowd)
	if t.ranks() {
		return allot(t.limits(), all)
	}
	return slices.DeleteFunc(all, func(o offer) bool { return o.seq != st.Winner })
}

// award turns a winning quote into an order between the buyer, who owns the request, and the seller who quoted.
func (t *Terms) award(buyer string, o offer) (deal.Award, error) {
	total, err := money.Mul(o.unitPrice, o.quantity)
	a := deal.Award{Account: o.account, Pseudonym: o.who, Seq: o.seq, Quantity: o.quantity, UnitPrice: o.unitPrice,
		Total: total, Buyer: buyer, Seller: o.account, Payment: deal.PayLater, DueIn: payWithin}
	if t.Binding {
		a.Payment, a.DueIn = deal.PayHold, 0
	}
	return a, err
}

// reveals opens every commitment of the log, by line, then field.
func reveals(h deal.History) []deal.Reveal {
	var out []deal.Reveal
	for _, l := range h.Lines {
		secrets := slices.Clone(h.Secrets[l.Seq])
		slices.SortFunc(secrets, func(a, b deal.Secret) int { return strings.Compare(a.Field, b.Field) })
		for _, s := range secrets {
			out = append(out, deal.Reveal{Who: l.Who, Of: l.Seq, Secret: s})
		}
	}
	return out
}
