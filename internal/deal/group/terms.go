package group

import (
	"slices"
	"time"

	"haggle/internal/money"
)

// Allocation says who gets the pieces of whole cases when they do not reach everybody.
type Allocation string

const (
	FirstCome Allocation = "first_come" // oldest piece first
	ProRata   Allocation = "pro_rata"   // in proportion to what each wants, largest remainder
	Even      Allocation = "even"       // one piece each in turn, oldest pledge first
)

// DropOut says what happens to the pieces of a member whose payment fails after the close. Orders paid from a wallet's
// hold cannot fail, so it speaks of saved cards alone; it is promised before the opening and shown.
type DropOut string

const (
	Waitlist  DropOut = "waitlist"  // the next in the queue takes them
	Organiser DropOut = "organiser" // the organiser covers them
	Reclear   DropOut = "reclear"   // the group is cleared again with the rest
)

// Tier is one rung of the published ladder: from so many pieces on, this unit price.
type Tier struct {
	From      int64        `bson:"from" json:"from"`
	UnitPrice money.Amount `bson:"unitPrice" json:"unitPrice"`
}

// Fees come on top of the price: per piece, once per member, and a bill (shipping, customs) shared by pieces.
type Fees struct {
	PerPiece  money.Amount `bson:"perPiece,omitempty" json:"perPiece,omitempty"`
	PerMember money.Amount `bson:"perMember,omitempty" json:"perMember,omitempty"`
	Bill      money.Amount `bson:"bill,omitempty" json:"bill,omitempty"`
}

// Terms are what a group buy promises. Zero means: no cap, no limit per person, no cases.
type Terms struct {
	Tiers            []Tier     `bson:"tiers" json:"tiers"`                             // thresholds rising, prices falling
	Minimum          int64      `bson:"minimum" json:"minimum"`                         // pieces; default: the first threshold
	Cap              int64      `bson:"cap,omitempty" json:"cap,omitempty"`             // pieces; a full cap closes the deal
	PerPerson        int64      `bson:"perPerson,omitempty" json:"perPerson,omitempty"` // pieces, tolerance included
	CaseSize         int64      `bson:"caseSize,omitempty" json:"caseSize,omitempty"`   // pieces
	Tolerance        bool       `bson:"tolerance" json:"tolerance"`                     // only with cases
	Allocation       Allocation `bson:"allocation" json:"allocation"`
	DropOut          DropOut    `bson:"dropOut" json:"dropOut"`
	Fees             Fees       `bson:"fees" json:"fees"`
	LastPhaseSeconds *int64     `bson:"lastPhaseSeconds" json:"lastPhaseSeconds"` // 0: none; nil before Check: the default
	Pickup           []string   `bson:"pickup,omitempty" json:"pickup,omitempty"` // where the goods may be fetched
}

// inCases says whether the goods are ordered in whole cases.
func (t *Terms) inCases() bool { return t.CaseSize > 0 }

// first is the dearest tier's price: nobody ever pays more a piece.
func (t *Terms) first() money.Amount { return t.Tiers[0].UnitPrice }

// best is the cheapest tier's price: no ceiling may lie below it.
func (t *Terms) best() money.Amount { return t.Tiers[len(t.Tiers)-1].UnitPrice }

// need is how many pieces a tier (from 1) needs to be ordered.
func (t *Terms) need(tier int64) int64 { return max(t.Tiers[tier-1].From, t.Minimum) }

// maxLastPhase and its share of the duration give the last phase where the terms name none.
const (
	maxLastPhase   = 24 * time.Hour
	lastPhaseShare = 4 // a quarter
)

// withDefaults copies the terms and fills in what was left out; duration is the deal's.
func (t *Terms) withDefaults(duration time.Duration) *Terms {
	c := *t
	c.Tiers, c.Pickup = slices.Clone(t.Tiers), slices.Clone(t.Pickup)
	if c.Minimum == 0 && len(c.Tiers) > 0 {
		c.Minimum = c.Tiers[0].From
	}
	if c.Allocation == "" {
		c.Allocation = FirstCome
	}
	if c.DropOut == "" {
		c.DropOut = Organiser
	}
	if c.LastPhaseSeconds == nil {
		seconds := int64(max(min(maxLastPhase, duration/lastPhaseShare), 0) / time.Second)
		c.LastPhaseSeconds = &seconds
	}
	return &c
}
