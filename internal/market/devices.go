package market

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"haggle/internal/fault"
	"haggle/internal/push"
	"haggle/internal/store"
)

// maxDevices bounds the devices of one person; one more takes the place of the oldest.
const maxDevices = 10

// DeviceInput is a browser's subscription, as it gives it.
type DeviceInput struct {
	Endpoint string     `json:"endpoint"`
	Keys     DeviceKeys `json:"keys"`
	Name     string     `json:"name,omitempty" doc:"How you call the device."`
}

// DeviceKeys are the keys of a subscription, base64url.
type DeviceKeys struct {
	P256dh string `json:"p256dh"`
	Auth   string `json:"auth"`
}

// DeviceView is one device of the actor's, without what reaches it.
type DeviceView struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	CreatedAt Time   `json:"createdAt"`
}

// DevicesView are the actor's devices, and the key that browsers subscribe with; no key: the site sends no pushes.
type DevicesView struct {
	Key     string       `json:"key,omitempty"`
	Devices []DeviceView `json:"devices"`
}

// deviceID is the same for the same subscription.
func deviceID(account, endpoint string) string {
	sum := sha256.Sum256([]byte("haggle device 1\n" + account + "\n" + endpoint))
	return hex.EncodeToString(sum[:8])
}

// Devices lists the actor's devices.
func (m *Market) Devices(ctx context.Context, a Actor) (DevicesView, error) {
	if err := need(a, ScopeRead); err != nil {
		return DevicesView{}, err
	}
	v := DevicesView{Devices: []DeviceView{}}
	if m.cfg.Push != nil {
		v.Key = m.cfg.Push.PublicKey()
	}
	row, err := m.rows.devices.Get(ctx, a.Account)
	if errors.Is(err, store.ErrNotFound) {
		return v, nil
	}
	for _, d := range row.Devices {
		v.Devices = append(v.Devices, DeviceView{ID: d.ID, Name: d.Name, CreatedAt: At(d.At)})
	}
	return v, err
}

// AddDevice sends pushes to a browser from now on. The same subscription twice is one device.
func (m *Market) AddDevice(ctx context.Context, a Actor, in DeviceInput) (DeviceView, error) {
	if err := m.begins(ctx, a); err != nil {
		return DeviceView{}, err
	}
	sub := push.Subscription{Endpoint: in.Endpoint, P256dh: strings.TrimRight(in.Keys.P256dh, "="), Auth: strings.TrimRight(in.Keys.Auth, "=")}
	if m.cfg.Push == nil {
		return DeviceView{}, fault.New(fault.CodeNotOffered, nil)
	}
	if err := m.checkDevice(sub, in.Name); err != nil {
		return DeviceView{}, err
	}
	if err := a.permit(ScopeTrade); err != nil {
		return DeviceView{}, err
	}
	d := Device{ID: deviceID(a.Account, sub.Endpoint), Name: strings.TrimSpace(in.Name), Endpoint: sub.Endpoint, P256dh: sub.P256dh, Auth: sub.Auth, At: m.Now()}
	err := m.changeDevices(ctx, a.Account, func(all []Device) []Device {
		all = slices.DeleteFunc(all, func(x Device) bool { return x.ID == d.ID })
		return append(all[max(0, len(all)-maxDevices+1):], d)
	})
	return DeviceView{ID: d.ID, Name: d.Name, CreatedAt: At(d.At)}, err
}

// maxDeviceName is as long as what browsers call themselves.
const maxDeviceName = 300

func (m *Market) checkDevice(sub push.Subscription, name string) error {
	var c fault.Collect
	var wrong *push.InvalidError
	if err := m.cfg.Push.Check(sub); errors.As(err, &wrong) {
		field := wrong.Field
		if field != "endpoint" {
			field = "keys." + field
		}
		c.Addf(field, "invalid", "%s", wrong.Why)
	}
	checkText(&c, "name", name, 0, maxDeviceName)
	return c.Err()
}

// DropDevice sends one of the actor's devices nothing more; not_found where it is not his.
func (m *Market) DropDevice(ctx context.Context, a Actor, id string) error {
	if err := m.begins(ctx, a); err != nil {
		return err
	}
	row, err := m.rows.devices.Get(ctx, a.Account)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if _, ok := row.device(id); !ok {
		return fault.New(fault.CodeNotFound, nil)
	}
	if err := a.permit(ScopeTrade); err != nil {
		return err
	}
	return m.forgetDevice(ctx, a.Account, id)
}

func (m *Market) forgetDevice(ctx context.Context, account, id string) error {
	return m.changeDevices(ctx, account, func(all []Device) []Device {
		return slices.DeleteFunc(all, func(x Device) bool { return x.ID == id })
	})
}

func (m *Market) changeDevices(ctx context.Context, account string, change func([]Device) []Device) error {
	return m.tx(ctx, func(ctx context.Context) error {
		row, err := m.rows.devices.Get(ctx, account)
		if errors.Is(err, store.ErrNotFound) {
			return m.rows.devices.Insert(ctx, DevicesRow{ID: account, Version: 1, Devices: change([]Device{})})
		}
		if err != nil {
			return err
		}
		row.Devices = change(row.Devices)
		row.Version++
		return m.rows.devices.Replace(ctx, store.Changed[DevicesRow]{ID: account, Version: row.Version - 1, Doc: row})
	})
}
