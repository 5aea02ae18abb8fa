package ledger

import (
	"testing"

	"haggle/internal/fault"
)

// TestGiveBackMustBeCovered tells the two ways apart in which a seller pays a refund after completion: what he gives
// himself he must have, what a moderator takes he may owe.
func TestGiveBackMustBeCovered(t *testing.T) {
	given, taken := GiveBack("o", "s", 300, 15, 1, noon), ClawBack("o", "s", 300, 15, 1, noon)
	if given.ID != "give_back:o:1" || given.Reason != Refunded || given.Order != "o" || given.Check() != nil {
		t.Errorf("%+v", given)
	}
	poor, rich := Balance{User: "s", Available: 284}, Balance{User: "s", Available: 285}
	if got, err := Apply(poor, given); !fault.Is(err, fault.CodeInsufficientFunds) || got != poor {
		t.Errorf("giving back what is not there: %+v, %v", got, err)
	}
	if got, err := Apply(rich, given); err != nil || got.Available != 0 {
		t.Errorf("giving back all that is there: %+v, %v", got, err)
	}
	if got, err := Apply(poor, taken); err != nil || got.Available != -1 || !got.Owing {
		t.Errorf("taking what is not there: %+v, %v", got, err)
	}
}
