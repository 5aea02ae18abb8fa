package market_test

import (
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/internal/money"
	"haggle/internal/push"
	"haggle/internal/push/pushtest"
	"haggle/web/letter"
	"haggle/workers"
)

// pocket is a door whose people have devices, and a push service that reads what reaches them.
type pocket struct {
	*door
	service *pushtest.Service
	sender  *push.Sender
}

func newPocket(t *testing.T) *pocket {
	s := pushtest.Listen(t)
	p := &pocket{service: s, sender: push.New(push.Config{Seed: []byte("seed"), Subscriber: "ops@door.example", Private: true, Roots: s.Roots()})}
	p.door = newDoor(t, func(c *market.Config) { c.Push = p.sender })
	s.Answer(p.sender.PublicKey(), nil)
	return p
}

func (p *pocket) device(who market.Actor, path string) market.DeviceView {
	p.t.Helper()
	sub := p.service.Subscription(path)
	d, err := p.AddDevice(p.t.Context(), who, market.DeviceInput{Endpoint: sub.Endpoint, Keys: market.DeviceKeys{P256dh: sub.P256dh, Auth: sub.Auth}, Name: "phone"})
	must(p.t, err)
	return d
}

// send sends what is due, as a worker does, and says what is at the service by then.
func (p *pocket) send() []pushtest.Received {
	p.t.Helper()
	twd, err := money.Lookup("TWD")
	must(p.t, err)
	w := letter.Writer{Site: "door", Currency: twd, Zone: time.UTC}
	chore := workers.PushChore(p, p.sender, func(x market.Push) (push.Message, error) { return w.Push(x, p.now) }, slog.New(slog.NewTextHandler(&p.log, nil)))
	must(p.t, chore.Do(p.t.Context()))
	return p.service.Got()
}

func TestAPushReachesEachDeviceOnce(t *testing.T) {
	p := newPocket(t)
	seller, ann, bob := p.member("seller"), p.member("ann"), p.member("bob")
	if d := p.device(ann, "/phone"); p.device(ann, "/phone").ID != d.ID {
		t.Error("the same subscription is two devices")
	}
	p.device(ann, "/laptop")
	p.device(bob, "/bobs")
	p.outbid(seller, ann, bob, 48)
	p.send()
	got := p.send()
	if len(got) != 2 || got[0].Path == got[1].Path || got[0].Urgency != "high" {
		t.Fatalf("%+v", got)
	}
	for _, r := range got {
		if !strings.Contains(r.Payload, "Somebody bids more than you: Film camera") || !strings.Contains(r.Payload, `"/notifications/outbid-`) || strings.ContainsAny(strings.Split(r.Payload, `"url"`)[0], "0123456789") {
			t.Errorf("read %s", r.Payload)
		}
	}
	if rows := p.raw(market.Pushes); rows != "" {
		t.Errorf("left: %s", rows)
	}
	v, err := p.Devices(t.Context(), ann)
	if err != nil || len(v.Devices) != 2 || v.Key != p.sender.PublicKey() || strings.Contains(fmt.Sprint(v), "/phone") {
		t.Errorf("%+v, %v", v, err)
	}
	must(t, p.DropDevice(t.Context(), ann, v.Devices[0].ID))
	p.refused("again", p.DropDevice(t.Context(), ann, v.Devices[0].ID), fault.CodeNotFound)
	p.refused("somebody else's", p.DropDevice(t.Context(), bob, v.Devices[1].ID), fault.CodeNotFound)
	p.later(time.Hour)
	p.outbid(seller, ann, bob, 48)
	if got := p.send(); len(got) != 3 {
		t.Errorf("with one device less: %+v", got)
	}
}

func TestADeviceThatIsGoneIsForgotten(t *testing.T) {
	for _, code := range []int{404, 410} {
		p := newPocket(t)
		seller, ann, bob := p.member("seller"), p.member("ann"), p.member("bob")
		p.device(ann, "/gone")
		p.device(ann, "/here")
		p.service.Answer("", func(path string) int {
			if path == "/gone" {
				return code
			}
			return 0
		})
		p.outbid(seller, ann, bob, 48)
		if got := p.send(); len(got) != 1 || got[0].Path != "/here" {
			t.Errorf("%d: %+v", code, got)
		}
		if v, _ := p.Devices(t.Context(), ann); len(v.Devices) != 1 || p.raw(market.Pushes) != "" || strings.Contains(p.log.String(), p.service.URL) {
			t.Errorf("%d: devices %+v, left %s, log %s", code, v.Devices, p.raw(market.Pushes), p.log.String())
		}
	}
}

func TestAServiceThatIsDownIsTriedAgain(t *testing.T) {
	p := newPocket(t)
	seller, ann, bob := p.member("seller"), p.member("ann"), p.member("bob")
	p.device(ann, "/phone")
	var tries atomic.Int64
	down := true
	p.service.Answer("", func(string) int {
		if down {
			tries.Add(1)
			return 503
		}
		return 0
	})
	p.outbid(seller, ann, bob, 48)
	p.send()
	p.send()
	if tries.Load() != 1 {
		t.Errorf("tried %d times at once", tries.Load())
	}
	p.later(6 * time.Second)
	p.send()
	down = false
	p.later(time.Minute)
	if got := p.send(); len(got) != 1 || tries.Load() != 2 {
		t.Errorf("back again: %+v after %d tries", got, tries.Load())
	}
	down = true
	p.outbid(seller, ann, bob, 48)
	for range 20 {
		p.later(3 * time.Hour)
		p.send()
	}
	if p.raw(market.Pushes) != "" || tries.Load() > 10 {
		t.Errorf("never taken: %d tries, left %s", tries.Load(), p.raw(market.Pushes))
	}
	if v, _ := p.Devices(t.Context(), ann); len(v.Devices) != 1 {
		t.Error("a service that is down loses the device")
	}
}

func TestPushesWaitAndAreDropped(t *testing.T) {
	p := newPocket(t)
	seller, ann, bob, eve := p.member("seller"), p.member("ann"), p.member("bob"), p.member("eve")
	p.device(ann, "/ann")
	p.device(eve, "/eve")
	no := false
	p.choose(ann, market.Choices{Quiet: &market.Quiet{On: true, From: "22:00", To: "08:00"}})
	p.choose(eve, market.Choices{Kinds: map[string]market.Choice{market.KindOutbid: {Push: &no}}})
	p.now = taipei(24, 23, 0)
	p.outbid(seller, ann, bob, 48)
	p.outbid(seller, eve, bob, 48)
	if got := p.send(); len(got) != 0 {
		t.Errorf("at night, and to who wants none: %+v", got)
	}
	p.now = taipei(25, 8, 0)
	if got := p.send(); len(got) != 1 || got[0].Path != "/ann" {
		t.Errorf("in the morning: %+v", got)
	}
	p.now = taipei(25, 23, 0)
	p.outbid(seller, ann, bob, 48)
	_, err := p.ReadNotices(t.Context(), ann, market.ReadNoticesInput{All: true})
	must(t, err)
	p.now = taipei(26, 9, 0)
	if got := p.send(); len(got) != 1 || p.raw(market.Pushes) != "" {
		t.Errorf("what was read on the site: %+v", got)
	}
}

func TestWhichDevicesAreTaken(t *testing.T) {
	p := newPocket(t)
	ann := p.member("ann")
	sub := p.service.Subscription("/phone")
	for name, in := range map[string]market.DeviceInput{
		"http":   {Endpoint: "http://push.example/a", Keys: market.DeviceKeys{P256dh: sub.P256dh, Auth: sub.Auth}},
		"no key": {Endpoint: sub.Endpoint, Keys: market.DeviceKeys{Auth: sub.Auth}},
		"a name": {Endpoint: sub.Endpoint, Keys: market.DeviceKeys{P256dh: sub.P256dh, Auth: sub.Auth}, Name: "a\u202eb"},
	} {
		_, err := p.AddDevice(t.Context(), ann, in)
		p.refused(name, err, fault.CodeInvalid)
	}
	for i := range 12 {
		p.device(ann, fmt.Sprint("/", i))
	}
	if v, _ := p.Devices(t.Context(), ann); len(v.Devices) != 10 {
		t.Errorf("%d devices", len(v.Devices))
	}
	_, err := newDoor(t).AddDevice(t.Context(), ann, market.DeviceInput{})
	p.refused("a site without pushes", err, fault.CodeNotOffered)
}
