package engine

import (
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/deal"
	"haggle/internal/money"
)

// Draft is the deal that Open would store now, without storing it and without holding anything: for its owner to look at.
// Refusals are those of Mechanism.Check.
func (e *Engine) Draft(o Opening) (Deal, error) {
	m, ok := e.cfg.Mechanisms[o.Deal.Kind]
	if !ok {
		return Deal{}, fmt.Errorf("no mechanism for kind %q", o.Deal.Kind)
	}
	now := e.Now()
	w, frame, err := e.beginDeal(m, o, now)
	if err != nil {
		return Deal{}, err
	}
	fx, err := m.Open(deal.View{Frame: frame, Now: now, Who: "owner", Available: money.Max}, o.Salts)
	if err != nil {
		return Deal{}, err
	}
	w.doc.State, err = bson.Marshal(fx.State)
	return w.doc, err
}
