package market

import (
	"context"
	"slices"

	"haggle/internal/deal"
	"haggle/internal/deal/english"
	"haggle/internal/fault"
)

// Retract takes a bidder's bids back, for a reason.
func (m *Market) Retract(ctx context.Context, a Actor, k Key, dealID string, in ReasonInput) (EntryView, error) {
	reason, err := requiredReason(in.Reason)
	if err != nil {
		return EntryView{}, err
	}
	return m.enter(ctx, a, k, entry{deal: dealID, kinds: []deal.Kind{deal.English}, act: deal.Retract, reason: reason})
}

// CancelBids lets the seller strike one bidder's bids, for a reason.
func (m *Market) CancelBids(ctx context.Context, a Actor, k Key, dealID string, in ReasonInput) (EntryView, error) {
	reason, err := requiredReason(in.Reason)
	if err != nil {
		return EntryView{}, err
	}
	if in.Pseudonym == "" {
		return EntryView{}, fault.Invalidf("pseudonym", "whose bids: p1, p2 …")
	}
	return m.enter(ctx, a, k, entry{deal: dealID, kinds: []deal.Kind{deal.English}, role: deal.Owner, act: deal.CancelBid, reason: reason,
		values: english.CancelBid{Pseudonym: in.Pseudonym}})
}

// EndEarly sells an auction to its leader now, at the standing price, or ends a fixed-price listing: what was bought may
// still be paid. A reason is optional.
func (m *Market) EndEarly(ctx context.Context, a Actor, k Key, dealID string, in ReasonInput) (EntryView, error) {
	reason, err := reasonOf(in.Reason)
	if err != nil {
		return EntryView{}, err
	}
	v, err := m.enter(ctx, a, k, entry{deal: dealID, kinds: []deal.Kind{deal.English, deal.Fixed}, role: deal.Owner, act: deal.EndEarly, reason: reason})
	if err != nil {
		return v, err
	}
	return v, m.CloseDue(ctx, dealID)
}

// CloseDue decides and settles a deal whose time has come; one that is not due is left as it is. It may be called at
// any time, by several workers, twice.
func (m *Market) CloseDue(ctx context.Context, dealID string) error {
	closing, err := m.eng.Expire(ctx, dealID)
	if err != nil || !closing {
		return err
	}
	return m.eng.Settle(ctx, dealID)
}

// CancelDeal calls a deal off: its owner, or a moderator any open one.
func (m *Market) CancelDeal(ctx context.Context, a Actor, k Key, dealID string, in ReasonInput) (EntryView, error) {
	reason, err := reasonOf(in.Reason)
	if err != nil {
		return EntryView{}, err
	}
	d, err := m.dealOf(ctx, dealID)
	if err != nil {
		return EntryView{}, err
	}
	role := deal.Owner
	if a.Account != d.Owner && a.moderates() {
		role, reason = deal.Moderator, deal.ByModerator
	}
	if reason == "" {
		reason = deal.OwnerWithdrew
	}
	return m.enter(ctx, a, k, entry{deal: dealID, role: role, act: deal.Cancel, reason: reason})
}

// reasonOf reads a reason code of the log's list; none is none.
func reasonOf(s string) (deal.Reason, error) {
	r := deal.Reason(s)
	if s != "" && !slices.Contains(deal.Reasons(), r) {
		return "", fault.Invalidf("reason", "one of %v", deal.Reasons())
	}
	return r, nil
}

func requiredReason(s string) (deal.Reason, error) {
	if s == "" {
		return "", fault.Invalidf("reason", "one of %v", deal.Reasons())
	}
	return reasonOf(s)
}
