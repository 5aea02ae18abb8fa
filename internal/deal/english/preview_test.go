package english

import (
	"fmt"
	"testing"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// TestPreview says the minimum and what would be paid at most, and refuses what would be refused.
func TestPreview(t *testing.T) {
	a := auctionIn(t, "TWD", Terms{StartPrice: 900_00}, hour)
	a.bid("bob", 980_00)
	a.bid("ann", 5000_00)
	a.stands("ann", 1000_00)
	for name, c := range map[string]struct {
		account string
		max     money.Amount
		minimum money.Amount
		code    fault.Code
	}{
		"at the minimum":      {"bob", 1050_00, 1050_00, ""},
		"far above it":        {"bob", 9000_00, 1050_00, ""},
		"below it":            {"bob", 1049_00, 1050_00, fault.CodeBelowMinimum},
		"no cash amount":      {"bob", 1050_50, 0, fault.CodeNotCash},
		"out of range":        {"bob", -1, 0, fault.CodeInvalid},
		"the leader's own":    {"ann", 5001_00, 5001_00, ""},
		"the leader below it": {"ann", 5000_00, 5001_00, fault.CodeBelowMinimum},
	} {
		p, err := a.Preview(c.account, deal.Bid, Bid{Max: c.max})
		if c.code != "" {
			if got := refused(t, err, c.code)["minimum"]; c.minimum > 0 && got != int64(c.minimum) {
				t.Errorf("%s: minimum %v", name, got)
			}
			continue
		}
		if err != nil || *p.Minimum != c.minimum || *p.YouPayAtMost != c.max || p.Hold != 0 {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
}

// TestPreviewIsNoOracle asks 1,000 times around a secret: the answers on both sides are alike.
func TestPreviewIsNoOracle(t *testing.T) {
	const secret = money.Amount(1_234_567_00)
	for name, terms := range map[string]Terms{
		"the leader's maximum": {StartPrice: 1000_00},
		"the reserve":          {StartPrice: 1000_00, ReservePrice: deal.Ptr(secret)},
	} {
		t.Run(name, func(t *testing.T) {
			a := auctionIn(t, "TWD", terms, hour)
			leads := secret
			if terms.ReservePrice != nil {
				leads = 2000_00
			}
			a.bid("ann", leads)
			first := ""
			for i := range money.Amount(1000) {
				maximum := secret + (i-500)*100
				p, err := a.Preview("bob", deal.Bid, Bid{Max: maximum})
				must(t, err)
				if *p.YouPayAtMost != maximum {
					t.Fatalf("pays at most %d for %d", *p.YouPayAtMost, maximum)
				}
				p.YouPayAtMost = nil
				said := fmt.Sprint(*p.Minimum, p.Hold, p.Tier, p.UnitPrice, p.IfMore, p.HeldUntil, p.LockedFrom)
				if first == "" {
					first = said
				}
				if said != first {
					t.Fatalf("%d units from the secret it says %q, else %q", i-500, said, first)
				}
			}
		})
	}
}
