package web

import "haggle/internal/market"

// addDevice turns the reader's device on.
func addDevice(v *visit) error {
	in := v.form()
	input := market.DeviceInput{Endpoint: in.text("endpoint"), Keys: market.DeviceKeys{P256dh: in.text("p256dh"), Auth: in.text("auth")}, Name: v.agent()}
	return v.mailAct(in, "devices", "device", shape{}, func() error {
		_, err := v.Market.AddDevice(v.ctx, v.me, input)
		return err
	})
}

// removeDevice turns one of the reader's devices off.
func removeDevice(v *visit) error {
	return v.mailAct(v.form(), "devices", "device_removed", shape{}, func() error { return v.Market.DropDevice(v.ctx, v.me, v.c.Params("id")) })
}
