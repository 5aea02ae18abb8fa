package engine_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/group"
	"haggle/internal/engine"
	"haggle/internal/ledger"
	"haggle/internal/money"
	"haggle/internal/store"
	"haggle/internal/store/sqlite"
)

func TestGroupSmoke(t *testing.T) {
	st, err := sqlite.Open(t.TempDir(), store.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	ctx := context.Background()
	if err := st.Ensure(ctx, engine.Specs()); err != nil {
		t.Fatal(err)
	}
	twd, _ := money.Lookup("TWD")
	_, key, _ := ed25519.GenerateKey(nil)
	reg := deal.Registry{deal.Group: group.New()}
	e := engine.New(engine.Config{Store: st, Mechanisms: reg, Currency: twd, LogKey: key})
	defer e.Close()
	for _, u := range []string{"a", "b", "c"} {
		err := st.Tx(ctx, func(ctx context.Context) error {
			b, err := e.OpenBooks(ctx, e.Now(), u)
			if err != nil {
				return err
			}
			if err := b.Post(ledger.Deposit("i-"+u, u, "sandbox", 1_000_000, e.Now())); err != nil {
				return err
			}
			return b.Flush(ctx)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	o, err := e.Open(ctx, engine.Opening{Deal: engine.Deal{ID: "g1", Kind: deal.Group, Owner: "boss", Title: "tea", FeeBasis: 500}, Duration: 300 * time.Millisecond,
		Terms: &group.Terms{Tiers: []group.Tier{{From: 2, UnitPrice: 80000}, {From: 4, UnitPrice: 70000}}}, Salts: deal.NewSalts(3)})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range []string{"a", "b", "c"} {
		got, err := e.Submit(ctx, engine.Submission{Deal: o.Deal.ID, ID: engine.NewID(), Entry: deal.Entry{Account: u, Role: deal.Member, Act: deal.Pledge, Salts: deal.NewSalts(3), Values: group.Pledge{Quantity: 2}}})
		if err != nil {
			t.Fatal(u, err)
		}
		t.Log(got.Receipt.Seq, *got.Answer.Hold)
	}
	time.Sleep(320 * time.Millisecond)
	closing, err := e.Expire(ctx, "g1")
	if err != nil || !closing {
		t.Fatal(closing, err)
	}
	if err := e.Settle(ctx, "g1"); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	if err := e.WriteLog(ctx, "g1", -1, &log); err != nil {
		t.Fatal(err)
	}
	t.Log(log.String())
	if _, err := deal.VerifyBytes(log.Bytes(), reg); err != nil {
		t.Fatal(err)
	}
	d, _ := e.Deal(ctx, "g1")
	b, _ := e.Balance(ctx, "a")
	t.Log(d.Status, b)
}
