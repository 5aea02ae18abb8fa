package deal_test

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"pgregory.net/rapid"

	"haggle/internal/deal"
)

// TestCommitmentByHand recomputes a commitment as a stranger would.
func TestCommitmentByHand(t *testing.T) {
	sum := sha256.Sum256([]byte(`{"deal":"d-1","salt":"00ff","value":2600,"who":"p2"}`))
	got := deal.Commitment("d-1", "p2", deal.Secret{Field: "max", Salt: "00ff", Value: 2600})
	if got != hex.EncodeToString(sum[:]) {
		t.Errorf("got %s", got)
	}
	if c := deal.Committed("d-1", "p2", deal.Secret{Salt: "00ff", Value: 2600}); c["c"] != got || len(c) != 1 {
		t.Errorf("logged %v", c)
	}
}

// TestCommitmentBinds: another deal, maker, salt or value gives another commitment.
func TestCommitmentBinds(t *testing.T) {
	type made struct {
		deal, who string
		salt      string
		value     int64
	}
	draw := rapid.Custom(func(t *rapid.T) made {
		word := rapid.SampledFrom([]string{"a", "b", "ab", "1"})
		return made{word.Draw(t, "deal"), word.Draw(t, "who"), word.Draw(t, "salt"), rapid.Int64Range(-3, 30).Draw(t, "value")}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw.Draw(t, "a"), draw.Draw(t, "b")
		x := deal.Commitment(a.deal, a.who, deal.Secret{Salt: a.salt, Value: a.value})
		y := deal.Commitment(b.deal, b.who, deal.Secret{Salt: b.salt, Value: b.value})
		if (x == y) != (a == b) {
			t.Fatalf("%+v and %+v: %s and %s", a, b, x, y)
		}
	})
}

func TestSalts(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range deal.NewSalts(100) {
		if raw, err := hex.DecodeString(s); err != nil || len(raw) != 32 || seen[s] {
			t.Fatalf("salt %q", s)
		}
		seen[s] = true
	}
}

// TestAbout binds every part of what is offered, and each in its own place.
func TestAbout(t *testing.T) {
	base := deal.Offered{Title: "Teapot", Description: "old", Category: "kitchen", Condition: "good", Attributes: map[string]string{"colour": "blue"},
		Photos: []string{"aa", "bb"}}
	sum := sha256.Sum256([]byte(`{"attributes":{"colour":"blue"},"category":"kitchen","condition":"good","description":"old","photos":["aa","bb"],"title":"Teapot"}`))
	got, err := deal.About(base)
	if err != nil || got != hex.EncodeToString(sum[:]) {
		t.Fatalf("%s, %v", got, err)
	}
	for name, change := range map[string]func(*deal.Offered){
		"title":       func(o *deal.Offered) { o.Title = "Teapots" },
		"description": func(o *deal.Offered) { o.Description = "" },
		"category":    func(o *deal.Offered) { o.Category = "garden" },
		"condition":   func(o *deal.Offered) { o.Condition = "new" },
		"attribute":   func(o *deal.Offered) { o.Attributes = map[string]string{"colour": "red"} },
		"attributes":  func(o *deal.Offered) { o.Attributes = nil },
		"order":       func(o *deal.Offered) { o.Photos = []string{"bb", "aa"} },
		"photos":      func(o *deal.Offered) { o.Photos = nil },
	} {
		o := base
		change(&o)
		if other, err := deal.About(o); err != nil || other == got {
			t.Errorf("another %s: %s, %v", name, other, err)
		}
	}
	if _, err := deal.About(deal.Offered{Title: "\xff"}); err == nil {
		t.Error("a title that is no UTF-8 has a hash")
	}
}
