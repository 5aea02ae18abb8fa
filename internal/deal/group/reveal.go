package group

import (
	"cmp"
	"fmt"
	"slices"

	"haggle/internal/deal"
)

// opens says whether a close opens ceilings at all: not where the counts alone prove that the group failed, because
// its quantities stay below the minimum and no tolerance makes up for it.
func (t *Terms) opens(tiers []Sums) bool {
	whole := all(tiers)
	return whole.Pieces >= t.Minimum || t.ordered(whole) >= t.Minimum
}

// losers are the claims that get nothing and whose ceilings must be opened, in the order of the log.
func (t *Terms) losers(claims []claim, got []int64) []claim {
	if !t.opens(t.sums(claims)) {
		return nil
	}
	var out []claim
	for i, c := range claims {
		if got[i] == 0 {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b claim) int { return cmp.Compare(a.seq, b.seq) })
	return out
}

// reveals opens the ceilings of the losers with the secrets of their lines.
func (t *Terms) reveals(claims []claim, got []int64, h deal.History) ([]deal.Reveal, error) {
	var out []deal.Reveal
	for _, c := range t.losers(claims, got) {
		secrets := h.Secrets[c.seq]
		i := slices.IndexFunc(secrets, func(s deal.Secret) bool { return s.Field == "ceiling" })
		if i < 0 {
			return nil, fmt.Errorf("group: the ceiling of line %d is not kept", c.seq)
		}
		out = append(out, deal.Reveal{Who: c.who, Of: c.seq, Secret: secrets[i]})
	}
	return out, nil
}
