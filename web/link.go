package web

import "haggle/internal/market"

// beginLink sends the browser to another site to link an account there.
func beginLink(v *visit) error {
	in := v.form()
	address, err := v.Market.BeginLink(v.ctx, v.me, market.WithInput{Provider: v.c.Params("provider"), Browser: v.browser(), Password: in.raw("confirm")})
	if err != nil {
		return v.change(in, "links", shape{}, func() error { return err })
	}
	return v.away(address)
}

func unlink(v *visit) error {
	in := v.form()
	return v.change(in, "unlink", shape{}, func() error { return v.Market.Unlink(v.ctx, v.me, v.c.Params("id"), in.raw("confirm")) })
}
