package market

import (
	"context"

	"haggle/internal/deal"
	"haggle/internal/deal/request"
)

// AwardRequest lets the buyer pick a quote (rule choice).
func (m *Market) AwardRequest(ctx context.Context, a Actor, k Key, dealID string, in AwardInput) (EntryView, error) {
	return m.enter(ctx, a, k, entry{deal: dealID, kinds: []deal.Kind{deal.Request}, role: deal.Owner, act: deal.Choose,
		values: request.Choose{Quote: in.Quote, Reason: in.Reason}})
}
