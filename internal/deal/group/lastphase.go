package group

import (
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
)

// lockedFrom is when the last phase of a deal that closes then begins; zero where there is none.
func (t *Terms) lockedFrom(closesAt time.Time) time.Time {
	if t.LastPhaseSeconds == nil || *t.LastPhaseSeconds == 0 {
		return time.Time{}
	}
	return closesAt.Add(-time.Duration(*t.LastPhaseSeconds) * time.Second)
}

// lock is the refusal of the last phase.
func lock(from time.Time) error {
	return fault.New(fault.CodeWithdrawalLocked, fault.Params{"lockedFrom": deal.FormatTime(from)})
}

// checkLock refuses, in the last phase, a change of a standing pledge that hurts the group; next is nil for a
// withdrawal. Who joins changes nothing that stands, so he always may.
func (s *situation) checkLock(after []Sums, next *Standing) error {
	if s.own == nil || s.lockedFrom.IsZero() || s.now.Before(s.lockedFrom) {
		return nil
	}
	if next == nil {
		next = &Standing{}
	}
	if s.terms.hurts(s.tiers, after, *s.own, *next) {
		return lock(s.lockedFrom)
	}
	return nil
}

// hurts says whether a change of one pledge lowers the tier reached, takes the group below its minimum, or is one that
// cases do not bear.
func (t *Terms) hurts(before, after []Sums, own, next Standing) bool {
	tier := t.reached(before)
	if t.reached(after) < tier || t.fallsBelow(all(before).Pieces, all(after).Pieces) {
		return true
	}
	if !t.inCases() {
		return false
	}
	if tier == 0 {
		tier = int64(len(t.Tiers)) // none reached: the whole group
	}
	return !t.casesBear(before[tier-1], after[tier-1], next.Quantity-own.Quantity, next.Tolerance-own.Tolerance)
}

// fallsBelow says whether the standing quantities were at the minimum and no longer are.
func (t *Terms) fallsBelow(before, after int64) bool { return before >= t.Minimum && after < t.Minimum }

// casesBear is Foodsoft's rule for changes while cases are being filled: only the tolerance grows; or fewer pieces are
// missing and no tolerance is taken back; or tolerance turns into wanted pieces. At no change do the cases fall, those
// of the tier that is reached: a ceiling that leaves the tier takes its pieces along.
func (t *Terms) casesBear(before, after Sums, dq, dt int64) bool {
	if t.cases(after) < t.cases(before) {
		return false
	}
	switch {
	case dq == 0 && dt >= 0:
		return true
	case t.missing(after) < t.missing(before) && dt >= 0:
		return true
	default:
		return dq == -dt && dq > 0
	}
}
