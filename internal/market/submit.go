package market

import (
	"context"

	"haggle/internal/engine"
)

// submit gives an entry to the engine. Once its maker hears that it was accepted, no list shows the deal without it.
func (m *Market) submit(ctx context.Context, s engine.Submission) (engine.Accepted, error) {
	got, err := m.eng.Submit(ctx, s)
	if err == nil {
		m.shelf.expect(s.Deal, got.Receipt.Seq)
	}
	return got, err
}
