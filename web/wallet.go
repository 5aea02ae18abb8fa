package web

import (
	"github.com/gofiber/fiber/v2"

	"haggle/internal/market"
	"haggle/web/view"
)

// showWallet shows a person's money. ?amount= fills in a deposit, ?next= is where it leads back to.
func showWallet(v *visit) error {
	in := v.query()
	m, err := v.walletPage(in.text("cursor"))
	if err != nil {
		return err
	}
	if in.text("amount") != "" {
		m.Act, m.Form = "deposit", in.shown()
	}
	m.Next = local(in.text("next"), "")
	v.takeNotice()
	return v.show(fiber.StatusOK, view.Wallet(v.page, m))
}

// toWallet leads from the page of an act, loaded again, to the wallet.
func toWallet(v *visit) error { return v.c.Redirect("/wallet", fiber.StatusFound) }

func (v *visit) walletPage(cursor string) (m view.WalletPage, err error) {
	m.Sandbox = v.Sandbox
	if m.Wallet, err = v.Market.Wallet(v.ctx, v.me); err != nil {
		return m, err
	}
	if m.Parts, err = v.Market.WalletParts(v.ctx, v.me); err != nil {
		return m, err
	}
	page, err := v.Market.WalletEntries(v.ctx, v.me, pageLength, cursor)
	if err != nil {
		return m, err
	}
	m.Entries = page.Items
	if page.Next != "" {
		m.More = "/wallet?cursor=" + page.Next
	}
	return m, nil
}

// moveMoney makes a deposit or a withdrawal; a refusal draws the wallet with the form as it was sent.
func (v *visit) moveMoney(in *input, name string, s shape, do func(k market.Key) (market.TransferView, error)) error {
	next := local(in.text("next"), "")
	form, status := s.shown(in.shown()), fiber.StatusUnprocessableEntity
	if in.ok() {
		moved, err := do(in.key())
		if err == nil {
			if moved.Status == "pending" {
				name += "_pending"
			}
			return v.done(local(next, "/wallet"), name)
		}
		if form, status, err = in.refuse(err, s); err != nil {
			return err
		}
	}
	m, err := v.walletPage("")
	if err != nil {
		return err
	}
	m.Act, m.Form, m.Next = name, form, next
	return v.show(status, view.Wallet(v.page, m))
}
