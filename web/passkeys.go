package web

// passkeyChallenge answers a script of the settings: what the browser shall make a passkey for.
func passkeyChallenge(v *visit) error {
	c, err := v.Market.BeginPasskey(v.ctx, v.me, v.form().raw("confirm"))
	return v.challenge(c, err)
}

// addPasskey stores the passkey that the browser made.
func addPasskey(v *visit) error {
	in := v.form()
	ticket := v.ticket(keyCookie)
	v.dropTicket(keyCookie)
	return v.change(in, "passkey", shape{fields: []string{"name"}}, func() error {
		return v.Market.AddPasskey(v.ctx, v.me, ticket, []byte(in.raw("credential")), in.text("name"))
	})
}

func removePasskey(v *visit) error {
	in := v.form()
	return v.change(in, "passkey_removed", shape{}, func() error {
		return v.Market.RemovePasskey(v.ctx, v.me, v.c.Params("id"), in.raw("confirm"))
	})
}
