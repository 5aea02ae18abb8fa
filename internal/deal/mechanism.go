package deal

import (
	"time"

	"haggle/internal/fault"
	"haggle/internal/money"
)

// Mechanism is the rule of one kind of deal. Its methods are pure and safe for concurrent use: what they need comes
// in, what they decide goes out, and arguments are never changed. Refusals are *fault.Error; any other error is a
// broken invariant.
//
// The engine has checked before Enter that the actor may act (own_deal, blocked) and that the deal is open and in
// time; Enter judges the rest in the one order of precedence, funds last.
type Mechanism interface {
	Kind() Kind

	// NewTerms, NewState and NewStanding give pointers to zero values, for decoding what was stored.
	NewTerms() any
	NewState() any
	NewStanding() any

	// NewInput gives a pointer to the zero value of what an act brings along (Entry.Values is what it points to), for
	// decoding an entry that another process took; nil where the act brings nothing.
	NewInput(act Act) any

	// Check says whether the terms are possible at all (v.Terms, v.ClosesAt, v.Currency). It fills defaults into a
	// copy, which it returns; a refusal is `invalid` with every wrong field, or not_cash.
	Check(f Frame) (terms any, err error)

	// Open gives the first state, the `opened` line with its secrets, and in Own what the owner's money must be held
	// for (nil where nothing is). Refuses insufficient_funds.
	Open(v View, salts []string) (Effects, error)

	// Needs says whether an act is judged by the whole crowd; ActClose asks for Decide.
	Needs(act Act, terms any) (crowd bool)

	// Enter accepts or refuses one entry. A refusal changes nothing.
	Enter(v View, e Entry) (Effects, error)

	// Public is what anybody may see now. It holds no secret.
	Public(v View) Public

	// Preview says what an entry would mean for its maker, from what he may see anyway: public state, terms and his
	// own standing. It cannot reach another's secret.
	Preview(p Public, self Self, e Entry) (Preview, error)

	// Decide fixes the outcome at the deadline. later is non-zero where the deal must wait (unpaid purchases): then
	// nothing is decided before it.
	Decide(v View) (d Decision, later time.Time, err error)

	// Unfold says what a decision writes. It is deterministic: the same arguments give the same outcome, so that a
	// settlement interrupted anywhere goes on from where it stopped. v.Crowd is always given.
	Unfold(v View, d Decision, h History) (Outcome, error)

	// Audit recomputes a transcript: every `after`, every award and the result must come out as written. The chain,
	// numbers, times and commitments have been checked.
	Audit(t *Transcript) error
}

// ActClose is the pseudo-act by which the engine asks Needs about Decide.
const ActClose Act = "close"

// Self is what a reader knows of himself.
type Self struct {
	Standing  *Standing    // nil: never entered
	Available money.Amount // free money
	Now       time.Time
}

// Public is the state of a deal as anybody may see it, flat, in the API's names. A field belongs to the kinds that
// fill it.
type Public struct {
	Entries  int64          `json:"entries"`
	Terms    any            `json:"terms,omitempty"` // the mechanism's terms without secrets
	Currency money.Currency `json:"-"`
	ClosesAt time.Time      `json:"-"`

	Standing      *money.Amount `json:"standing,omitempty"` // english: the price now
	Minimum       *money.Amount `json:"minimum,omitempty"`  // english: the least acceptable maximum
	Leader        string        `json:"leader,omitempty"`   // pseudonym
	HasReserve    bool          `json:"hasReserve,omitempty"`
	ReserveMet    *bool         `json:"reserveMet,omitempty"`
	BuyNowPrice   *money.Amount `json:"buyNowPrice,omitempty"` // while it is offered
	Price         *money.Amount `json:"price,omitempty"`       // fixed
	Left          *int64        `json:"left,omitempty"`        // fixed: pieces
	Quantity      *int64        `json:"quantity,omitempty"`
	NamedPrice    *money.Amount `json:"namedPrice,omitempty"` // request, where public
	PriceVisible  *bool         `json:"priceVisible,omitempty"`
	Rule          string        `json:"rule,omitempty"`
	Funded        *bool         `json:"funded,omitempty"` // request: binding
	Best          *money.Amount `json:"best,omitempty"`   // request: best quote, where the rule shows it
	MinimumStep   *money.Amount `json:"minimumStep,omitempty"`
	MinimumQuotes *int64        `json:"minimumQuotes,omitempty"`
	Tier          *int64        `json:"tier,omitempty"` // group: from 1, 0 = none yet
	UnitPrice     *money.Amount `json:"unitPrice,omitempty"`
	Pieces        *int64        `json:"pieces,omitempty"`
	Tiers         []TierState   `json:"tiers,omitempty"`
	GroupMinimum  *int64        `json:"groupMinimum,omitempty"`
	Cap           *int64        `json:"cap,omitempty"`
	PerPerson     *int64        `json:"perPerson,omitempty"`
	CaseSize      *int64        `json:"caseSize,omitempty"`
	LockedFrom    *time.Time    `json:"lockedFrom,omitempty"` // group: the last phase begins
}

// TierState is one rung of a group's ladder.
type TierState struct {
	From      int64        `json:"from"`
	UnitPrice money.Amount `json:"unitPrice"`
	Pieces    int64        `json:"pieces"`              // standing quantities whose ceiling reaches this price
	Tolerance int64        `json:"tolerance,omitempty"` // pieces that those would take beyond, to fill a case
}

// IfMore says what the price would be with more pieces.
type IfMore struct {
	Pieces    int64        `json:"pieces"`
	UnitPrice money.Amount `json:"unitPrice"`
}

// Preview is what an entry would mean for its maker.
type Preview struct {
	Minimum      *money.Amount `json:"minimum,omitempty"`
	YouPayAtMost *money.Amount `json:"youPayAtMost,omitempty"`
	Hold         money.Amount  `json:"hold"`
	Tier         *int64        `json:"tier,omitempty"`
	UnitPrice    *money.Amount `json:"unitPrice,omitempty"`
	IfMore       []IfMore      `json:"ifMore,omitempty"`
	HeldUntil    *time.Time    `json:"heldUntil,omitempty"`
	LockedFrom   *time.Time    `json:"lockedFrom,omitempty"`
}

// Fund refuses with insufficient_funds when free money does not cover raising a hold from old to need.
func Fund(available, old, need money.Amount) error {
	if missing := need - old - available; missing > 0 {
		return fault.New(fault.CodeInsufficientFunds, fault.Params{"missing": int64(missing), "needed": int64(need)})
	}
	return nil
}

// Cash refuses with not_cash the first amount that is no whole multiple of the currency's cash unit.
func Cash(c money.Currency, amounts ...money.Amount) error {
	for _, a := range amounts {
		if !c.IsCash(a) {
			return fault.New(fault.CodeNotCash, fault.Params{"cashUnit": int64(c.CashUnit)})
		}
	}
	return nil
}

// Ptr gives a pointer to a value, for the optional fields of [Public], [Answer] and [Preview].
func Ptr[T any](v T) *T { return &v }

// Mine is what a standing tells its own maker, beside pseudonym, hold and whether it is active. The values that a
// mechanism keeps in [Standing].Values implement
//
//	Mine(p Public, s Standing) Mine
type Mine struct {
	Leading   *bool
	Maximum   *money.Amount
	Minimum   *money.Amount // his own least next maximum
	UnitPrice *money.Amount
	Quantity  *int64
	Tolerance *int64
	Ceiling   *money.Amount
	Rank      *int64
	Backup    bool // his bid stands as a backup when the winner does not pay
}

// OwnerSecrets is what terms tell the deal's owner alone. Terms with secrets implement
//
//	OwnerSecrets() OwnerSecrets
type OwnerSecrets struct {
	ReservePrice *money.Amount
	NamedPrice   *money.Amount // where it is hidden
	Floor        *money.Amount
}
