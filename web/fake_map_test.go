package web

import (
	"context"

	"haggle/internal/deal"
	"haggle/internal/market"
)

func (f *fake) OpenDeals(_ context.Context, most int) ([]market.MapEntry, error) {
	if err := f.note("open deals"); err != nil {
		return nil, err
	}
	var all []market.MapEntry
	for _, d := range f.deals {
		if d.Status == deal.Open && len(all) < most {
			all = append(all, market.MapEntry{ID: d.ID, ChangedAt: d.OpenedAt.Std()})
		}
	}
	return all, nil
}
