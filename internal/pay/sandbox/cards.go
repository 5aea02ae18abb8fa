package sandbox

import (
	"time"

	"haggle/internal/fault"
	"haggle/internal/pay"
)

// The test cards. Any other card is declined.
const (
	CardGood      = "4242424242424242" // accepted
	CardDeclined  = "4000000000000002" // declined: card_declined
	CardExpired   = "4000000000000069" // declined: card_expired
	CardChallenge = "4000002500003155" // asks for 3-D Secure, which nobody here can answer: card_challenge_required
	CardLate      = "4000000000000341" // accepted, and taken back LateAfter later: card_declined
)

// LateAfter is how long money of CardLate stays.
const LateAfter = 5 * time.Second

// behaviour is what a card does.
type behaviour struct {
	refuse fault.Code // empty: accepts
	late   bool
}

func behaviourOf(c pay.Card) behaviour {
	switch c.Reveal() {
	case CardGood:
		return behaviour{}
	case CardLate:
		return behaviour{late: true}
	case CardExpired:
		return behaviour{refuse: fault.CodeCardExpired}
	case CardChallenge:
		return behaviour{refuse: fault.CodeCardChallenge}
	}
	return behaviour{refuse: fault.CodeCardDeclined}
}
