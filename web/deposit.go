package web

import "haggle/internal/market"

// deposit puts money from a card into the wallet.
func deposit(v *visit) error {
	in := v.form()
	want := market.DepositInput{Amount: in.amount("amount"), Card: cardNumber(in.raw("card"))}
	return v.moveMoney(in, "deposit", shape{amount: "amount", fields: []string{"amount", "card"}}, func(k market.Key) (market.TransferView, error) {
		t, _, err := v.Market.Deposit(v.ctx, v.me, k, want)
		return t, err
	})
}
