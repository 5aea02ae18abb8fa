package web

import "github.com/gofiber/fiber/v2"

// Pages puts every page of the site on a router.
func Pages(app fiber.Router, deps Deps) {
	newSite(deps).pages(app)
}

func (s *site) pages(app fiber.Router) {
	app.Get("/static/*", s.asset)
	app.Get("/photos/:id/:file", s.photo)
	app.Get("/favicon.ico", s.favicon)
	app.Get("/robots.txt", s.robots)
	app.Get("/sw.js", s.serviceWorker)
	app.Get("/manifest.webmanifest", s.manifest)
	app.Get("/icons/:file", s.appIcon)
	s.get(app, "/offline", offline)

	// Finding.
	s.get(app, "/", home)
	s.get(app, "/search", search)
	s.get(app, "/people/:id", person)
	s.post(app, "/people/:id/block", blockPerson)
	s.post(app, "/people/:id/unblock", unblockPerson)
	s.get(app, "/people/:id/:act", toPerson)
	s.get(app, "/help", help)
	s.get(app, "/help/:topic", helpTopic)
	s.get(app, "/feed.xml", feed)
	s.get(app, "/sitemap.xml", sitemapIndex)
	s.get(app, "/sitemaps/:page", sitemapPage)
	s.get(app, "/dev/design", design)

	// One deal and what may be done with it.
	s.get(app, "/deals/:id", showDeal)
	s.get(app, "/deals/:id/live", showLive)
	s.get(app, "/deals/:id/card.png", socialCard)
	s.get(app, "/deals/:id/receipt", showReceipt)
	s.get(app, "/deals/:id/code.svg", showCode)
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
	s.post(app, "/deals/:id/second-chance", answerChance)
	s.get(app, "/deals/:id/:act", toDeal) // the page of an act, loaded again

	// Opening a deal.
	s.get(app, "/sell", doors)
	s.trial(app, "/sell/auction", openAuction)
	s.trial(app, "/sell/fixed", openFixed)
	s.trial(app, "/request", openRequest)
	s.trial(app, "/group", openGroup)
	s.post(app, "/sell/drafts/:id/delete", deleteDraft)
	s.get(app, "/sell/drafts/*", toDoors)

	// What was typed when its session was over.
	s.mine(app, "/kept", showKept)
	s.post(app, "/kept/discard", dropKept)
	s.get(app, "/kept/*", toKept)

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

	// What one is told.
	s.mine(app, "/notifications", listNotices)
	app.Get("/notifications/live", s.serve(signedIn(streamNotices))) // never ends: no page
	s.post(app, "/notifications/read", readNotices)
	s.get(app, "/notifications/read", toNotices)
	s.mine(app, "/notifications/:id", followNotice)
	s.mine(app, "/watchlist", showWatchlist)
	s.post(app, "/deals/:id/watch", watchDeal)
	s.post(app, "/deals/:id/unwatch", unwatchDeal)
	s.mine(app, "/saved-searches", listSaved)
	s.post(app, "/saved-searches", saveSearch)
	s.mine(app, "/saved-searches/new", newSaved)
	s.mine(app, "/saved-searches/:id", followSaved)
	s.post(app, "/saved-searches/:id/remove", removeSaved)
	s.mine(app, "/messages", listThreads)
	s.post(app, "/messages", sendMessage)
	s.mine(app, "/messages/new", newMessage)
	s.mine(app, "/messages/:id", showThread)
	s.post(app, "/messages/:id/hide", hideThread)
	app.Get("/messages/:id/photos/:photo/:file", s.serve(messagePhoto))

	// The account.
	s.get(app, "/sign-in", showSignIn)
	s.open(app, "/sign-in", signIn)
	s.get(app, "/sign-in/code", showSecondStep)
	s.open(app, "/sign-in/code", secondStep)
	s.open(app, "/sign-in/passkey/challenge", passkeySignInChallenge)
	s.open(app, "/sign-in/passkey", passkeySignIn)
	s.open(app, "/sign-in/with/:provider", signInWith)
	s.get(app, "/sign-in/with/:provider/callback", signInAnswer)
	app.Post("/sign-in/with/:provider/callback", s.serve(postedAnswer)) // comes from the other site: its state is the proof
	s.get(app, "/sign-in/welcome", showWelcome)
	s.open(app, "/sign-in/welcome", join)
	s.get(app, "/sign-in/*", toSignInPage) // the page of a step, loaded again
	s.get(app, "/sign-up", showSignUp)
	s.open(app, "/sign-up", signUp)
	s.post(app, "/sign-out", signOut)
	s.open(app, "/language", language)
	s.mine(app, "/settings", showSettings)
	s.post(app, "/settings", updateProfile)
	s.post(app, "/settings/password", changePassword)
	s.post(app, "/settings/links/:provider", beginLink)
	s.post(app, "/settings/links/:id/remove", unlink)
	s.post(app, "/settings/passkeys/challenge", passkeyChallenge)
	s.post(app, "/settings/passkeys", addPasskey)
	s.post(app, "/settings/passkeys/:id/remove", removePasskey)
	s.mine(app, "/settings/two-factor", showTwoFactor)
	s.mine(app, "/settings/two-factor/code.png", twoFactorPicture)
	s.post(app, "/settings/two-factor", turnOnTwoFactor)
	s.post(app, "/settings/two-factor/begin", beginTwoFactor)
	s.post(app, "/settings/two-factor/codes", newRecoveryCodes)
	s.post(app, "/settings/two-factor/off", turnOffTwoFactor)
	s.post(app, "/settings/sessions/:id/revoke", revokeSession)
	s.post(app, "/settings/tokens", createToken)
	s.post(app, "/settings/tokens/:id/revoke", revokeToken)
	s.mine(app, "/settings/mail", showMailSettings)
	s.post(app, "/settings/mail", updateMailSettings)
	s.post(app, "/settings/mail/again", resendConfirmation)
	s.post(app, "/settings/devices", addDevice)
	s.post(app, "/settings/devices/:id/remove", removeDevice)
	s.post(app, "/settings/mail/address", changeEmail)
	s.get(app, "/settings/mail/*", toMailSettings)
	s.get(app, "/settings/*", toSettings)

	// What links in mails lead to.
	s.get(app, "/confirm", showConfirm)
	s.open(app, "/confirm", confirmEmail)
	s.get(app, "/forgot", showForgot)
	s.open(app, "/forgot", forgot)
	s.get(app, "/reset", showReset)
	s.open(app, "/reset", resetPassword)
	s.get(app, "/mail/off", showMailOff)
	app.Post("/mail/off", s.serve(mailOff)) // also for mail programs: its signature stands for the form's token
}
