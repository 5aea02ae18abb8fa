package request

import (
	"haggle/internal/deal"
	"haggle/internal/money"
)

// State is what a request keeps of its crowd, whatever its size.
type State struct {
	Quotes  int64        `bson:"quotes"`           // accepted quotes, replaced ones too
	Sellers int64        `bson:"sellers"`          // sellers with a quote
	Best    money.Amount `bson:"best,omitempty"`   // open: the lowest quote; 0: none
	Leader  string       `bson:"leader,omitempty"` // open: the pseudonym of its seller
	Winner  int64        `bson:"winner,omitempty"` // seq of the quote that won at once or was chosen; 0: none
}

// Quoted is a seller's standing quote.
type Quoted struct {
	UnitPrice    money.Amount `bson:"unitPrice"`
	Quantity     int64        `bson:"quantity"`
	Condition    string       `bson:"condition,omitempty"`
	DeliveryDays *int64       `bson:"deliveryDays,omitempty"`
	Message      string       `bson:"message,omitempty"` // for the buyer alone; never in the log
	Tries        int64        `bson:"tries"`             // quotes of this seller so far
}

// quoted is the quote that stands for somebody; nil where none does.
func quoted(s *deal.Standing) *Quoted {
	if s == nil || !s.Active {
		return nil
	}
	q, _ := s.Values.(*Quoted)
	return q
}

// sameGoods says whether two quotes differ in nothing but price and message.
func (q *Quoted) sameGoods(o *Quoted) bool {
	return q.Quantity == o.Quantity && q.Condition == o.Condition &&
		(q.DeliveryDays == nil) == (o.DeliveryDays == nil) && valueOr(q.DeliveryDays, 0) == valueOr(o.DeliveryDays, 0)
}

// withQuote is the state after one more quote: of a new seller where first. Only the open rule knows a best quote;
// there a seller's quotes only fall, so that the best one never has to be looked for.
func (st State) withQuote(r Rule, who string, price money.Amount, first bool) State {
	st.Quotes++
	if first {
		st.Sellers++
	}
	if r == RuleOpen && (st.Best == 0 || price < st.Best) {
		st.Best, st.Leader = price, who
	}
	return st
}
