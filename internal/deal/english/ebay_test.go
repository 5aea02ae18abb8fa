package english

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/dealtest"
	"haggle/internal/money"
	"haggle/internal/testenv"
)

// recorded is one auction of the eBay set.
type recorded struct {
	Auction string       `json:"auction"`
	Open    money.Amount `json:"open_cents"`
	Price   money.Amount `json:"price_cents"`
	Class   string       `json:"class"`
	Winner  string       `json:"winner"`
	Bids    []struct {
		Days   float64      `json:"t_days"`
		Bidder string       `json:"bidder"`
		Max    money.Amount `json:"max_cents"`
	} `json:"bids"`
}

func readRecorded(t *testing.T) (all []recorded) {
	f, err := os.Open(testenv.Shared(t, "data", "ebay_5day_auctions.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var r recorded
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestRecordedAuctions replays real auctions. The record holds a winner's standing bid in place of his maximum, so
// where the increment decided it is raised far beyond; a hidden reserve is set to the price.
func TestRecordedAuctions(t *testing.T) {
	all := readRecorded(t)
	classes := map[string]int{}
	for _, r := range all {
		classes[r.Class]++
		t.Run(r.Auction, func(t *testing.T) { replayRecorded(t, r) })
	}
	if len(all) != 96 || len(classes) != 5 {
		t.Fatalf("%d auctions in the classes %v, want 96 in 5", len(all), classes)
	}
	t.Logf("exact: %v", classes)
}

func replayRecorded(t *testing.T, r recorded) {
	terms := Terms{StartPrice: r.Open, SoftClose: &SoftClose{}}
	if r.Class == "hidden_reserve_suspected" {
		terms.ReservePrice = deal.Ptr(r.Price)
	}
	a := auctionIn(t, "USD", terms, 5*24*time.Hour)
	last := map[string]int{}
	for i, b := range r.Bids {
		last[b.Bidder] = i
	}
	for i, b := range r.Bids {
		maximum := b.Max
		if (r.Class == "full_increment" || r.Class == "single_open") && b.Bidder == r.Winner && last[b.Bidder] == i {
			maximum = 100_000_000
		}
		a.WaitUntil(dealtest.Opening.Add(time.Duration(b.Days * 24 * float64(time.Hour))))
		_, _ = a.try(b.Bidder, maximum) // bids below the minimum were recorded, too; one is refused and changes nothing
	}
	a.stands(r.Winner, r.Price)
	if out := a.verified(); len(out.Awards) != 1 || out.Awards[0].Total != r.Price || out.Awards[0].Account != r.Winner {
		t.Errorf("awards %+v, recorded %s at %d", out.Awards, r.Winner, r.Price)
	}
}
