package web

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"slices"
	"strings"
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/internal/money"
)

// fake is a market of canned answers that notes what it was asked.
type fake struct {
	ways
	told
	unsentMarket
	letters
	lists
	pocket
	deals  []market.DealView
	orders []market.OrderView
	chance []market.SecondChanceView
	refuse error // what the next act answers
	calls  []string
	keys   []market.Key
	bid    market.BidInput
	buy    market.PurchaseInput
	pledge market.PledgeInput
	group  market.GroupInput
	list   market.ListingInput
	ask    market.RequestInput
	find   market.SearchInput
	step   market.OrderInput
	patch  market.MePatch
	fedBy  market.FeedbackInput
	award  market.AwardInput

	blocked []market.PersonView
	opened  []string // photos
}

func (f *fake) note(call string) error {
	f.calls = append(f.calls, call)
	return f.refuse
}

func (f *fake) called(call string) bool { return slices.Contains(f.calls, call) }

func (f *fake) acted(call string, k market.Key) (market.EntryView, error) {
	f.keys = append(f.keys, k)
	if err := f.note(call); err != nil {
		return market.EntryView{}, err
	}
	return market.EntryView{Receipt: receiptFixture()}, nil
}

// Accounts.

func (f *fake) Register(_ context.Context, in market.RegisterInput) (market.Grant, error) {
	return market.Grant{ID: "u1", Token: memberToken, ExpiresAt: market.At(clock.AddDate(0, 1, 0))}, f.note("register " + in.Email + " " + in.Locale)
}

func (f *fake) SignIn(_ context.Context, in market.SignInInput) (market.Grant, error) {
	return market.Grant{ID: "u1", Token: memberToken, ExpiresAt: market.At(clock.AddDate(0, 1, 0))}, f.note("sign in " + in.Email)
}

func (f *fake) Authenticate(_ context.Context, token string) (market.Actor, error) {
	switch token {
	case memberToken:
		return market.Actor{Account: "u1", Name: "Mei", Role: "member", Session: "s1", Via: "session"}, nil
	case ownerToken:
		return market.Actor{Account: "owner", Name: "Ann", Role: "member", Session: "s2", Via: "session"}, nil
	}
	return market.Actor{}, fault.New(fault.CodeUnauthenticated, nil)
}

func (f *fake) SignOut(context.Context, market.Actor) error { return f.note("sign out") }

func (f *fake) Sessions(context.Context, market.Actor) ([]market.SessionView, error) {
	return sessionsFixture(), nil
}

func (f *fake) RevokeSession(_ context.Context, _ market.Actor, id string) error {
	return f.note("revoke session " + id)
}

func (f *fake) Tokens(context.Context, market.Actor) ([]market.TokenView, error) {
	used := market.At(clock.Add(-3 * time.Hour))
	return []market.TokenView{
		{ID: "t1", Name: "price watcher", Scopes: []string{"read"}, CreatedAt: market.At(clock.AddDate(0, -1, 0)), ExpiresAt: market.At(clock.AddDate(1, -1, 0)), UsedAt: &used},
		{ID: "t2", Name: "robot", Scopes: []string{"read", "trade"}, CreatedAt: market.At(clock.AddDate(0, 0, -2)), ExpiresAt: market.At(clock.AddDate(1, 0, -2))},
	}, nil
}

func (f *fake) CreateToken(_ context.Context, _ market.Actor, in market.TokenInput) (market.TokenView, error) {
	err := f.note("create token " + in.Name + " " + strings.Join(in.Scopes, "+"))
	return market.TokenView{ID: "t2", Name: in.Name, Scopes: in.Scopes, ExpiresAt: market.At(clock.AddDate(1, 0, 0)), Token: "hgl_secret"}, err
}

func (f *fake) RevokeToken(_ context.Context, _ market.Actor, id string) error {
	return f.note("revoke token " + id)
}

func (f *fake) Me(context.Context, market.Actor) (market.MeView, error) {
	return market.MeView{ID: "u1", Email: "mei@example.org", Name: "Mei", Locale: "en", Role: "member", Since: market.At(clock.AddDate(-1, 0, 0))}, nil
}

func (f *fake) UpdateMe(_ context.Context, _ market.Actor, in market.MePatch) (market.MeView, error) {
	f.patch = in
	return market.MeView{}, f.note("update me")
}

func (f *fake) BlockPerson(_ context.Context, _ market.Actor, id string) error {
	return f.note("block " + id)
}

func (f *fake) UnblockPerson(_ context.Context, _ market.Actor, id string) error {
	return f.note("unblock " + id)
}

func (f *fake) Blocked(context.Context, market.Actor) ([]market.PersonView, error) {
	return f.blocked, nil
}

func (f *fake) Blocks(_ context.Context, _ market.Actor, id string) (bool, error) {
	return slices.ContainsFunc(f.blocked, func(p market.PersonView) bool { return p.ID == id }), nil
}

func (f *fake) Person(_ context.Context, id string) (market.PersonView, error) {
	if id != seller.ID {
		return market.PersonView{}, fault.New(fault.CodeNotFound, nil)
	}
	return seller, nil
}

func (f *fake) Reputation(context.Context, market.Actor, string) (market.ReputationView, error) {
	return reputationFixture(), nil
}

// Deals.

func (f *fake) Site() market.SiteView {
	return market.SiteView{Name: "haggle", Currency: "TWD", Exponent: 2, CashUnit: 100, FeeBasisPoints: 500, LogKey: "TnlIb25LZXlTYW1wbGVUbnlIb25LZXlTYW1wbGU"}
}

func (f *fake) Categories() []market.CategoryView { return categoriesFixture }

func (f *fake) Deal(_ context.Context, a market.Actor, id string) (market.DealView, error) {
	for _, d := range f.deals {
		if d.ID != id {
			continue
		}
		if a.Guest() || a.Account == "owner" {
			d.Me = nil
		}
		if a.Account == "owner" {
			d.Me = ownerOf(d)
		}
		return d, nil
	}
	return market.DealView{}, fault.New(fault.CodeNotFound, nil)
}

// Words that the fake market answers from its store, and of which what it finds has only some.
const (
	staleWords = "while search is down"
	looseWords = "camera zebra quartz"
)

func (f *fake) List(_ context.Context, _ market.Actor, in market.SearchInput) (market.SearchView, error) {
	f.find = in
	if err := f.note("search"); err != nil {
		return market.SearchView{}, err
	}
	v := market.SearchView{Facets: map[string]map[string]int64{"kind": {"english": 2}}, Stale: in.Text == staleWords, Loose: in.Text == looseWords}
	for _, d := range f.deals {
		if d.Status == deal.Open && (in.Kind == "" || in.Kind == string(d.Kind)) && (in.Text == "" || v.Stale || v.Loose && !in.Whole) {
			v.Items = append(v.Items, d)
		}
	}
	if v.Total = int64(len(v.Items)); v.Total > 4 {
		v.Next = "next-cursor"
	}
	return v, nil
}

func (f *fake) Mine(_ context.Context, _ market.Actor, what, _ string) (market.Page[market.DealView], error) {
	if what != "bids" {
		return market.Page[market.DealView]{}, nil
	}
	return market.Page[market.DealView]{Items: f.deals[:2], Next: "more"}, nil
}

func (f *fake) History(_ context.Context, id string, _ int) ([]market.HistoryLine, error) {
	return historyFixture(id), nil
}

func (f *fake) OpenListing(_ context.Context, _ market.Actor, k market.Key, in market.ListingInput) (market.DealView, bool, error) {
	f.list, f.keys = in, append(f.keys, k)
	return f.deals[0], false, f.note("open listing")
}

func (f *fake) OpenRequest(_ context.Context, _ market.Actor, k market.Key, in market.RequestInput) (market.DealView, bool, error) {
	f.ask, f.keys = in, append(f.keys, k)
	return f.deals[0], false, f.note("open request")
}

func (f *fake) OpenGroup(_ context.Context, _ market.Actor, k market.Key, in market.GroupInput) (market.DealView, bool, error) {
	f.group, f.keys = in, append(f.keys, k)
	return f.deals[0], false, f.note("open group")
}

func (f *fake) UploadPhoto(_ context.Context, _ market.Actor, r io.Reader) (market.PhotoView, error) {
	b, err := io.ReadAll(r)
	if err == nil && !bytes.HasPrefix(b, []byte("photo")) {
		err = fault.Invalidf("photo", "is no photo")
	}
	return market.PhotoView{ID: string(b)}, err
}

func (f *fake) OpenPhoto(_ context.Context, id, _ string) (io.ReadCloser, string, int64, error) {
	f.opened = append(f.opened, id)
	if strings.HasPrefix(id, "no") {
		return nil, "", 0, fault.New(fault.CodeNotFound, nil)
	}
	b := picture(id)
	return io.NopCloser(bytes.NewReader(b)), "image/jpeg", int64(len(b)), nil
}

// picture paints something that looks like a photo of a thing on a table.
func picture(id string) []byte {
	const w, h = 480, 360
	sum := 0
	for _, r := range id {
		sum = sum*31 + int(r)
	}
	hue := uint8(sum % 90)
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{190 - uint8(y/6), 180 - uint8(y/5), 160 - uint8(y/4), 255}
			dx, dy := x-w/2, y-h/2-20
			if dx*dx/3+dy*dy < 9000 {
				c = color.RGBA{90 + hue - uint8((dx+140)/8), 70 + uint8((dy+100)/5), 60 + hue/2, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// Acts.

func (f *fake) PlaceBid(_ context.Context, _ market.Actor, k market.Key, _ string, in market.BidInput) (market.EntryView, error) {
	f.bid = in
	return f.acted("bid", k)
}

func (f *fake) Buy(_ context.Context, _ market.Actor, k market.Key, _ string, in market.PurchaseInput) (market.EntryView, error) {
	f.buy = in
	e, err := f.acted("buy", k)
	e.Order = &f.orders[0]
	return e, err
}

func (f *fake) SubmitQuote(_ context.Context, _ market.Actor, k market.Key, _ string, _ market.QuoteInput) (market.EntryView, error) {
	return f.acted("quote", k)
}

func (f *fake) AwardRequest(_ context.Context, _ market.Actor, k market.Key, _ string, in market.AwardInput) (market.EntryView, error) {
	f.award = in
	return f.acted("award", k)
}

func (f *fake) Pledge(_ context.Context, _ market.Actor, k market.Key, _ string, in market.PledgeInput) (market.EntryView, error) {
	f.pledge = in
	return f.acted("pledge", k)
}

func (f *fake) Withdraw(_ context.Context, _ market.Actor, k market.Key, _ string, _ market.ReasonInput) (market.EntryView, error) {
	return f.acted("withdraw", k)
}

func (f *fake) Retract(_ context.Context, _ market.Actor, k market.Key, _ string, in market.ReasonInput) (market.EntryView, error) {
	return f.acted("retract "+in.Reason, k)
}

func (f *fake) CancelBids(_ context.Context, _ market.Actor, k market.Key, _ string, in market.ReasonInput) (market.EntryView, error) {
	return f.acted("cancel bids "+in.Pseudonym+" "+in.Reason, k)
}

func (f *fake) EndEarly(_ context.Context, _ market.Actor, k market.Key, _ string, _ market.ReasonInput) (market.EntryView, error) {
	return f.acted("end early", k)
}

func (f *fake) CancelDeal(_ context.Context, _ market.Actor, k market.Key, _ string, in market.ReasonInput) (market.EntryView, error) {
	return f.acted("cancel "+in.Reason, k)
}

func (f *fake) AnswerChance(_ context.Context, _ market.Actor, k market.Key, id string, in market.ChanceInput) (market.AnsweredView, bool, error) {
	f.keys = append(f.keys, k)
	if err := f.note(fmt.Sprintf("chance %s %t", id, in.Accept)); err != nil {
		return market.AnsweredView{}, false, err
	}
	if !in.Accept {
		return market.AnsweredView{}, false, nil
	}
	return market.AnsweredView{Accepted: true, Order: &market.OrderView{ID: "o-next"}}, false, nil
}

func (f *fake) SecondChances(context.Context, market.Actor) ([]market.SecondChanceView, error) {
	return f.chance, f.note("second chances")
}

func (f *fake) Preview(_ context.Context, _ market.Actor, id string, in market.PreviewInput) (deal.Preview, error) {
	if err := f.note("preview"); err != nil {
		return deal.Preview{}, err
	}
	return previewFixture(id, in), nil
}

// Orders and wallet.

func (f *fake) Orders(context.Context, market.Actor, string, int, string) (market.Page[market.OrderView], error) {
	return market.Page[market.OrderView]{Items: f.orders}, nil
}

func (f *fake) Order(_ context.Context, _ market.Actor, id string) (market.OrderView, error) {
	for _, o := range f.orders {
		if o.ID == id {
			return o, nil
		}
	}
	return market.OrderView{}, fault.New(fault.CodeNotFound, nil)
}

func (f *fake) StepOrder(_ context.Context, _ market.Actor, k market.Key, _ string, act string, in market.OrderInput) (market.OrderView, bool, error) {
	f.step, f.keys = in, append(f.keys, k)
	return market.OrderView{}, false, f.note("step " + act)
}

func (f *fake) LeaveFeedback(_ context.Context, _ market.Actor, k market.Key, _ string, in market.FeedbackInput) (market.FeedbackView, bool, error) {
	f.fedBy, f.keys = in, append(f.keys, k)
	return market.FeedbackView{}, false, f.note("feedback")
}

func (f *fake) Wallet(context.Context, market.Actor) (market.WalletView, error) {
	return market.WalletView{Available: 1250000, Held: 216000, Escrow: 64000, Incoming: 0, Currency: "TWD"}, nil
}

func (f *fake) Free(context.Context, market.Actor) (money.Amount, error) { return 1250000, nil }

func (f *fake) WalletParts(context.Context, market.Actor) (market.WalletParts, error) {
	return market.WalletParts{
		Held:   []market.WalletPart{{Deal: "group", Kind: deal.Group, Title: "Alishan oolong", Amount: 216000, Until: after(7_200e9)}},
		Escrow: []market.WalletPart{{Deal: "sold", Order: "o-paid", Kind: deal.English, Title: "City bike", Amount: 270000}},
	}, nil
}

func (f *fake) WalletEntries(context.Context, market.Actor, int, string) (market.Page[market.WalletEntry], error) {
	return market.Page[market.WalletEntry]{Items: entriesFixture(), Next: "older"}, nil
}

func (f *fake) Deposit(_ context.Context, _ market.Actor, k market.Key, in market.DepositInput) (market.TransferView, bool, error) {
	f.keys = append(f.keys, k)
	err := f.note("deposit " + in.Card)
	return market.TransferView{Amount: in.Amount, Status: "succeeded"}, false, err
}

func (f *fake) WithdrawMoney(_ context.Context, _ market.Actor, k market.Key, in market.WithdrawalInput) (market.TransferView, bool, error) {
	f.keys = append(f.keys, k)
	return market.TransferView{Amount: in.Amount, Status: "succeeded"}, false, f.note("withdraw " + in.Method)
}
