package deal

import (
	"time"

	"haggle/internal/money"
)

// Kind names a way to trade.
type Kind string

const (
	English Kind = "english" // proxy bidding with soft close
	Fixed   Kind = "fixed"   // a price and a stock
	Request Kind = "request" // a buyer names the price, sellers quote
	Group   Kind = "group"   // pledges pooled against published tiers
)

// Status is the stage of a deal's life.
type Status string

const (
	Draft     Status = "draft"
	Open      Status = "open"
	Clearing  Status = "clearing" // the outcome is fixed or being fixed: nothing can enter
	Settled   Status = "settled"
	Failed    Status = "failed"
	Cancelled Status = "cancelled"
)

// Final says that nothing will change any more but orders.
func (s Status) Final() bool { return s == Settled || s == Failed || s == Cancelled }

// Role says on whose behalf an entry is made.
type Role string

const (
	Owner     Role = "owner"  // who opened the deal
	Member    Role = "member" // anybody else
	Site      Role = "site"   // haggle itself: lapses, payments
	Moderator Role = "moderator"
)

// Act names what an entry does. The names are those of the log.
type Act string

const (
	Bid       Act = "bid"
	Buy       Act = "buy"
	Quote     Act = "quote"
	Pledge    Act = "pledge"
	Withdraw  Act = "withdraw"   // a member takes back his pledge
	Retract   Act = "retract"    // a bidder takes back his bids, with a reason
	CancelBid Act = "cancel_bid" // the seller strikes one bidder's bids
	EndEarly  Act = "end_early"  // the seller sells to the leader now
	Cancel    Act = "cancel"     // the owner (or a moderator) calls the deal off
	Choose    Act = "award"      // the buyer picks a quote
	Paid      Act = "paid"       // site: an order of this deal was paid
	Lapse     Act = "lapse"      // site: a purchase was not paid in time
)

// Reason is a code of the fixed list that may stand in a log; free text never does.
type Reason string

const (
	Typo               Reason = "typo"
	DescriptionChanged Reason = "description_changed"
	Unpaid             Reason = "unpaid"
	NoEntries          Reason = "no_entries"
	ReserveNotMet      Reason = "reserve_not_met"
	BelowMinimum       Reason = "below_minimum"
	TooFewQuotes       Reason = "too_few_quotes"
	PaymentLapsed      Reason = "payment_lapsed"
	BidderAsked        Reason = "bidder_asked"
	OwnerWithdrew      Reason = "owner_withdrew"
	FoundRelated       Reason = "found_related"
	ByModerator        Reason = "moderator"
)

// Reasons lists every reason code.
func Reasons() []Reason {
	return []Reason{Typo, DescriptionChanged, Unpaid, NoEntries, ReserveNotMet, BelowMinimum, TooFewQuotes,
		PaymentLapsed, BidderAsked, OwnerWithdrew, FoundRelated, ByModerator}
}

// Result is how a deal ended.
type Result string

const (
	Sold          Result = "sold"
	ResultFailed  Result = "failed"
	ResultCancel  Result = "cancelled"
	pseudonymSite        = "site"
	pseudonymOwn         = "owner"
)

// Status is the final status that a result leads to.
func (r Result) Status() Status {
	switch r {
	case Sold:
		return Settled
	case ResultCancel:
		return Cancelled
	default:
		return Failed
	}
}

// Secret is a value that stands in the log as a commitment until the close.
type Secret struct {
	Field string `bson:"field" json:"field"` // the name in the API: max, reservePrice, unitPrice, ceiling, namedPrice, floor
	Salt  string `bson:"salt" json:"salt"`   // 32 random bytes in lower-case hex
	Value int64  `bson:"value" json:"value"` // minor units
}

// Frame is what every mechanism knows of a deal, whatever its kind.
type Frame struct {
	Deal     string
	Owner    string // account
	Currency money.Currency
	About    string    // SHA-256 of what is offered, see [About]; "" where unknown
	OpenedAt time.Time // the commit that opened it
	ClosesAt time.Time // zero: open-ended
	Terms    any       // the mechanism's own terms, a pointer as made by NewTerms; never changed
}

// View is what one entry is judged by. Nothing in it may be changed: a mechanism returns new values.
type View struct {
	Frame
	Now       time.Time    // the commit's time, UTC, whole milliseconds
	Seq       int64        // the number the entry's first log line will take
	State     any          // the mechanism's running state, a pointer as made by NewState
	Own       *Standing    // the actor's standing entry; nil where he never entered
	Who       string       // the actor as the log names him: "owner", "site" or a pseudonym (the one he will get, if new)
	Available money.Amount // the actor's free money
	Crowd     []Standing   // every standing of the deal by Seq; only where Needs asked for it
}

// Entry is what somebody wants to do.
type Entry struct {
	Account string // whose entry it is; "" for the site
	Role    Role
	Act     Act
	Values  any      // the mechanism's own input for this act; nil where it has none
	Reason  Reason   // retract, cancel_bid, cancel
	Salts   []string // fresh salts drawn before the transaction, enough for every secret of one entry (3)
	Related []string // accounts related to the actor (same device, instrument or address)
}

// Standing is one actor's standing entry in a deal. The row outlives the entry: Active turns false when it is taken
// back or struck, the pseudonym stays.
type Standing struct {
	Account   string
	Pseudonym string
	Seq       int64 // of the entry that stands
	At        time.Time
	Since     time.Time // of the account's first entry; the engine keeps it
	Active    bool
	Hold      money.Amount // money held for it; the engine moves the difference when it changes
	Values    any          // the mechanism's own, a pointer as made by NewStanding
}

// LineKind is the kind of a log line.
type LineKind string

const (
	Opened   LineKind = "opened"
	Entered  LineKind = "entered"
	Changed  LineKind = "changed"
	Revealed LineKind = "revealed"
	Awarded  LineKind = "awarded"
	Closed   LineKind = "closed"
)

// LineDraft is a log line before it is numbered and chained.
type LineDraft struct {
	Who     string
	Kind    LineKind
	Body    Body
	Secrets []Secret // kept with the line's number until the close
}

// Payment says how an order is paid.
type Payment string

const (
	PayLater    Payment = "later"     // awaiting_payment until DueIn has passed
	PayHold     Payment = "hold"      // captured from the payer's hold
	PayFromFree Payment = "available" // taken from the payer's free money in the same commit
	PayCard     Payment = "card"      // authorised by a gateway before the entry
)

// Award is one piece of an outcome: who gets how much at what price.
type Award struct {
	Account   string // the winner
	Pseudonym string
	Seq       int64 // of the winning entry: the order's id is made of it
	Quantity  int64
	UnitPrice money.Amount
	Total     money.Amount // Quantity × UnitPrice, as the log shows it
	Fees      money.Amount // share of a group's fees; paid on top of Total
	Buyer     string
	Seller    string
	Payment   Payment
	DueIn     time.Duration // PayLater
}

// Effects is what an accepted entry leads to. The engine applies all of it in one commit, or nothing.
type Effects struct {
	State    any         // nil: unchanged
	Own      *Standing   // the actor's new standing; nil: unchanged
	Others   []Standing  // other actors' standings that changed
	Lines    []LineDraft // in order; the first takes View.Seq
	ClosesAt time.Time   // a moved deadline; zero: unchanged
	Orders   []Award     // orders that begin in this commit
	Decision *Decision   // the entry ends the deal
	Answer   Answer
}

// Answer is what the maker of an entry is told beside his receipt. Absent fields do not belong to the act.
type Answer struct {
	Leading   *bool         `bson:"leading,omitempty" json:"leading,omitempty"`
	Counts    *bool         `bson:"counts,omitempty" json:"counts,omitempty"`
	Standing  *money.Amount `bson:"standing,omitempty" json:"standing,omitempty"`
	Minimum   *money.Amount `bson:"minimum,omitempty" json:"minimum,omitempty"`
	Awarded   *bool         `bson:"awarded,omitempty" json:"awarded,omitempty"`
	Rank      *int64        `bson:"rank,omitempty" json:"rank,omitempty"`
	Tier      *int64        `bson:"tier,omitempty" json:"tier,omitempty"`
	UnitPrice *money.Amount `bson:"unitPrice,omitempty" json:"unitPrice,omitempty"`
	Hold      *money.Amount `bson:"hold,omitempty" json:"hold,omitempty"`
	Left      *int64        `bson:"left,omitempty" json:"left,omitempty"`
}

// Decision is the small, fixed result of a closing; what follows from it is unfolded later.
type Decision struct {
	Result    Result       `bson:"result"`
	Reason    Reason       `bson:"reason,omitempty"`
	Tier      int64        `bson:"tier,omitempty"` // from 1; groups only
	UnitPrice money.Amount `bson:"unitPrice,omitempty"`
	Pieces    int64        `bson:"pieces,omitempty"`
	Awards    int64        `bson:"awards"` // the closed line's count: awarded lines since the opening
}

// Reveal opens one secret in the log.
type Reveal struct {
	Who    string
	Of     int64 // the line that holds the commitment
	Secret Secret
}

// Outcome is a decision unfolded: everything that the closing writes, in the order of the log.
type Outcome struct {
	Reveals []Reveal // by Of, then Field
	Awards  []Award  // by rank
	Closed  Body     // the body of the closed line
}

// History is the deal's past as Unfold sees it.
type History struct {
	Lines   []Line             // the whole log so far
	Secrets map[int64][]Secret // by the number of the line that holds their commitments
}
