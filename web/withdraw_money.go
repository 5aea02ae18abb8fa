package web

import "haggle/internal/market"

// withdrawMoney pays money out of the wallet to a bank account.
func withdrawMoney(v *visit) error {
	in := v.form()
	want := market.WithdrawalInput{Amount: in.amount("amount"), Method: "bank"}
	return v.moveMoney(in, "withdrawal", shape{amount: "amount", fields: []string{"amount"}}, func(k market.Key) (market.TransferView, error) {
		t, _, err := v.Market.WithdrawMoney(v.ctx, v.me, k, want)
		return t, err
	})
}
