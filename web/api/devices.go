package api

import (
	"context"
	"net/http"

	"haggle/internal/market"
)

// devices registers the browsers that a person is sent pushes to.
func (s *server) devices() {
	handle(s, op(http.MethodGet, "/devices", "listDevices", "Your devices, and the key that a browser subscribes to pushes with", signedIn, tag("notifications"), also(403)),
		func(ctx context.Context, _ *struct{}) (*body[market.DevicesView], error) {
			return answer(s.Market.Devices(ctx, actor(ctx)))
		})
	handle(s, op(http.MethodPost, "/devices", "addDevice", "Send pushes to a browser, by the subscription that it gave", signedIn, tag("notifications"), also(403)),
		func(ctx context.Context, in *struct{ Body market.DeviceInput }) (*body[market.DeviceView], error) {
			return answer(s.Market.AddDevice(ctx, actor(ctx), in.Body))
		})
	handle(s, op(http.MethodDelete, "/devices/{id}", "dropDevice", "Send a device nothing more", signedIn, status(204), tag("notifications"), also(403)),
		func(ctx context.Context, in *IDPath) (*none, error) {
			return nil, s.Market.DropDevice(ctx, actor(ctx), in.ID)
		})
}
