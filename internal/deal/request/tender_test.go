package request

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/money"
	"haggle/internal/testenv"
)

// tender is a sealed reverse auction of the city of Tsuchiura.
type tender struct {
	ID      string        `json:"pid"`
	Title   string        `json:"title"`
	Reserve money.Amount  `json:"reserve_yen"`
	Floor   *money.Amount `json:"floor_yen"`
	Class   string        `json:"cls"`
	Winner  *string       `json:"winner"`
	Bids    []struct {
		Bidder string        `json:"bidder"`
		Yen    *money.Amount `json:"yen"`
		Result string        `json:"result"`
		Detail string        `json:"detail"`
		Won    bool          `json:"won"`
	} `json:"bids"`
}

// withoutAward are the tenders in which the city awarded nobody though valid quotes were in: no rule of price says why.
var withoutAward = []string{"246", "647", "923"}

// TestTsuchiuraTenders replays every recorded tender in a shuffled order. The disqualified are removed; in the second
// way those who were disqualified for their price alone stay in, so that floor and named price have to set them aside.
func TestTsuchiuraTenders(t *testing.T) {
	tenders := readTenders(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	for name, keep := range map[string]func(result, detail string) bool{
		"disqualified removed":              func(result, _ string) bool { return result != "rejected" },
		"disqualified for their price kept": func(result, detail string) bool { return result != "rejected" || forPrice(detail) },
	} {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 1))
			var exact, tied int
			var exceptions []string
			for _, tender := range tenders {
				right, amongLowest, why := tender.replay(t, rng, keep)
				switch {
				case !right:
					exceptions = append(exceptions, tender.ID)
					t.Logf("exception %s, %q (%s): %s", tender.ID, tender.Title, tender.Class, why)
				case amongLowest:
					tied++
				default:
					exact++
				}
			}
			t.Logf("%d of %d exact (%.2f %%), %d more decided by lot among the lowest, %d exceptions",
				exact, len(tenders), 100*float64(exact)/float64(len(tenders)), tied, len(exceptions))
			if len(tenders) != 761 || !slices.Equal(exceptions, withoutAward) {
				t.Errorf("exceptions %v of %d tenders, want %v of 761", exceptions, len(tenders), withoutAward)
			}
		})
	}
}

func forPrice(detail string) bool {
	return strings.Contains(detail, "limit price") || strings.Contains(detail, "exceeded")
}

func readTenders(t *testing.T) []tender {
	f, err := os.Open(testenv.Shared(t, "data", "tsuchiura_sealed_tenders.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []tender
	for s := bufio.NewScanner(f); s.Scan(); {
		var x tender
		if err := json.Unmarshal(s.Bytes(), &x); err != nil {
			t.Fatal(err)
		}
		out = append(out, x)
	}
	return out
}

// replay runs a tender as a sealed request with a hidden named price. A firm that handed in several sheets counts once
// for each, as it did in the city hall.
func (x tender) replay(t *testing.T, rng *rand.Rand, keep func(result, detail string) bool) (right, amongLowest bool, why string) {
	d, err := newDesk(t, "JPY", Terms{Rule: RuleSealed, NamedPrice: x.Reserve, PriceVisible: deal.Ptr(false), Floor: x.Floor}, 0)
	if err != nil {
		t.Fatalf("tender %s: %v", x.ID, err)
	}
	won := money.Amount(-1)
	lowest := map[money.Amount]int{}
	for _, i := range rng.Perm(len(x.Bids)) {
		b := x.Bids[i]
		if b.Yen == nil || !keep(b.Result, b.Detail) {
			continue
		}
		d.now = d.now.Add(time.Second)
		d.mustQuote(fmt.Sprintf("%s #%d", b.Bidder, i), *b.Yen)
		lowest[*b.Yen]++
		if b.Won {
			won = *b.Yen
		}
	}
	d.close()
	d.verify()
	if len(d.outcome.Awards) == 0 {
		return x.Winner == nil, false, "the rule awards nobody, the city did"
	}
	a := d.outcome.Awards[0]
	switch {
	case x.Winner == nil:
		return false, false, fmt.Sprintf("the city awarded nobody, the rule %s at %d", a.Account, a.UnitPrice)
	case a.UnitPrice != won:
		return false, false, fmt.Sprintf("the city awarded %s at %d, the rule %s at %d", *x.Winner, won, a.Account, a.UnitPrice)
	case lowest[won] > 1:
		return true, true, ""
	}
	firm, _, _ := strings.Cut(a.Account, " ")
	return firm == *x.Winner, false, "another firm at the same price"
}
