package api

import (
	"context"
	"net/http"

	"haggle/internal/market"
)

// PageQuery asks for a page of a list.
type PageQuery struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"24"`
	Cursor string `query:"cursor" maxLength:"2000"`
}

// wallet registers a person's money.
func (s *server) wallet() {
	handle(s, op(http.MethodGet, "/wallet", "getWallet", "Your money", signedIn, tag("wallet")),
		func(ctx context.Context, _ *struct{}) (*body[market.WalletView], error) {
			return answer(s.Market.Wallet(ctx, actor(ctx)))
		})
	handle(s, op(http.MethodGet, "/wallet/entries", "listWalletEntries", "Your statement, newest first", signedIn, tag("wallet")),
		func(ctx context.Context, in *PageQuery) (*body[market.Page[market.WalletEntry]], error) {
			return answer(s.Market.WalletEntries(ctx, actor(ctx), in.Limit, in.Cursor))
		})
	handle(s, op(http.MethodGet, "/wallet/parts", "getWalletParts", "What the money waits for that you cannot use now", signedIn, tag("wallet")),
		func(ctx context.Context, _ *struct{}) (*body[market.WalletParts], error) {
			return answer(s.Market.WalletParts(ctx, actor(ctx)))
		})
	type depositIn struct {
		Keyed
		Body market.DepositInput
	}
	handle(s, op(http.MethodPost, "/wallet/deposits", "deposit", "Put money in, from a card", signedIn, tag("wallet"), also(402, 409)),
		func(ctx context.Context, in *depositIn) (*body[market.TransferView], error) {
			return answerOnce(s.Market.Deposit(ctx, actor(ctx), in.key(), in.Body))
		})
	type withdrawalIn struct {
		Keyed
		Body market.WithdrawalInput
	}
	handle(s, op(http.MethodPost, "/wallet/withdrawals", "withdraw", "Take money out, to your bank", signedIn, tag("wallet"), also(409)),
		func(ctx context.Context, in *withdrawalIn) (*body[market.TransferView], error) {
			return answerOnce(s.Market.WithdrawMoney(ctx, actor(ctx), in.key(), in.Body))
		})
}
