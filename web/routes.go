package web

import "github.com/gofiber/fiber/v2"

// Pages puts every page of the site on a router.
func Pages(app fiber.Router, deps Deps) {
	s := newSite(deps)

	app.Get("/static/*", s.asset)
	app.Get("/photos/:id/:file", s.photo)
	app.Get("/favicon.ico", s.favicon)
	app.Get("/robots.txt", s.robots)

	// Finding.
	s.get(app, "/", home)
	s.get(app, "/search", search)
	s.get(app, "/people/:id", person)
	s.get(app, "/help", help)

	// One deal and what may be done with it.
	s.get(app, "/deals/:id", showDeal)
	s.get(app, "/deals/:id/live", showLive)
	s.get(app, "/deals/:id/receipt", showReceipt)
	for _, noun := range []string{"/listings/:id", "/requests/:id", "/groups/:id"} {
		s.get(app, noun, toDeal)
	}
	s.post(app, "/deals/:id/bids", placeBid)
	s.post(app, "/deals/:id/purchases", buy)
	s.post(app, "/deals/:id/quotes", submitQuote)
	s.post(app, "/deals/:id/pledges", pledge)
	s.post(app, "/deals/:id/award", awardRequest)
	s.post(app, "/deals/:id/withdraw", withdraw)
	s.post(app, "/deals/:id/retract", retract)
	s.post(app, "/deals/:id/cancel-bids", cancelBids)
	s.post(app, "/deals/:id/end-early", endEarly)
	s.post(app, "/deals/:id/cancel", cancelDeal)
	s.get(app, "/deals/:id/:act", toDeal) // the page of an act, loaded again

	// Opening a deal.
	s.get(app, "/sell", doors)
	s.form(app, "/sell/auction", openAuction)
	s.form(app, "/sell/fixed", openFixed)
	s.form(app, "/request", openRequest)
	s.form(app, "/group", openGroup)

	// One's own.
	s.mine(app, "/my", my)
	s.mine(app, "/orders", listOrders)
	s.mine(app, "/orders/:id", showOrder)
	s.post(app, "/orders/:id/feedback", leaveFeedback)
	s.post(app, "/orders/:id/:act", stepOrder)
	s.get(app, "/orders/:id/:act", toOrder)
	s.mine(app, "/wallet", showWallet)
	s.post(app, "/wallet/deposits", deposit)
	s.post(app, "/wallet/withdrawals", withdrawMoney)
	s.get(app, "/wallet/:act", toWallet)

	// The account.
	s.get(app, "/sign-in", showSignIn)
	s.open(app, "/sign-in", signIn)
	s.get(app, "/sign-up", showSignUp)
	s.open(app, "/sign-up", signUp)
	s.post(app, "/sign-out", signOut)
	s.open(app, "/language", language)
	s.mine(app, "/settings", showSettings)
	s.post(app, "/settings", updateProfile)
	s.post(app, "/settings/password", changePassword)
	s.post(app, "/settings/sessions/:id/revoke", revokeSession)
	s.post(app, "/settings/tokens", createToken)
	s.post(app, "/settings/tokens/:id/revoke", revokeToken)
	s.get(app, "/settings/*", toSettings)
}
