package request

import "haggle/internal/deal"

// Mine tells a seller of his own quote. His rank needs the other quotes, so it is not here.
func (q *Quoted) Mine(_ deal.Public, s deal.Standing) deal.Mine {
	if !s.Active {
		return deal.Mine{}
	}
	return deal.Mine{UnitPrice: deal.Ptr(q.UnitPrice), Quantity: deal.Ptr(q.Quantity)}
}

// OwnerSecrets tells the buyer the named price that he hides, and his floor.
func (t *Terms) OwnerSecrets() deal.OwnerSecrets {
	s := deal.OwnerSecrets{Floor: t.Floor}
	if !t.visible() {
		s.NamedPrice = deal.Ptr(t.NamedPrice)
	}
	return s
}
