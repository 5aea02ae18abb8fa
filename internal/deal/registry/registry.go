// Package registry lists every way to trade. A new mechanism is one package and one line here.
package registry

import (
	"haggle/internal/deal"
	"haggle/internal/deal/english"
	"haggle/internal/deal/fixed"
	"haggle/internal/deal/group"
	"haggle/internal/deal/request"
)

// All finds the mechanism of every kind.
func All() deal.Registry {
	reg := deal.Registry{}
	for _, m := range []deal.Mechanism{english.New(), fixed.New(), request.New(), group.New()} {
		reg[m.Kind()] = m
	}
	return reg
}
