package web

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/market"
)

// unsentMarket is the part of the fake market that keeps what was not sent yet.
type unsentMarket struct {
	drafts  []market.DraftView
	kept    map[string]keptFor
	tried   error // what a trial answers
	tickets int
}

type keptFor struct {
	account string
	form    market.KeptForm
}

func (f *fake) tryDeal(kind deal.Kind, about market.About) (market.DealView, error) {
	if f.tried != nil {
		return market.DealView{}, f.tried
	}
	for _, d := range f.deals {
		if d.Kind == kind && d.Status == deal.Open {
			d.ID, d.URL, d.Title, d.Me, d.Outcome = "", "", about.Title, nil, nil
			return d, nil
		}
	}
	return market.DealView{}, fault.New(fault.CodeNotFound, nil)
}

func (f *fake) TryListing(_ context.Context, _ market.Actor, in market.ListingInput) (market.DealView, error) {
	return f.tryDeal(deal.Kind(in.Format), in.About)
}

func (f *fake) TryRequest(_ context.Context, _ market.Actor, in market.RequestInput) (market.DealView, error) {
	return f.tryDeal(deal.Request, in.About)
}

func (f *fake) TryGroup(_ context.Context, _ market.Actor, in market.GroupInput) (market.DealView, error) {
	return f.tryDeal(deal.Group, in.About)
}

func (f *fake) Photos(_ context.Context, ids []string) ([]market.PhotoView, error) {
	out := make([]market.PhotoView, len(ids))
	for i, id := range ids {
		out[i] = market.PhotoView{ID: id, URL: "/photos/" + id + "/full.jpg", Width: 400, Height: 300}
	}
	return out, nil
}

func (f *fake) Drafts(context.Context, market.Actor) ([]market.DraftView, error) {
	return f.drafts, nil
}

func (f *fake) Draft(_ context.Context, a market.Actor, id string) (market.DraftView, error) {
	if a.Guest() {
		return market.DraftView{}, fault.New(fault.CodeUnauthenticated, nil)
	}
	for _, d := range f.drafts {
		if d.ID == id {
			d.Fields = maps.Clone(d.Fields)
			return d, nil
		}
	}
	return market.DraftView{}, fault.New(fault.CodeNotFound, nil)
}

func (f *fake) SaveDraft(_ context.Context, a market.Actor, in market.DraftInput) (market.DraftView, error) {
	if a.Guest() {
		return market.DraftView{}, fault.New(fault.CodeUnauthenticated, nil)
	}
	d := market.DraftView{ID: in.ID, Kind: in.Kind, Fields: in.Fields, Photos: in.Photos, At: market.At(clock)}
	if d.ID == "" {
		d.ID = fmt.Sprint("draft-", len(f.drafts)+1)
		f.drafts = append(f.drafts, d)
		return d, nil
	}
	i := slices.IndexFunc(f.drafts, func(have market.DraftView) bool { return have.ID == d.ID })
	if i < 0 {
		return d, fault.New(fault.CodeNotFound, nil)
	}
	f.drafts[i] = d
	return d, nil
}

func (f *fake) DeleteDraft(_ context.Context, _ market.Actor, id string) error {
	f.drafts = slices.DeleteFunc(f.drafts, func(d market.DraftView) bool { return d.ID == id })
	return nil
}

func (f *fake) KeepForm(_ context.Context, account, _ string, form market.KeptForm) (string, error) {
	f.tickets++
	ticket := fmt.Sprint("ticket-", f.tickets)
	if f.kept == nil {
		f.kept = map[string]keptFor{}
	}
	f.kept[ticket] = keptFor{account, form}
	return ticket, nil
}

func (f *fake) KeptForm(_ context.Context, a market.Actor, ticket string) (market.KeptForm, error) {
	k, ok := f.kept[ticket]
	if !ok || k.account != "" && k.account != a.Account {
		return market.KeptForm{}, fault.New(fault.CodeNotFound, nil)
	}
	return k.form, nil
}

func (f *fake) DropForm(_ context.Context, _ market.Actor, ticket string) error {
	delete(f.kept, ticket)
	return nil
}
