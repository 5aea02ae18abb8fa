package english

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"
	"time"

	"haggle/internal/deal"
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
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var r recorded
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// TestRecordedAuctions replays real auctions. The record holds a winner's standing bid in place of his maximum, so
// where the increment decided it is raised far beyond; a hidden reserve is set to the price.
func TestRecordedAuctions(t *testing.T) {
	classes := map[string]int{}
	for _, r := range readRecorded(t) {
		classes[r.Class]++
		t.Run(r.Auction, func(t *testing.T) { replayRecorded(t, r) })
	}
	if len(classes) < 4 {
		t.Fatalf("only %v", classes)
	}
	t.Logf("exact: %v", classes)
}

func replayRecorded(t *testing.T, r recorded) {
	usd, _ := money.Lookup("USD")
	terms := &Terms{StartPrice: r.Open, SoftClose: &SoftClose{}}
	if r.Class == "hidden_reserve_suspected" {
		terms.ReservePrice = deal.Ptr(r.Price)
	}
	desk := newDesk(t, usd, terms, 5*24*time.Hour)
	last := map[string]int{}
	for i, b := range r.Bids {
		last[b.Bidder] = i
	}
	for i, b := range r.Bids {
		maximum := b.Max
		if (r.Class == "full_increment" || r.Class == "single_open") && b.Bidder == r.Winner && last[b.Bidder] == i {
			maximum = 100_000_000
		}
		desk.now = desk.opened.Add(time.Duration(b.Days * 24 * float64(time.Hour)))
		desk.try(b.Bidder, maximum) // a bid below the minimum was recorded, too; it is refused and changes nothing
	}
	if got := desk.state(); got.Standing != r.Price || got.Leader != r.Winner {
		t.Errorf("%s: %s leads at %d, recorded %s at %d", r.Class, got.Leader, got.Standing, r.Winner, r.Price)
	}
}
