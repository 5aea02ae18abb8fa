package market

import (
	"haggle/internal/money"
)

// Key is the Idempotency-Key of a request: it belongs to the account and stands for method, path and body.
// The zero Key is no key.
type Key struct {
	Value string
	Hash  string // SHA-256 of method, path and body bytes, hex
}

// Actor is who acts. The zero Actor is a guest.
type Actor struct {
	Account string
	Name    string
	Locale  string
	Role    string   // member, moderator, admin
	Session string   // id of the session or token
	Scopes  []string // nil: everything (a session); else read, trade, wallet
	Via     string   // session or token

	Unconfirmed bool // the e-mail address was not confirmed yet
}

// Guest says that nobody is signed in.
func (a Actor) Guest() bool { return a.Account == "" }

// RegisterInput opens an account.
type RegisterInput struct {
	Email    string `json:"email"`
	Password string `json:"password"`
	Name     string `json:"name"`
	Locale   string `json:"locale,omitempty"`
	Agent    string `json:"-"` // the browser's name, for the list of sessions
}

// SignInInput opens a session.
type SignInInput struct {
	Email    string `json:"email"`
	Password string `json:"password"`
	Agent    string `json:"-"`
}

// MePatch changes a profile; nil fields stay.
type MePatch struct {
	Name        *string    `json:"name,omitempty"`
	Locale      *string    `json:"locale,omitempty"`
	Addresses   *[]Address `json:"addresses,omitempty"`
	Notify      *Notify    `json:"notifications,omitempty"`
	Password    *string    `json:"password,omitempty"`
	OldPassword *string    `json:"oldPassword,omitempty"`
}

// TokenInput makes a personal access token.
type TokenInput struct {
	Name   string   `json:"name"`
	Scopes []string `json:"scopes"`
}

// About is what every opened deal says of its thing.
type About struct {
	Title       string            `json:"title"`
	Description string            `json:"description,omitempty"`
	Category    string            `json:"category"`
	Condition   string            `json:"condition,omitempty"`
	Photos      []string          `json:"photos,omitempty"`
	Attributes  map[string]string `json:"attributes,omitempty"`
	Delivery    []string          `json:"delivery,omitempty"`

	Draft string `json:"-"` // the draft that it was made of, which ends with the opening
}

// Until says when a deal closes: exactly one of the two.
type Until struct {
	ClosesAt        *Time  `json:"closesAt,omitempty" format:"date-time"`
	DurationSeconds *int64 `json:"durationSeconds,omitempty"`
}

// SoftClose is the soft-close window and length, in seconds.
type SoftClose struct {
	WindowSeconds int64 `json:"windowSeconds"`
	ExtendSeconds int64 `json:"extendSeconds"`
}

// ListingInput opens a listing.
type ListingInput struct {
	About
	Until
	Format       string             `json:"format"` // fixed, english
	Price        *money.Amount      `json:"price,omitempty"`
	StartPrice   *money.Amount      `json:"startPrice,omitempty"`
	ReservePrice *money.Amount      `json:"reservePrice,omitempty"`
	BuyNowPrice  *money.Amount      `json:"buyNowPrice,omitempty"`
	FloorPrice   *money.Amount      `json:"floorPrice,omitempty"`
	StepSeconds  *int64             `json:"stepSeconds,omitempty"`
	Quantity     *int64             `json:"quantity,omitempty"`
	Offers       bool               `json:"offers,omitempty"`
	SoftClose    *SoftClose         `json:"softClose,omitempty"`
	Increments   *[][2]money.Amount `json:"increments,omitempty"`
}

// RequestInput opens a buyer request.
type RequestInput struct {
	About
	Until
	NamedPrice    money.Amount  `json:"namedPrice"`
	PriceVisible  *bool         `json:"priceVisible,omitempty"`
	Quantity      *int64        `json:"quantity,omitempty"`
	Rule          string        `json:"rule"`
	Weights       []any         `json:"weights,omitempty"`
	MinimumStep   *money.Amount `json:"minimumStep,omitempty"`
	SoftClose     *SoftClose    `json:"softClose,omitempty"`
	Split         bool          `json:"split,omitempty"`
	Floor         *money.Amount `json:"floor,omitempty"`
	MinimumQuotes *int64        `json:"minimumQuotes,omitempty"`
	Binding       bool          `json:"binding,omitempty"`
}

// TierInput is one published tier.
type TierInput struct {
	From      int64        `json:"from"`
	UnitPrice money.Amount `json:"unitPrice"`
}

// FeesInput are a group's fees.
type FeesInput struct {
	PerPiece  money.Amount `json:"perPiece,omitempty"`
	PerMember money.Amount `json:"perMember,omitempty"`
	Bill      money.Amount `json:"bill,omitempty"`
}

// GroupInput opens a group buy.
type GroupInput struct {
	About
	Until
	Tiers            []TierInput `json:"tiers"`
	Minimum          *int64      `json:"minimum,omitempty"`
	Cap              *int64      `json:"cap,omitempty"`
	PerPerson        *int64      `json:"perPerson,omitempty"`
	CaseSize         *int64      `json:"caseSize,omitempty"`
	Tolerance        bool        `json:"tolerance,omitempty"`
	Allocation       string      `json:"allocation,omitempty"`
	DropOut          string      `json:"dropOut,omitempty"`
	Pickup           []string    `json:"pickup,omitempty"`
	Fees             *FeesInput  `json:"fees,omitempty"`
	LastPhaseSeconds *int64      `json:"lastPhaseSeconds,omitempty"`
}

// BidInput is a maximum.
type BidInput struct {
	Max    money.Amount `json:"max"`
	Backup bool         `json:"backup,omitempty"`
}

// ChanceInput answers a second chance.
type ChanceInput struct {
	Accept bool `json:"accept"`
}

// PurchaseInput buys at the fixed price, or ends an auction by its buy-now price.
type PurchaseInput struct {
	Quantity  *int64        `json:"quantity,omitempty"`
	UnitPrice *money.Amount `json:"unitPrice,omitempty"`
	Method    string        `json:"method,omitempty"` // wallet
	Card      string        `json:"card,omitempty"`
}

// QuoteInput answers a request.
type QuoteInput struct {
	UnitPrice    money.Amount `json:"unitPrice"`
	Quantity     *int64       `json:"quantity,omitempty"`
	Condition    string       `json:"condition,omitempty"`
	DeliveryDays *int64       `json:"deliveryDays,omitempty"`
	Message      string       `json:"message,omitempty"`
}

// AwardInput picks a quote; Quote is the seq of the quote's log line or its maker's pseudonym.
type AwardInput struct {
	Quote  string `json:"quote"`
	Reason string `json:"reason,omitempty"`
}

// PledgeInput joins a group, or changes what one joined with.
type PledgeInput struct {
	Quantity  int64         `json:"quantity"`
	Tolerance int64         `json:"tolerance,omitempty"`
	Ceiling   *money.Amount `json:"ceiling,omitempty"`
}

// PreviewInput is the body of the entry one considers: the fields of its kind.
type PreviewInput struct {
	Max          *money.Amount `json:"max,omitempty"`
	Quantity     *int64        `json:"quantity,omitempty"`
	UnitPrice    *money.Amount `json:"unitPrice,omitempty"`
	Tolerance    *int64        `json:"tolerance,omitempty"`
	Ceiling      *money.Amount `json:"ceiling,omitempty"`
	Method       string        `json:"method,omitempty"`
	Condition    string        `json:"condition,omitempty"`
	DeliveryDays *int64        `json:"deliveryDays,omitempty"`
	Message      string        `json:"message,omitempty"`
	Card         string        `json:"card,omitempty"`
	Backup       bool          `json:"backup,omitempty"`
}

// ReasonInput carries a reason code of the log's list.
type ReasonInput struct {
	Reason    string `json:"reason,omitempty"`
	Pseudonym string `json:"pseudonym,omitempty"` // cancel-bids
}

// OrderInput moves an order one step.
type OrderInput struct {
	Method   string        `json:"method,omitempty"` // pay: wallet
	Card     string        `json:"card,omitempty"`   // pay
	Tracking string        `json:"tracking,omitempty"`
	Reason   string        `json:"reason,omitempty"`
	Amount   *money.Amount `json:"amount,omitempty"` // refund; absent: all that is left
}

// FeedbackInput rates the other side of an order.
type FeedbackInput struct {
	Score   int              `json:"score"`
	Details map[string]int64 `json:"details,omitempty"`
	Comment string           `json:"comment,omitempty"`
}

// DepositInput puts money into a wallet.
type DepositInput struct {
	Amount money.Amount `json:"amount"`
	Card   string       `json:"card"`
}

// WithdrawalInput takes money out of a wallet.
type WithdrawalInput struct {
	Amount money.Amount `json:"amount"`
	Method string       `json:"method"` // bank
}

// SearchInput finds deals.
type SearchInput struct {
	Text      string
	Whole     bool // nothing rather than what has but some of the text's words
	Kind      string
	Category  string
	Condition string
	Status    string // open unless said otherwise; "any" for all
	Owner     string
	PriceMin  *money.Amount
	PriceMax  *money.Amount
	Sort      string
	Limit     int
	Cursor    string
}
