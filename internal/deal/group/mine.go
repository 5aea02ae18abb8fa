package group

import "haggle/internal/deal"

// Mine tells a member of his own pledge.
func (s *Standing) Mine(_ deal.Public, x deal.Standing) deal.Mine {
	if !x.Active {
		return deal.Mine{}
	}
	return deal.Mine{Quantity: deal.Ptr(s.Quantity), Tolerance: deal.Ptr(s.Tolerance), Ceiling: deal.Ptr(s.Ceiling)}
}
