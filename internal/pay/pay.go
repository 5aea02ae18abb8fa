// Package pay moves money in and out of haggle through a payment gateway.
//
// A gateway is somebody else's computer: a call to it can be cut off after it took effect. Therefore every call carries
// an intent, an id that the caller stored before the call. The gateway does the work of one intent at most once: a
// repeated call changes nothing and is answered with what became of the first. [Gateway].Find says the same of an intent
// whose answer was lost.
// The order is always: store the intent, call the gateway, commit what follows and close the intent.
//
// What the gateway decided comes as an [Outcome], a refusal included. An error means that there is no answer: the
// request was malformed, the gateway could not be reached, or its reply was lost. After an error the caller must not
// assume anything; it repeats the call with the same intent, or asks Find.
//
// Most callers need two functions: [Gateway].Charge and [Gateway].Find.
package pay

import (
	"context"
	"errors"
	"time"

	"haggle/internal/fault"
	"haggle/internal/money"
)

// AuthorisationLife is how long a card's bank keeps money reserved after Authorize.
const AuthorisationLife = 7 * 24 * time.Hour

// ErrReused refuses a call whose intent was used before for another act, amount, currency, card or parent. Nothing
// happened. It is a mistake of the caller: one intent stands for one call.
var ErrReused = errors.New("pay: the intent was used for another call")

// Gateway is a payment provider. All methods may be called from many goroutines and processes at once.
type Gateway interface {
	// Name is the gateway's short name; its ledger account is `gateway:<name>`.
	Name() string

	// Charge takes money from a card at once: Authorize and Capture in one step.
	Charge(ctx context.Context, c Charge) (Outcome, error)

	// Authorize reserves money on a card for AuthorisationLife; Capture or Release ends it.
	Authorize(ctx context.Context, c Charge) (Outcome, error)

	// Capture takes the reserved money of an authorisation, once, all or part of it; the rest is released. An
	// authorisation that was captured, released or has lapsed is answered Declined with code `conflict`.
	Capture(ctx context.Context, f Follow) (Outcome, error)

	// Release gives the reserved money of an authorisation back. Its Amount is ignored. Where nothing is reserved any
	// more it is answered Declined with code `conflict`.
	Release(ctx context.Context, f Follow) (Outcome, error)

	// Refund gives money of a charge or a capture back, in one or several parts. More than is left is answered
	// Declined with code `conflict`.
	Refund(ctx context.Context, f Follow) (Outcome, error)

	// Payout sends money to its owner's bank.
	Payout(ctx context.Context, p Payout) (Outcome, error)

	// Find says what became of an intent, as of now. State Unknown means that no call with this intent ever took
	// effect. A call still on its way can take effect later: ask only for intents older than any call can last, and
	// let a caller who finds his intent closed by another refund what he got.
	Find(ctx context.Context, intent string) (Outcome, error)

	// Events lists what befell outcomes after they were given (State Failed), oldest first, from `since` on inclusive.
	// The same event may be listed again and again: handle it under an id made of its intent. A gateway that calls a
	// webhook only says "look now"; the truth is read here.
	Events(ctx context.Context, since time.Time) ([]Event, error)
}

// Charge asks for money from a card.
type Charge struct {
	Intent   string       // the idempotency key of the call, unique at the gateway
	Amount   money.Amount // in minor units, > 0
	Currency string       // ISO 4217
	Card     Card
	Purpose  string    // for the books and the statement: "deposit", "order:…"
	At       time.Time // the caller's now; gateways with a clock of their own ignore it
}

// Follow acts on an earlier intent.
type Follow struct {
	Intent   string // of this call
	Of       string // the intent acted upon
	Amount   money.Amount
	Currency string
	Purpose  string
	At       time.Time
}

// Payout asks to send money out.
type Payout struct {
	Intent   string
	Amount   money.Amount
	Currency string
	Method   string // "bank"
	To       string // whose: the account's id at haggle
	Purpose  string
	At       time.Time
}

// Act names a gateway call.
type Act string

const (
	Charged    Act = "charge"
	Authorized Act = "authorize"
	Captured   Act = "capture"
	Released   Act = "release"
	Refunded   Act = "refund"
	PaidOut    Act = "payout"
)

// State is what the gateway says of an intent.
type State string

const (
	Succeeded State = "succeeded" // done
	Declined  State = "declined"  // refused for good; no money moved. Code says why
	Pending   State = "pending"   // not decided: ask Find later, or send the payer to Challenge
	Failed    State = "failed"    // had succeeded, and was taken back later. Code says why
	Unknown   State = "unknown"   // the gateway has no record of the intent: nothing happened
)

// Outcome is the gateway's answer for one intent.
type Outcome struct {
	Intent    string
	Act       Act
	State     State
	Code      fault.Code   // why, when Declined or Failed: card_declined, card_expired, card_challenge_required, conflict
	Amount    money.Amount // moved or reserved by this intent
	Currency  string
	Last4     string    // of the card; empty without one
	Challenge string    // the address where the payer confirms, when Pending on him
	At        time.Time // when the gateway decided
	Until     time.Time // when an authorisation lapses; zero for other acts
}

// Refusal is nil for an outcome that succeeded or is pending, else the refusal to show to the payer.
func (o Outcome) Refusal() error {
	switch o.State {
	case Declined, Failed:
		return fault.New(o.Code, nil)
	case Unknown:
		return fault.New(fault.CodeUnavailable, fault.Params{"unknown": true})
	}
	return nil
}

// Event is a late change of an outcome.
type Event struct {
	Intent string
	Act    Act
	State  State // Failed
	Code   fault.Code
	Amount money.Amount // taken back from haggle: what of the intent had not been refunded before
	At     time.Time    // when it happened, by the gateway's clock
}
