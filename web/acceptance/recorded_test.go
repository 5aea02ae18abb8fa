package acceptance

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"haggle/internal/testenv"
)

// TestRecordedAuctionsOverHTTP bids real auctions again, one maximum after the other, and reads the price that they came
// to. A winner's last bid was recorded as what he paid: where the increment decided, it is raised far beyond; a
// suspected hidden reserve is set to the price.
func TestRecordedAuctionsOverHTTP(t *testing.T) {
	t.Parallel()
	f, err := os.Open(testenv.Shared(t, "data", "ebay_5day_auctions.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m := start(t, "--currency=USD")
	seller := m.person("seller", 0)
	bidders := map[string]person{}
	exact := 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var r recorded
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		id := seller.auction(3600, r.terms())
		leader := ""
		for i, max := range r.maxima() {
			b := r.Bids[i].Bidder
			if _, ok := bidders[b]; !ok {
				bidders[b] = m.person(b, 0)
			}
			if a := bidders[b].do("POST", "/listings/"+id+"/bids", obj{"max": max}); a.status == 201 {
				if a.obj().at("leading") == true {
					leader = b
				}
			} else {
				a.refused(422, "below_minimum")
			}
		}
		if got := m.guest().deal(id).num("standing"); got != r.Price || leader != r.Winner {
			t.Errorf("auction %s (%s): %s leads at %d, recorded %s at %d", r.Auction, r.Class, leader, got, r.Winner, r.Price)
			continue
		}
		exact++
	}
	t.Logf("%d recorded auctions exact", exact)
	if exact == 0 {
		t.Error("nothing was bid again")
	}
}

// recorded is one auction of the set.
type recorded struct {
	Auction string `json:"auction"`
	Open    int64  `json:"open_cents"`
	Price   int64  `json:"price_cents"`
	Class   string `json:"class"`
	Winner  string `json:"winner"`
	Bids    []struct {
		Bidder string `json:"bidder"`
		Max    int64  `json:"max_cents"`
	} `json:"bids"`
}

func (r recorded) terms() obj {
	terms := obj{"startPrice": r.Open, "softClose": obj{"windowSeconds": 0, "extendSeconds": 0}}
	if r.Class == "hidden_reserve_suspected" {
		terms["reservePrice"] = r.Price
	}
	return terms
}

// maxima are the recorded ones, the winner's last one raised where the record does not hold it.
func (r recorded) maxima() []int64 {
	last := -1
	out := make([]int64, len(r.Bids))
	for i, b := range r.Bids {
		out[i] = b.Max
		if b.Bidder == r.Winner {
			last = i
		}
	}
	if last >= 0 && (r.Class == "full_increment" || r.Class == "single_open") {
		out[last] = 100_000_000
	}
	return out
}
