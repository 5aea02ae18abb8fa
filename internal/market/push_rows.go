package market

import (
	"time"

	"haggle/internal/store"
)

// DevicesRow are the devices of a person that are sent pushes. Where each is reached is a secret of its own: who knows it
// and its keys can write to it.
type DevicesRow struct {
	ID      string   `bson:"_id"` // of the account
	Version int64    `bson:"version"`
	Devices []Device `bson:"devices"`
}

// Device is one browser that takes pushes.
type Device struct {
	ID       string    `bson:"id"`
	Name     string    `bson:"name"` // as the browser calls itself
	Endpoint string    `bson:"endpoint"`
	P256dh   string    `bson:"p256dh"`
	Auth     string    `bson:"auth"`
	At       time.Time `bson:"at"`
}

// PushRow is one notice on its way to one device.
type PushRow struct {
	ID      string     `bson:"_id"` // notice, news and device
	Version int64      `bson:"version"`
	Account string     `bson:"account"`
	Device  string     `bson:"device"`
	Notice  string     `bson:"notice"`
	Source  string     `bson:"source"` // which news of the notice
	At      time.Time  `bson:"at"`
	NextAt  *time.Time `bson:"nextAt,omitempty"`
	Tries   int64      `bson:"tries,omitempty"`
}

type pushRows struct {
	devices *store.Collection[DevicesRow]
	pushes  *store.Collection[PushRow]
}

func newPushRows(s store.Engine) pushRows {
	return pushRows{devices: store.NewCollection[DevicesRow](s, Devices), pushes: store.NewCollection[PushRow](s, Pushes)}
}

func pushSpecs() []store.Spec {
	return []store.Spec{
		{Name: Devices, Shape: DevicesRow{}},
		{Name: Pushes, Shape: PushRow{}, Indexes: []store.Index{{Name: "next", Fields: []store.Field{{Path: "nextAt"}}, Sparse: true}}},
	}
}

// device finds one of a person's devices.
func (r DevicesRow) device(id string) (Device, bool) {
	for _, d := range r.Devices {
		if d.ID == id {
			return d, true
		}
	}
	return Device{}, false
}
