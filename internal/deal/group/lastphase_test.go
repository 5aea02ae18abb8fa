package group

import (
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

func TestWithdraw(t *testing.T) {
	k := opened(t, ladder())
	k.pledge("anna", 5, 0, 0)
	k.pledge("ben", 2, 0, 72000)
	fx, err := k.withdraw("anna")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := body(k.lines[3]), `{"act":"withdraw","after":{"pieces":2,"tier":0},"of":1,"reason":"bidder_asked"}`; got != want {
		t.Errorf("line %s, want %s", got, want)
	}
	if s := k.standings["anna"]; s.Active || s.Hold != 0 || s.Pseudonym != "p1" {
		t.Errorf("standing %+v", s)
	}
	if *fx.Answer.Hold != 0 || *fx.Answer.Tier != 0 {
		t.Errorf("answer %+v", fx.Answer)
	}
	if _, err := k.withdraw("anna"); !fault.Is(err, fault.CodeNotFound) {
		t.Errorf("a second withdrawal: %v", err)
	}
	if _, err := k.withdraw("dora"); !fault.Is(err, fault.CodeNotFound) {
		t.Errorf("a withdrawal of nothing: %v", err)
	}
	if _, err := k.try("ben", deal.Member, deal.Withdraw, nil, "fed_up"); !fault.Is(err, fault.CodeInvalid) {
		t.Errorf("an unknown reason: %v", err)
	}
	k.pledge("anna", 3, 0, 0)
	if s := k.standings["anna"]; s.Pseudonym != "p1" || s.Values.(*Standing).Lots.place() != 4 {
		t.Errorf("who comes back keeps his pseudonym and loses his place: %+v", s.Values)
	}
	if err := k.verify(); err != nil {
		t.Error(err)
	}
}

// crew has six pieces at 800, or twelve at 720, tier 2 reached; the ladder's minimum is 5.
func crew(t *testing.T) *market {
	k := opened(t, ladder())
	k.pledge("anna", 6, 0, 0)
	k.pledge("ben", 6, 0, 72000)
	k.pledge("carl", 2, 0, 64000)
	return k
}

func TestLastPhase(t *testing.T) {
	type change struct {
		name    string
		account string
		to      int64 // 0: withdraw
		ceiling money.Amount
		free    bool
	}
	for _, c := range []change{
		{"a withdrawal that keeps tier and minimum", "carl", 0, 0, true},
		{"a withdrawal that lowers the tier", "ben", 0, 0, false},
		{"a cut that lowers the tier", "anna", 5, 0, false},
		{"a ceiling that lowers the tier", "anna", 6, 64000, false},
		{"a ceiling that keeps it", "anna", 6, 72000, true},
		{"a raise", "anna", 9, 0, true},
		{"who joins", "dora", 1, 64000, true},
	} {
		do := func(k *market) error {
			if c.to == 0 {
				_, err := k.withdraw(c.account)
				return err
			}
			_, err := k.tryPledge(c.account, c.to, 0, c.ceiling)
			return err
		}
		last := crew(t).at(45 * time.Minute)
		if err := do(last); (err == nil) != c.free || err != nil && !fault.Is(err, fault.CodeWithdrawalLocked) {
			t.Errorf("%s in the last phase: %v, want free: %v", c.name, err, c.free)
		}
		if err := do(crew(t).at(45*time.Minute - time.Millisecond)); err != nil {
			t.Errorf("%s just before the last phase: %v", c.name, err)
		}
		never := crew(t)
		never.terms().LastPhaseSeconds = deal.Ptr(int64(0))
		if err := do(never.at(time.Hour - time.Millisecond)); err != nil {
			t.Errorf("%s without a last phase: %v", c.name, err)
		}
	}
}

// Below the minimum everybody may go; at it nobody may take the group below, whatever the ceilings.
func TestLastPhaseKeepsTheMinimum(t *testing.T) {
	k := opened(t, ladder())
	k.pledge("anna", 4, 0, 72000)
	k.at(50 * time.Minute)
	if _, err := k.withdraw("anna"); err != nil {
		t.Errorf("a withdrawal below the minimum: %v", err)
	}
	k.pledge("anna", 4, 0, 72000)
	k.pledge("ben", 1, 0, 72000)
	if _, err := k.withdraw("ben"); !fault.Is(err, fault.CodeWithdrawalLocked) {
		t.Errorf("a withdrawal that takes the group below its minimum, at no tier: %v", err)
	}
}

// In cases a ceiling that leaves the tier reached takes its pieces along, though the tier stays.
func TestLastPhaseKeepsTheCases(t *testing.T) {
	k := opened(t, Terms{Tiers: []Tier{{6, 80000}, {24, 72000}}, CaseSize: 6})
	k.pledge("anna", 6, 0, 0)
	k.pledge("ben", 6, 0, 0)
	k.pledge("carl", 3, 0, 72000)
	k.at(50 * time.Minute)
	if _, err := k.tryPledge("ben", 6, 0, 72000); !fault.Is(err, fault.CodeWithdrawalLocked) {
		t.Errorf("a ceiling that takes a case away: %v", err)
	}
	if _, err := k.tryPledge("ben", 3, 0, 0); !fault.Is(err, fault.CodeWithdrawalLocked) {
		t.Errorf("a cut that fills the whole group's case but breaks the tier's: %v", err)
	}
	if _, err := k.tryPledge("carl", 3, 0, 80000); err != nil {
		t.Errorf("a higher ceiling: %v", err)
	}
}

func TestCasesBear(t *testing.T) {
	for _, c := range []struct {
		name           string
		q, t, toQ, toT int64 // of the whole group: one member's change
		want           bool
	}{
		{"nothing changes", 7, 2, 7, 2, true},
		{"more tolerance", 7, 2, 7, 4, true},
		{"less tolerance", 7, 2, 7, 1, false},
		{"less tolerance that was not used", 6, 2, 6, 1, false},
		{"more pieces that fill the case", 10, 0, 12, 0, true},
		{"more pieces that begin another", 6, 0, 8, 0, false},
		{"fewer pieces that leave a whole case", 8, 0, 6, 0, true},
		{"fewer pieces that break one", 6, 0, 5, 0, false},
		{"fewer missing, but less tolerance", 9, 1, 11, 0, false},
		{"fewer missing, and more tolerance", 8, 0, 9, 1, true},
		{"tolerance becomes wanted", 7, 3, 9, 1, true},
		{"wanted becomes tolerance", 9, 1, 7, 3, false},
	} {
		before, after := Sums{Pieces: c.q, Tolerance: c.t}, Sums{Pieces: c.toQ, Tolerance: c.toT}
		if got := packs(6, 1).casesBear(before, after, c.toQ-c.q, c.toT-c.t); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestCancel(t *testing.T) {
	cancel := func(k *market, role deal.Role, reason deal.Reason) (deal.Effects, error) {
		return k.try("olga", role, deal.Cancel, nil, reason)
	}
	for _, c := range []struct {
		name    string
		pledged bool
		at      time.Duration
		role    deal.Role
		reason  deal.Reason
		code    fault.Code
		want    deal.Reason
	}{
		{"by the owner before the last phase", true, 44 * time.Minute, deal.Owner, "", "", deal.OwnerWithdrew},
		{"with a reason", true, 44 * time.Minute, deal.Owner, deal.DescriptionChanged, "", deal.DescriptionChanged},
		{"by the owner in it", true, 45 * time.Minute, deal.Owner, "", fault.CodeWithdrawalLocked, ""},
		{"by the owner in it, nobody there", false, 45 * time.Minute, deal.Owner, "", "", deal.OwnerWithdrew},
		{"by a moderator in it", true, 59 * time.Minute, deal.Moderator, "", "", deal.ByModerator},
		{"by a member", true, 0, deal.Member, "", fault.CodeForbidden, ""},
		{"by the owner as a moderator", true, 0, deal.Owner, deal.ByModerator, fault.CodeInvalid, ""},
		{"for an unknown reason", true, 0, deal.Owner, "fed_up", fault.CodeInvalid, ""},
	} {
		k := opened(t, ladder())
		if c.pledged {
			k.pledge("anna", 9, 0, 0)
		}
		fx, err := cancel(k.at(c.at), c.role, c.reason)
		if c.code != "" {
			if !fault.Is(err, c.code) {
				t.Errorf("%s: %v, want %s", c.name, err, c.code)
			}
			continue
		}
		want := deal.Decision{Result: deal.ResultCancel, Reason: c.want}
		if err != nil || fx.Decision == nil || *fx.Decision != want {
			t.Errorf("%s: %+v, %v", c.name, fx.Decision, err)
			continue
		}
		if got, line := body(k.lines[len(k.lines)-1]), `{"awards":0,"reason":"`+string(c.want)+`","result":"cancelled"}`; got != line {
			t.Errorf("%s: closed with %s, want %s", c.name, got, line)
		}
		if err := k.verify(); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
