package group

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// maxEntries bounds the acts of one random market.
const maxEntries = 40

// drawTerms draws possible terms with small numbers, so that limits are met often.
func drawTerms(t *rapid.T) Terms {
	var x Terms
	from, price := int64(0), money.Amount(60+rapid.IntRange(0, 40).Draw(t, "first price"))*100
	for range rapid.IntRange(1, 4).Draw(t, "tiers") {
		from += int64(rapid.IntRange(1, 9).Draw(t, "step"))
		x.Tiers = append(x.Tiers, Tier{from, price})
		price -= money.Amount(rapid.IntRange(1, 14).Draw(t, "fall")) * 100
	}
	x.Allocation = rapid.SampledFrom([]Allocation{FirstCome, ProRata, Even}).Draw(t, "allocation")
	if rapid.Bool().Draw(t, "higher minimum") {
		x.Minimum = x.Tiers[0].From + int64(rapid.IntRange(0, 10).Draw(t, "minimum"))
	}
	if rapid.Bool().Draw(t, "cases") {
		x.CaseSize = int64(rapid.IntRange(1, 8).Draw(t, "case size"))
		x.Tolerance = rapid.Bool().Draw(t, "tolerance")
	}
	if rapid.Bool().Draw(t, "capped") {
		x.Cap = max(from, x.Minimum) + int64(rapid.IntRange(0, 20).Draw(t, "cap"))
		if x.CaseSize > 0 {
			x.Cap += (x.CaseSize - x.Cap%x.CaseSize) % x.CaseSize
		}
	}
	if rapid.Bool().Draw(t, "limited") {
		x.PerPerson = int64(rapid.IntRange(3, 12).Draw(t, "per person"))
	}
	x.Fees = Fees{100 * money.Amount(rapid.IntRange(0, 3).Draw(t, "per piece")), 100 * money.Amount(rapid.IntRange(0, 3).Draw(t, "per member")),
		100 * money.Amount(rapid.IntRange(0, 99).Draw(t, "bill"))}
	return x
}

// drawPledge draws a pledge that is mostly acceptable.
func drawPledge(t *rapid.T, x *Terms) Pledge {
	p := Pledge{Quantity: int64(rapid.IntRange(0, 9).Draw(t, "quantity"))}
	if x.Tolerance {
		p.Tolerance = int64(rapid.IntRange(0, 5).Draw(t, "tolerance"))
	}
	if rapid.Bool().Draw(t, "ceiling") {
		p.Ceiling = deal.Ptr(x.best() + money.Amount(rapid.IntRange(-1, 40).Draw(t, "above best"))*100)
	}
	return p
}

// checkRefusal: a refusal is a refusal, and leaves nothing.
func checkRefusal(t *rapid.T, k *market, err error, before snapshot) {
	if fault.From(err).Code == fault.CodeInternal {
		t.Fatalf("no refusal: %v", err)
	}
	if !reflect.DeepEqual(before, k.snapshot()) {
		t.Fatalf("the refusal %v changed something", err)
	}
}

type snapshot struct {
	state     State
	head      deal.Head
	standings map[string]deal.Standing
	funds     money.Amount
}

func (k *market) snapshot() snapshot {
	s := snapshot{State{slices.Clone(k.sums())}, k.head, map[string]deal.Standing{}, k.funds["a0"]}
	for account, st := range k.standings {
		c := *st
		if v, ok := c.Values.(*Standing); ok {
			clone := *v
			c.Values = &clone
		}
		s.standings[account] = c
	}
	return s
}

// act does one random act and holds it against the promises that concern entries.
func act(t *rapid.T, k *market) {
	account := fmt.Sprintf("a%d", rapid.IntRange(0, 9).Draw(t, "account"))
	k.now = k.now.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "seconds")) * time.Second)
	if !k.now.Before(k.frame.ClosesAt) {
		k.now = k.frame.ClosesAt.Add(-time.Millisecond)
	}
	before := k.snapshot()
	if rapid.IntRange(0, 5).Draw(t, "act") == 0 {
		if _, err := k.withdraw(account); err != nil {
			checkRefusal(t, k, err, before)
		}
		return
	}
	p := drawPledge(t, k.terms())
	promised, refused := k.preview(account, p)
	fx, err := k.try(account, deal.Member, deal.Pledge, p, "")
	if (err == nil) != (refused == nil) || err != nil && err.Error() != refused.Error() {
		t.Fatalf("the preview said %v, the entry %v", refused, err)
	}
	if err != nil {
		checkRefusal(t, k, err, before)
		return
	}
	if *promised.Tier != *fx.Answer.Tier || promised.Hold != *fx.Answer.Hold || !reflect.DeepEqual(promised.UnitPrice, fx.Answer.UnitPrice) {
		t.Fatalf("the preview promised %+v, the answer is %+v", promised, fx.Answer)
	}
}

// drawMarket runs a random market to its close, checking on the way.
func drawMarket(t *rapid.T) *market {
	k := opened(t, drawTerms(t))
	k.funds["a0"] = 100_000 // one member has little money
	for range rapid.IntRange(0, maxEntries).Draw(t, "acts") {
		if k.decision != nil {
			break
		}
		act(t, k)
		checkState(t, k)
	}
	return k.close()
}

// checkState: the sums are those of the crowd, the tier is the one a search over the crowd finds, and the cap holds.
func checkState(t *rapid.T, k *market) {
	claims, err := claimsOf(k.crowd())
	if err != nil {
		t.Fatal(err)
	}
	if got := k.terms().sums(claims); !slices.Equal(got, k.sums()) {
		t.Fatalf("sums %+v, recomputed %+v", k.sums(), got)
	}
	tier, _ := bestTier(k)
	if got := k.terms().reached(k.sums()); got != tier {
		t.Fatalf("tier %d, searched %d", got, tier)
	}
	if most := k.terms().Cap; most > 0 && all(k.sums()).Pieces > most {
		t.Fatalf("%d pieces pass the cap of %d", all(k.sums()).Pieces, most)
	}
	for account, s := range k.standings {
		if v, ok := s.Values.(*Standing); ok && (v.Lots.total() != v.Quantity || v.ToleranceLots.total() != v.Tolerance) {
			t.Fatalf("%s has lots %v, %v for %d + %d", account, v.Lots, v.ToleranceLots, v.Quantity, v.Tolerance)
		}
	}
}

// bestTier searches the cheapest feasible tier and what it orders by the words of the rule, over the whole crowd.
func bestTier(k *market) (tier, pieces int64) {
	x := k.terms()
	for i := len(x.Tiers) - 1; i >= 0; i-- {
		var q, tol int64
		for _, s := range k.standings {
			if v := s.Values.(*Standing); s.Active && v.Ceiling >= x.Tiers[i].UnitPrice {
				q, tol = q+v.Quantity, tol+v.Tolerance
			}
		}
		if o := orderByWords(x, q, tol); o >= x.Tiers[i].From && o >= x.Minimum {
			return int64(i + 1), o
		}
	}
	return 0, 0
}

// orderByWords counts cases one by one.
func orderByWords(x *Terms, q, tol int64) int64 {
	if x.CaseSize == 0 {
		return q
	}
	u, n := x.CaseSize, int64(0)
	for (n+1)*u <= q {
		n++
	}
	if r := q - n*u; r > 0 && r+tol >= u && (x.Cap == 0 || (n+1)*u <= x.Cap) {
		n++
	}
	if q > 0 && n*u < x.Minimum && x.Minimum <= q+tol {
		least := n
		for least*u < x.Minimum {
			least++
		}
		if least*u <= q+tol {
			n = least
		}
	}
	return n * u
}

func TestMarketsKeepTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := drawMarket(t)
		tier, pieces := bestTier(k)
		if k.decision.Tier != tier || k.decision.Pieces != pieces || (k.decision.Result == deal.Sold) != (tier > 0) {
			t.Fatalf("decided %+v, a search finds tier %d with %d pieces", *k.decision, tier, pieces)
		}
		checkAwardsOf(t, k)
		if err := k.verify(); err != nil {
			t.Fatalf("its log: %v\n%s", err, k.log())
		}
	})
}

// checkAwardsOf: one price for all, nobody above his ceiling or what he offered to take, all pieces and the whole bill
// handed out, and never more taken than was held.
func checkAwardsOf(t *rapid.T, k *market) {
	x, d := k.terms(), k.decision
	var pieces int64
	var fees, own money.Amount
	for _, a := range k.outcome.Awards {
		s := k.standings[a.Account]
		v := s.Values.(*Standing)
		if a.UnitPrice != d.UnitPrice || a.UnitPrice != x.Tiers[d.Tier-1].UnitPrice || a.UnitPrice > v.Ceiling {
			t.Fatalf("award %+v of a pledge %+v at tier %d", a, *v, d.Tier)
		}
		if a.Quantity < 1 || a.Quantity > v.pieces() || a.Total != a.UnitPrice*money.Amount(a.Quantity) {
			t.Fatalf("award %+v of a pledge %+v", a, *v)
		}
		if a.Total+a.Fees > s.Hold || !twd.IsCash(a.Total+a.Fees) {
			t.Fatalf("%d + %d are taken, %d are held", a.Total, a.Fees, s.Hold)
		}
		pieces, fees = pieces+a.Quantity, fees+a.Fees
		own += x.Fees.PerPiece*money.Amount(a.Quantity) + x.Fees.PerMember
	}
	if pieces != d.Pieces || int64(len(k.outcome.Awards)) != d.Awards {
		t.Fatalf("%d pieces in %d awards, decided %+v", pieces, len(k.outcome.Awards), *d)
	}
	if d.Result == deal.Sold && fees-own != x.Fees.Bill {
		t.Fatalf("shares of the bill are %d, the bill is %d", fees-own, x.Fees.Bill)
	}
	checkFair(t, k)
}

// checkFair: tolerance is served only when all wanted pieces are, and first come means that no piece is served before
// an older one.
func checkFair(t *rapid.T, k *market) {
	x, d := k.terms(), k.decision
	if d.Result != deal.Sold {
		return
	}
	got := map[string]int64{}
	for _, a := range k.outcome.Awards {
		got[a.Account] = a.Quantity
	}
	var short, spared bool
	youngest, oldest := int64(0), int64(1<<62) // of served and of unserved wanted pieces
	for _, s := range k.crowd() {
		v := s.Values.(*Standing)
		if !s.Active || v.Ceiling < d.UnitPrice {
			continue
		}
		short, spared = short || got[s.Account] < v.Quantity, spared || got[s.Account] > v.Quantity
		left := min(got[s.Account], v.Quantity)
		for _, lot := range v.Lots {
			if left > 0 {
				youngest = max(youngest, lot.Seq)
			}
			if left < lot.Pieces {
				oldest = min(oldest, lot.Seq)
			}
			left = max(left-lot.Pieces, 0)
		}
	}
	if short && spared {
		t.Fatal("tolerance was served before wanted pieces")
	}
	if x.Allocation == FirstCome && youngest > oldest {
		t.Fatalf("a piece of line %d was served before one of line %d", youngest, oldest)
	}
}

// Unfold is deterministic, whatever the order of the crowd's reading.
func TestUnfoldIsDeterministic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := drawMarket(t)
		v := k.view("", deal.Site)
		v.Crowd = k.crowd()
		slices.Reverse(v.Crowd)
		again, err := k.m.Unfold(v, *k.decision, deal.History{Lines: k.lines, Secrets: k.secrets})
		if err != nil || !reflect.DeepEqual(again, k.outcome) {
			t.Fatalf("again: %+v, %v; first: %+v", again, err, k.outcome)
		}
	})
}

// Whatever one line of a closing says otherwise, the audit sees it.
func TestForgedClosingsAreRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := drawMarket(t)
		ds := drafts(reread(t, k))
		first := slices.IndexFunc(ds, func(d draft) bool { return d.Kind == deal.Revealed || d.Kind == deal.Awarded || d.Kind == deal.Closed })
		i := rapid.IntRange(first, len(ds)-1).Draw(t, "line")
		name := forgeLine(t, k, &ds, i)
		if _, err := deal.VerifyBytes(chained(t, "g1", ds), registry); err == nil {
			t.Fatalf("%s in line %d was not seen", name, i)
		}
	})
}

// forgeLine changes one closing line into something that it must not say, and keeps the rest of the log consistent
// with it, as far as a forger can.
func forgeLine(t *rapid.T, k *market, ds *[]draft, i int) string {
	line, closed := &(*ds)[i], &(*ds)[len(*ds)-1]
	awards := closed.Body["awards"].(int64)
	switch line.Kind {
	case deal.Revealed:
		*ds = slices.Delete(*ds, i, i+1)
		return "a hidden ceiling"
	case deal.Awarded:
		switch rapid.IntRange(0, 3).Draw(t, "forgery") {
		case 0:
			closed.Body["awards"] = awards - 1
			*ds = slices.Delete(*ds, i, i+1)
			return "a dropped award"
		case 1:
			q := line.Body["quantity"].(int64) + 1
			line.Body["quantity"], line.Body["total"] = q, q*line.Body["unitPrice"].(int64)
			closed.Body["pieces"] = closed.Body["pieces"].(int64) + 1
			return "one piece more"
		case 2:
			p := line.Body["unitPrice"].(int64) + 100
			line.Body["unitPrice"], line.Body["total"] = p, p*line.Body["quantity"].(int64)
			return "a dearer award"
		default:
			closed.Body["awards"] = awards + 1
			*ds = slices.Insert(*ds, i, *line)
			return "a doubled award"
		}
	default:
		x := k.terms()
		tier := (k.decision.Tier + int64(rapid.IntRange(1, len(x.Tiers)).Draw(t, "other tier"))) % int64(len(x.Tiers)+1)
		if tier == 0 {
			line.Body = deal.Body{"result": "failed", "reason": "below_minimum", "awards": awards}
			return "a sale called a failure"
		}
		line.Body = deal.Body{"result": "sold", "tier": tier, "unitPrice": int64(x.Tiers[tier-1].UnitPrice), "pieces": k.decision.Pieces, "awards": awards}
		return "another tier"
	}
}

// A member's preview is the same whatever another's ceiling is exactly, as long as it lies between the same two tiers.
func TestPreviewsDependOnTiersAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawTerms(t)
		x.Cap = 0
		one, other := opened(t, x), opened(t, x)
		for i := range rapid.IntRange(1, 12).Draw(t, "pledges") {
			p := drawPledge(t, one.terms())
			account := fmt.Sprintf("a%d", i)
			if _, err := one.try(account, deal.Member, deal.Pledge, p, ""); err != nil {
				continue
			}
			ceiling := one.standings[account].Values.(*Standing).Ceiling
			p.Ceiling = deal.Ptr(drawSameRung(t, one.terms(), ceiling))
			if _, err := other.try(account, deal.Member, deal.Pledge, p, ""); err != nil {
				t.Fatalf("the same pledge at %d instead of %d: %v", *p.Ceiling, ceiling, err)
			}
		}
		p := drawPledge(t, one.terms())
		a, errA := one.preview("reader", p)
		b, errB := other.preview("reader", p)
		if !reflect.DeepEqual(a, b) || fmt.Sprint(errA) != fmt.Sprint(errB) {
			t.Fatalf("%+v, %v against %+v, %v", a, errA, b, errB)
		}
	})
}

// drawSameRung draws a ceiling between the same two tier prices.
func drawSameRung(t *rapid.T, x *Terms, ceiling money.Amount) money.Amount {
	low, high := x.best(), x.first()+10000
	for _, tier := range x.Tiers {
		if tier.UnitPrice <= ceiling {
			low = max(low, tier.UnitPrice)
		} else {
			high = min(high, tier.UnitPrice)
		}
	}
	return low + money.Amount(rapid.IntRange(0, int((high-low)/100)-1).Draw(t, "rung"))*100
}

// What is ordered never falls when more is wanted: the search of a preview rests on it.
func TestOrderedNeverFalls(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		drawn := drawTerms(t)
		x := drawn.withDefaults(time.Hour)
		s := Sums{Pieces: int64(rapid.IntRange(0, 60).Draw(t, "pieces")), Tolerance: int64(rapid.IntRange(0, 30).Draw(t, "tolerance"))}
		if x.Cap > 0 {
			s.Pieces = min(s.Pieces, x.Cap-1)
		}
		more := s
		more.Pieces++
		if x.ordered(more) < x.ordered(s) {
			t.Fatalf("%+v orders %d, one more %d, terms %+v", s, x.ordered(s), x.ordered(more), *x)
		}
	})
}

// evenly hands out one piece each in turn.
func TestEvenlyIsOnePieceInTurn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		wants := rapid.SliceOfN(rapid.Int64Range(0, 9), 1, 8).Draw(t, "wants")
		pieces := rapid.Int64Range(0, poured(wants, 9)).Draw(t, "pieces")
		want := make([]int64, len(wants))
		for left := pieces; left > 0; {
			for i := range wants {
				if left > 0 && want[i] < wants[i] {
					want[i]++
					left--
				}
			}
		}
		if got := evenly(pieces, wants); !slices.Equal(got, want) {
			t.Fatalf("%d among %v: %v, want %v", pieces, wants, got, want)
		}
	})
}

// proRata keeps the quota: everybody gets the whole part of his share, or one more.
func TestProRataKeepsTheQuota(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		wants := rapid.SliceOfN(rapid.Int64Range(1, 9), 1, 8).Draw(t, "wants")
		sum := poured(wants, 9)
		pieces := rapid.Int64Range(0, sum).Draw(t, "pieces")
		var total int64
		for i, got := range proRata(pieces, wants) {
			if whole := wants[i] * pieces / sum; got < whole || got > min(whole+1, wants[i]) {
				t.Fatalf("%d among %v: number %d gets %d", pieces, wants, i, got)
			}
			total += got
		}
		if total != pieces {
			t.Fatalf("%d of %d pieces handed out", total, pieces)
		}
	})
}
