package web

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/internal/money"
	"haggle/internal/testenv"
)

// fleeting is what no two renderings have in common.
var fleeting = regexp.MustCompile(`(name="(?:csrf|key)" value=")[^"]*`)

// stroller does random acts, and looks around after each.
type stroller struct {
	*hall
	*rand.Rand
	names []string
	deals []string
}

func (s *stroller) anybody() caller { return s.person(s.names[s.IntN(len(s.names))]) }

// open opens a deal of any kind.
func (s *stroller) open() {
	owner, end := s.anybody(), lasting(time.Duration(1+s.IntN(300))*time.Minute)
	about := market.About{Title: fmt.Sprintf("Thing %d <&>", len(s.deals)), Category: "home-lighting", Condition: "good"}
	price, n := money.Amount(10_000), int64(2)
	var v market.DealView
	var err error
	switch s.IntN(4) {
	case 0:
		v, _, err = s.OpenListing(s.Context(), owner.Actor, market.Key{}, market.ListingInput{About: about, Format: "fixed", Price: &price, Quantity: &n})
	case 1:
		hidden := s.IntN(2) == 0
		v, _, err = s.OpenRequest(s.Context(), owner.Actor, market.Key{}, market.RequestInput{About: about, Until: end, NamedPrice: 50_000,
			PriceVisible: &hidden, Rule: "choice"})
	case 2:
		about.Condition = ""
		v, _, err = s.OpenGroup(s.Context(), owner.Actor, market.Key{}, market.GroupInput{About: about, Until: end,
			Tiers: []market.TierInput{{From: 2, UnitPrice: 8_000}, {From: 5, UnitPrice: 7_000}}})
	default:
		v, _, err = s.OpenListing(s.Context(), owner.Actor, market.Key{}, market.ListingInput{About: about, Until: end, Format: "english", StartPrice: &price})
	}
	s.must(err)
	s.deals = append(s.deals, v.ID)
}

// enter makes an entry of the deal's kind; the market may refuse it.
func (s *stroller) enter() {
	id, who := s.deals[s.IntN(len(s.deals))], s.anybody()
	d, err := s.Deal(s.Context(), market.Actor{}, id)
	s.must(err)
	switch d.Kind {
	case "english":
		_, err = s.PlaceBid(s.Context(), who.Actor, market.Key{}, id, market.BidInput{Max: money.Amount(100+s.IntN(900)) * 100})
	case "fixed":
		_, err = s.Buy(s.Context(), who.Actor, market.Key{}, id, market.PurchaseInput{Card: "4242424242424242"})
	case "request":
		_, err = s.SubmitQuote(s.Context(), who.Actor, market.Key{}, id, market.QuoteInput{UnitPrice: money.Amount(100+s.IntN(400)) * 100})
	case "group":
		_, err = s.Pledge(s.Context(), who.Actor, market.Key{}, id, market.PledgeInput{Quantity: int64(1 + s.IntN(3))})
	}
	if f := fault.From(err); err != nil && f.Class() == fault.Internal {
		s.Fatal(err)
	}
}

func (s *stroller) step() {
	switch n := s.IntN(10); {
	case n < 2 || len(s.deals) == 0:
		s.open()
	case n < 8:
		s.enter()
	case n < 9:
		s.later(time.Duration(s.IntN(40)) * time.Minute)
	default:
		s.must(s.CloseDue(s.Context(), s.deals[s.IntN(len(s.deals))]))
	}
	if s.IntN(2) == 0 {
		s.must(s.IndexDeals(s.Context(), s.deals...))
	}
}

// look compares what a reader gets with what he would get if nothing were kept.
func (s *stroller) look() {
	who, pages := s.anybody(), []string{"/", "/search", "/search?sort=ending", "/search?status=any&sort=price", "/search?kind=group", "/my", "/my?tab=bids"}
	if s.IntN(3) == 0 {
		who, pages = caller{}, pages[:5]
	}
	pages = append(pages, "/deals/"+s.deals[s.IntN(len(s.deals))])
	path, lang := pages[s.IntN(len(pages))], []string{"en", "zh-TW"}[s.IntN(2)]
	s.items(who)
	kept, plain := s.see(s.app, who, lang, path), s.see(s.bare, who, lang, path)
	if diff := cmp.Diff(fleeting.ReplaceAllString(plain, "$1"), fleeting.ReplaceAllString(kept, "$1")); diff != "" {
		s.Fatalf("%s for %q in %s (- drawn anew, + kept):\n%s", path, who.Name, lang, diff)
	}
}

// items compares the deals of a list with what the store says of each.
func (s *stroller) items(who caller) {
	list, err := s.List(s.Context(), who.Actor, market.SearchInput{Status: "any", Limit: 24})
	s.must(err)
	for _, got := range list.Items {
		want, err := s.Deal(s.Context(), who.Actor, got.ID)
		s.must(err)
		want.Outcome, want.Owner, want.Now = nil, got.Owner, got.Now
		if me := want.Me; me != nil {
			me.Orders, me.Rank, me.Reserve, me.NamedPrice, me.Floor = nil, nil, nil, nil, nil
		}
		if got.Me != nil {
			me := *got.Me
			me.Rank, got.Me = nil, &me
		}
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b market.Time) bool { return a.Std().Equal(b.Std()) })); diff != "" {
			s.Fatalf("a list shows %q another deal than there is (- stored, + listed):\n%s", who.Name, diff)
		}
	}
}

func TestWhatIsKeptReadsAsIfDrawnAnew(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			h := newHall(t)
			h.stands.Store(time.Now().UnixMilli())
			s := &stroller{hall: h, Rand: rand.New(rand.NewPCG(seed, 7)), names: []string{"ann", "ben", "cho", "dai"}}
			for range testenv.Draw(50, 150, 150) {
				s.step()
				s.look()
				s.look()
			}
		})
	}
}
