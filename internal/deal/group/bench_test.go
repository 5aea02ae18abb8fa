package group

import (
	"fmt"
	"testing"

	"haggle/internal/deal"
	"haggle/internal/money"
)

// crowded is a market of so many members, a third of whom will not pay the price that is reached.
func crowded(t failer, members int) *market {
	k := opened(t, Terms{Tiers: []Tier{{5, 80000}, {12, 72000}, {1_000_000, 64000}}, CaseSize: 7, Tolerance: true, Fees: Fees{Bill: 1_000_000}})
	for i := range members {
		k.pledge(fmt.Sprintf("a%d", i), int64(1+i%3), int64(i%2), []money.Amount{0, 72000, 64000}[i%3])
	}
	return k
}

func BenchmarkPledge(b *testing.B) {
	k := crowded(b, 100)
	v := k.view("reader", deal.Member)
	e := deal.Entry{Account: "reader", Role: deal.Member, Act: deal.Pledge, Values: input(3, 1, 72000), Salts: deal.NewSalts(1)}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := k.m.Enter(v, e); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUnfoldTenThousand(b *testing.B) {
	k := crowded(b, 10_000).close()
	v := k.view("", deal.Site)
	v.Crowd = k.crowd()
	for b.Loop() {
		if _, err := k.m.Unfold(v, *k.decision, deal.History{Secrets: k.secrets}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAuditTenThousand(b *testing.B) {
	log := crowded(b, 10_000).close().log()
	b.SetBytes(int64(len(log)))
	for b.Loop() {
		if _, err := deal.VerifyBytes(log, registry); err != nil {
			b.Fatal(err)
		}
	}
}
