package request

import (
	"haggle/internal/money"
)

// Rule says how a request is awarded.
type Rule string

const (
	RuleFirst  Rule = "first"  // the first quote within the named price wins at once
	RuleOpen   Rule = "open"   // descending, in the open, until the deadline
	RuleSealed Rule = "sealed" // lowest wins, opened at the deadline
	RuleChoice Rule = "choice" // the buyer picks
)

// SoftClose moves the deadline when the best quote changes shortly before it. A window of 0 is a hard close.
type SoftClose struct {
	WindowSeconds int64 `bson:"windowSeconds" json:"windowSeconds"`
	ExtendSeconds int64 `bson:"extendSeconds" json:"extendSeconds"`
}

// Terms are what a buyer asks for, in the API's names. Check fills in what is absent and drops what the rule does not
// use.
type Terms struct {
	NamedPrice    money.Amount  `bson:"namedPrice,omitempty" json:"namedPrice,omitempty"`     // a unit; 0 in a public copy that hides it
	PriceVisible  *bool         `bson:"priceVisible,omitempty" json:"priceVisible,omitempty"` // default true
	Quantity      *int64        `bson:"quantity,omitempty" json:"quantity,omitempty"`         // pieces; default 1
	Rule          Rule          `bson:"rule" json:"rule"`
	MinimumStep   *money.Amount `bson:"minimumStep,omitempty" json:"minimumStep,omitempty"`     // open; default 1 % of a public named price
	SoftClose     *SoftClose    `bson:"softClose,omitempty" json:"softClose,omitempty"`         // open; default 300 / 300
	Split         bool          `bson:"split,omitempty" json:"split,omitempty"`                 // open, sealed: quotes may be for a part
	Floor         *money.Amount `bson:"floor,omitempty" json:"floor,omitempty"`                 // sealed: lower quotes are set aside; secret
	MinimumQuotes *int64        `bson:"minimumQuotes,omitempty" json:"minimumQuotes,omitempty"` // sellers, 1 to 3; default 1
	Binding       bool          `bson:"binding,omitempty" json:"binding,omitempty"`             // the buyer's money is held from the opening
	Weights       []any         `bson:"-" json:"-"`                                             // must be empty: quotes compare by price alone
}

// visible says whether everybody sees the named price.
func (t *Terms) visible() bool { return t.PriceVisible == nil || *t.PriceVisible }

func (t *Terms) quantity() int64 { return valueOr(t.Quantity, 1) }

func (t *Terms) minimumQuotes() int64 { return valueOr(t.MinimumQuotes, 1) }

// ranks says whether the deadline awards by rank.
func (t *Terms) ranks() bool { return t.Rule == RuleOpen || t.Rule == RuleSealed }

// commits says whether quotes stand in the log as commitments.
func (t *Terms) commits() bool { return t.Rule == RuleSealed || t.Rule == RuleFirst && !t.visible() }

// public is the terms without their secrets.
func (t *Terms) public() *Terms {
	p := *t
	p.Floor = nil
	if !t.visible() {
		p.NamedPrice = 0
	}
	return &p
}

func valueOr[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}
