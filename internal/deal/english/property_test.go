package english

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"haggle/internal/deal"
	"haggle/internal/deal/dealtest"
	"haggle/internal/money"
)

// made is a counting bid in the naive account of an auction.
type made struct {
	who string
	max money.Amount
	seq int64
}

// naive is the standing price by the rule's own words, from the list of every counting maximum in force: every rival's
// maximum is a claim, and the highest claim is the price.
func naive(terms *Terms, bids []made) (leader string, standing money.Amount) {
	if len(bids) == 0 {
		return "", 0
	}
	first := slices.MaxFunc(bids, func(a, b made) int {
		if a.max != b.max {
			return int(a.max - b.max)
		}
		return int(b.seq - a.seq)
	})
	standing = terms.StartPrice
	for _, b := range bids {
		if b.who == first.who {
			continue
		}
		step := money.Amount(0)
		for _, row := range terms.Increments {
			if row[0] == 0 || b.max < row[0] {
				step = row[1]
				break
			}
		}
		standing = max(standing, min(first.max, b.max+step))
	}
	if r := terms.ReservePrice; r != nil && first.max >= *r {
		standing = max(standing, *r)
	}
	return first.who, standing
}

// random is an auction of drawn terms, with a naive account of its bids beside it.
type random struct {
	auction
	bids []made // in force, counting, in order
}

func newRandom(t *rapid.T) *random {
	currency := rapid.SampledFrom([]string{"USD", "TWD"}).Draw(t, "currency")
	c, err := money.Lookup(currency)
	must(t, err)
	amount := func(most int, name string) money.Amount {
		return c.CashUnit * money.Amount(rapid.IntRange(0, most).Draw(t, name))
	}
	terms := Terms{StartPrice: c.CashUnit + amount(300, "start")}
	if rapid.Bool().Draw(t, "reserved") {
		terms.ReservePrice = deal.Ptr(terms.StartPrice + amount(400, "reserve"))
	}
	if rapid.Bool().Draw(t, "buyable") {
		terms.BuyNowPrice = deal.Ptr(max(leastBuyNow(terms.StartPrice, c), terms.reserve()) + amount(300, "buy now"))
	}
	terms.SoftClose = &SoftClose{WindowSeconds: int64(rapid.SampledFrom([]int{0, 300, 3600}).Draw(t, "window")),
		ExtendSeconds: int64(rapid.IntRange(0, 4000).Draw(t, "extend"))}
	length := time.Duration(rapid.IntRange(1, 40).Draw(t, "hours")) * time.Hour
	return &random{auction: auctionIn(t, currency, terms, length)}
}

// run enters up to n drawn entries, and checks each.
func (r *random) run(t *rapid.T, n int) {
	for range rapid.IntRange(0, n).Draw(t, "entries") {
		left := r.ClosesAt().Sub(r.Now())
		r.Wait(time.Duration(rapid.Float64Range(0, 0.2).Draw(t, "wait") * float64(left)))
		if r.Decision() == nil {
			r.one(t)
		}
	}
}

// one draws an entry, gives it to the rule and to the naive account, and compares.
func (r *random) one(t *rapid.T) {
	who := rapid.SampledFrom([]string{"ann", "bob", "eve", "joe", "kim"}).Draw(t, "who")
	was, lines, crowd := r.state(), len(r.Lines()), r.Crowd()
	act := rapid.SampledFrom([]string{"bid", "bid", "bid", "bid", "bid", "bid", "related", "retract", "strike", "buy", "end"}).Draw(t, "act")
	err := r.act(t, act, who)
	if err != nil {
		if r.state() != was || len(r.Lines()) != lines || !reflect.DeepEqual(r.Crowd(), crowd) {
			t.Fatalf("a refused %s changed something: %v", act, err)
		}
		return
	}
	if act == "buy" || act == "end" {
		return
	}
	leader, standing := naive(r.terms(), r.bids)
	if got := r.state(); got.Leader != leader || got.Standing != standing {
		t.Fatalf("after %s by %s: %s leads at %d; by the rule's words %s at %d, of %v", act, who, got.Leader, got.Standing, leader, standing, r.bids)
	}
	if act != "retract" && act != "strike" && r.state().Standing < was.Standing {
		t.Fatalf("the price fell from %d to %d", was.Standing, r.state().Standing)
	}
}

func (r *random) act(t *rapid.T, act, who string) error {
	switch act {
	case "bid", "related":
		return r.bidSome(t, who, act == "related")
	case "retract":
		all := r.ClosesAt().Sub(r.Now()) > 12*time.Hour
		err := r.retract(who)
		r.strikeNaively(who, all, err)
		return err
	case "strike":
		s := r.Standing(who)
		if s == nil {
			return nil
		}
		err := r.cancelBid(s.Pseudonym, rapid.SampledFrom([]deal.Reason{deal.BidderAsked, deal.Unpaid}).Draw(t, "reason"))
		r.strikeNaively(who, true, err)
		return err
	case "buy":
		return r.buy(who)
	default:
		if rapid.IntRange(0, 5).Draw(t, "really") > 0 {
			return r.cancel(who, "") // no member can
		}
		return r.endEarly()
	}
}

func (r *random) bidSome(t *rapid.T, who string, related bool) error {
	var others []string
	if leader := r.state().Leader; related && leader != "" && leader != who {
		others = []string{leader}
	} else if related {
		others = []string{dealtest.Owner}
	}
	unit := r.Frame().Currency.CashUnit
	maximum := max(r.terms().StartPrice, r.state().Standing) + unit*money.Amount(rapid.IntRange(-3, 200).Draw(t, "above"))
	fx, err := r.try(who, maximum, others...)
	if err == nil && fx.Answer.Counts == nil {
		r.bids = append(r.bids, made{who, maximum, int64(len(r.Lines()) - 1)})
	}
	return err
}

// strikeNaively drops a bidder's bids from the account: all, or the one that the log's last line names.
func (r *random) strikeNaively(who string, all bool, err error) {
	if err != nil {
		return
	}
	of := r.Lines()[len(r.Lines())-1].Body["of"]
	r.bids = slices.DeleteFunc(r.bids, func(b made) bool { return b.who == who && (all || b.seq == of) })
}

// TestProperties holds drawn auctions of up to 40 entries against the naive account, and their logs against the
// verifier: as they are, and open at every length.
func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := newRandom(t)
		r.run(t, 40)
		leader, standing := r.state().Leader, r.state().Standing
		if rapid.IntRange(0, 9).Draw(t, "call off") == 0 && r.Decision() == nil {
			must(t, r.cancel(dealtest.Moderator, ""))
		}
		out := r.verified()
		for _, a := range out.Awards {
			if a.Account != leader || a.Total != standing {
				t.Fatalf("awarded to %s at %d, led by %s at %d", a.Account, a.Total, leader, standing)
			}
		}
		cut := rapid.IntRange(1, len(r.Lines())).Draw(t, "cut")
		if err := r.Accepts(dealtest.Joined(r.Lines()[:cut])); err != nil {
			t.Fatalf("its first %d lines: %v\n%s", cut, err, r.Log())
		}
	})
}
