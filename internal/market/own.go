package market

import (
	"context"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/recent"
)

// ownBound is how many pairs of reader and deal a process remembers.
const ownBound = 100_000

// ownKey is one reader in one deal.
type ownKey struct{ account, deal string }

// ownPlace is his standing (nil: none) as of a version of the deal, or later. Every change of a standing is written
// with a new version of its deal, so that it holds as long as that version does.
type ownPlace struct {
	version  int64
	standing *deal.Standing
}

func newOwn() *recent.Cache[ownKey, ownPlace] { return recent.New[ownKey, ownPlace](ownBound) }

// standingsIn finds what a reader has in each of some deals; nil where he has nothing.
func (m *Market) standingsIn(ctx context.Context, account string, deals []*seenDeal) ([]*deal.Standing, error) {
	keys := make([]ownKey, len(deals))
	for i, d := range deals {
		keys[i] = ownKey{account, d.ID}
	}
	out := make([]*deal.Standing, len(deals))
	var missing []engine.Seat
	m.own.GetEach(keys, func(i int, p ownPlace, ok bool) {
		if out[i] = p.standing; !ok || p.version != deals[i].Version {
			missing = append(missing, engine.Seat{Deal: deals[i].ID, Account: account})
		}
	})
	if len(missing) == 0 {
		return out, nil
	}
	read, err := m.eng.StandingsAt(ctx, missing)
	if err != nil {
		return nil, err
	}
	for i, d := range deals {
		if standing, asked := read[engine.Seat{Deal: d.ID, Account: account}]; asked {
			out[i] = standing
			m.own.Put(keys[i], ownPlace{d.Version, standing}, 1)
		}
	}
	return out, nil
}
