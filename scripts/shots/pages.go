package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// shot is one page as one person sees it.
type shot struct {
	name string
	path string
	who  string // e-mail; empty for a guest
}

// ken reads English, mei Chinese; both are shown in both languages.
const (
	ken      = "ken@demo.haggle.test"
	password = "haggle-demo-2026"
)

// seen is a deal as a person sees it.
type seen struct {
	ID      string  `json:"id"`
	Kind    string  `json:"kind"`
	Status  string  `json:"status"`
	Rule    string  `json:"rule"`
	Entries int64   `json:"entries"`
	Tier    int64   `json:"tier"`
	Photos  []any   `json:"photos"`
	Reserve *bool   `json:"reserveMet"`
	BuyNow  *int64  `json:"buyNowPrice"`
	Left    *int64  `json:"left"`
	Named   *int64  `json:"namedPrice"`
	Me      *myPart `json:"me"`
	Outcome *struct {
		Awards []struct {
			Mine bool `json:"mine"`
		} `json:"awards"`
	} `json:"outcome"`
}

type myPart struct {
	Role    string `json:"role"`
	Active  bool   `json:"active"`
	Leading *bool  `json:"leading"`
}

// wishes are the states of deals that must be looked at: the first deal that fits each is taken.
var wishes = []struct {
	name string
	fits func(d seen) bool
}{
	{"auction-open", func(d seen) bool {
		return d.Kind == "english" && d.Status == "open" && d.Entries > 2 && d.Me == nil
	}},
	{"auction-buy-now", func(d seen) bool {
		return d.Kind == "english" && d.Status == "open" && d.BuyNow != nil && d.Me == nil
	}},
	{"auction-no-bids", func(d seen) bool {
		return d.Kind == "english" && d.Status == "open" && d.Entries == 0 && d.Me == nil
	}},
	{"auction-leading", func(d seen) bool {
		return d.Kind == "english" && d.Status == "open" && d.in() && d.Me.Leading != nil && *d.Me.Leading
	}},
	{"auction-outbid", func(d seen) bool {
		return d.Kind == "english" && d.Status == "open" && d.in() && d.Me.Leading != nil && !*d.Me.Leading
	}},
	{"auction-own", func(d seen) bool { return d.Kind == "english" && d.Status == "open" && d.own() }},
	{"auction-won", func(d seen) bool { return d.Kind == "english" && d.Status == "settled" && d.won() }},
	{"auction-failed", func(d seen) bool { return d.Kind == "english" && d.Status == "failed" }},
	{"fixed-open", func(d seen) bool {
		return d.Kind == "fixed" && d.Status == "open" && d.Left != nil && *d.Left > 1 && d.Me == nil
	}},
	{"request-open", func(d seen) bool {
		return d.Kind == "request" && d.Status == "open" && d.Rule == "open" && d.Entries > 1 && d.Named != nil && d.Me == nil
	}},
	{"request-first", func(d seen) bool {
		return d.Kind == "request" && d.Status == "open" && d.Rule == "first" && d.Me == nil
	}},
	{"request-sealed", func(d seen) bool { return d.Kind == "request" && d.Status == "open" && d.Rule == "sealed" }},
	{"request-quoted", func(d seen) bool { return d.Kind == "request" && d.Status == "open" && d.in() }},
	{"request-choice-own", func(d seen) bool { return d.Kind == "request" && d.Status == "open" && d.own() }},
	{"request-settled", func(d seen) bool { return d.Kind == "request" && d.Status == "settled" }},
	{"group-open", func(d seen) bool {
		return d.Kind == "group" && d.Status == "open" && d.Tier > 0 && d.Me == nil
	}},
	{"group-start", func(d seen) bool { return d.Kind == "group" && d.Status == "open" && d.Tier == 0 }},
	{"group-joined", func(d seen) bool { return d.Kind == "group" && d.Status == "open" && d.in() }},
	{"group-settled", func(d seen) bool { return d.Kind == "group" && d.Status == "settled" }},
	{"group-failed", func(d seen) bool { return d.Kind == "group" && d.Status == "failed" }},
}

func (d seen) own() bool { return d.Me != nil && d.Me.Role == "owner" }
func (d seen) in() bool  { return d.Me != nil && d.Me.Active && !d.own() }

func (d seen) won() bool {
	if d.Outcome == nil {
		return false
	}
	for _, a := range d.Outcome.Awards {
		if a.Mine && !d.own() {
			return true
		}
	}
	return false
}

// pages lists what is photographed.
func (s *site) pages(ctx context.Context) ([]shot, error) {
	list := []shot{
		{"home", "/", ""}, {"home-member", "/", ken},
		{"list", "/search", ""}, {"list-groups", "/search?kind=group", ken}, {"list-words", "/search?q=camera", ken},
		{"list-none", "/search?q=theremin", ""},
		{"help", "/help", ""}, {"help-auctions", "/help/auctions", ""}, {"help-groups", "/help/group-buys", ""}, {"help-fees", "/help/fees", ""},
		{"watchlist", "/watchlist", ken}, {"saved-searches", "/saved-searches", ken}, {"offline", "/offline", ""}, {"sign-in", "/sign-in", ""}, {"sign-up", "/sign-up", ""}, {"not-there", "/deals/none", ""},
		{"sell", "/sell", ken}, {"sell-auction", "/sell/auction", ken}, {"sell-fixed", "/sell/fixed", ken},
		{"sell-request", "/request", ken}, {"sell-group", "/group", ken}, {"kept", "/kept", ken},
		{"my", "/my", ken}, {"my-bids", "/my?tab=bids", ken}, {"orders", "/orders", ken}, {"wallet", "/wallet", ken},
		{"settings", "/settings", ken}, {"settings-mail", "/settings/mail", ken}, {"two-factor", "/settings/two-factor", ken},
		{"notifications", "/notifications", ken}, {"messages", "/messages", ken}, {"design", "/dev/design", ""},
	}
	token, id, err := s.signIn(ctx)
	if err != nil {
		return nil, err
	}
	list = append(list, shot{"person", "/people/" + id, ""})
	deals, err := s.deals(ctx, token)
	if err != nil {
		return nil, err
	}
	for _, w := range wishes {
		if i := slices.IndexFunc(deals, w.fits); i >= 0 {
			list = append(list, shot{w.name, "/deals/" + deals[i].ID, ken})
			if strings.HasSuffix(w.name, "-open") {
				list = append(list, shot{w.name + "-guest", "/deals/" + deals[i].ID, ""})
			}
		}
	}
	orders, err := s.list(ctx, token, "/orders", url.Values{"limit": {"4"}})
	if err != nil {
		return nil, err
	}
	for i, o := range orders.Items {
		list = append(list, shot{fmt.Sprintf("order-%d", i+1), "/orders/" + o.ID, ken})
	}
	return list, nil
}

func (s *site) signIn(ctx context.Context) (token, id string, err error) {
	var session struct{ Token string }
	body := fmt.Sprintf(`{"email":%q,"password":%q}`, ken, password)
	if err := s.call(ctx, http.MethodPost, "/sessions", "", strings.NewReader(body), &session); err != nil {
		return "", "", err
	}
	var me struct{ ID string }
	err = s.call(ctx, http.MethodGet, "/me", session.Token, nil, &me)
	return session.Token, me.ID, err
}

// deals are the open and the closed ones as their reader sees them, those with photos first.
func (s *site) deals(ctx context.Context, token string) ([]seen, error) {
	var all []seen
	for _, status := range []string{"open", "settled", "failed"} {
		for _, kind := range []string{"english", "fixed", "request", "group"} {
			f, err := s.list(ctx, token, "/search", url.Values{"status": {status}, "kind": {kind}, "limit": {"40"}})
			if err != nil {
				return nil, err
			}
			for _, item := range f.Items {
				var d seen
				if err := s.call(ctx, http.MethodGet, "/deals/"+item.ID, token, nil, &d); err != nil {
					return nil, err
				}
				all = append(all, d)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b seen) int { return min(len(b.Photos), 1) - min(len(a.Photos), 1) })
	return all, nil
}
