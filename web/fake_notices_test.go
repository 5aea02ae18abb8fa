package web

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"haggle/internal/fault"
	"haggle/internal/market"
)

// told is what the fake market has told its member.
type told struct {
	notices []market.NoticeView
	unread  int64
}

func (f *fake) Unread(_ context.Context, a market.Actor) (int64, error) { return f.unread, nil }

func (f *fake) Notices(context.Context, market.Actor, int, string) (market.NoticesView, error) {
	return market.NoticesView{Items: f.notices, Unread: f.unread}, nil
}

func (f *fake) NoticesSince(_ context.Context, _ market.Actor, since time.Time) (market.NoticesView, error) {
	v := market.NoticesView{Unread: f.unread}
	for _, n := range f.notices {
		if n.At.Std().After(since) {
			v.Items = append(v.Items, n)
		}
	}
	return v, nil
}

func (f *fake) Notice(_ context.Context, _ market.Actor, id string) (market.NoticeView, error) {
	for _, n := range f.notices {
		if n.ID == id {
			return n, nil
		}
	}
	return market.NoticeView{}, fault.New(fault.CodeNotFound, nil)
}

func (f *fake) ReadNotices(_ context.Context, _ market.Actor, in market.ReadNoticesInput) (market.UnreadView, error) {
	if in.All {
		return market.UnreadView{}, f.note("read all notices")
	}
	return market.UnreadView{}, f.note("read notice " + in.IDs[0])
}

func (f *fake) Alive(context.Context, market.Actor) bool { return true }

func (f *fake) WatchNotices(market.Actor) (*market.NoticeFeed, error) {
	return nil, fault.New(fault.CodeUnavailable, nil)
}

// letters are what the fake market's member writes with others.
type letters struct {
	threads []market.ThreadView
	written []market.MessageView
	message market.MessageInput
}

func (f *fake) Threads(context.Context, market.Actor, int, string) (market.Page[market.ThreadView], error) {
	return market.Page[market.ThreadView]{Items: f.threads}, nil
}

func (f *fake) Thread(_ context.Context, _ market.Actor, id string, _ int, _ string) (market.MessagesView, error) {
	for _, t := range f.threads {
		if t.ID == id {
			return market.MessagesView{Thread: t, Items: f.written}, nil
		}
	}
	return market.MessagesView{}, fault.New(fault.CodeNotFound, nil)
}

func (f *fake) ThreadAbout(_ context.Context, _ market.Actor, deal, order string) (string, market.PersonView, string, error) {
	switch {
	case deal == "own":
		return "", market.PersonView{}, "", fault.New(fault.CodeOwnDeal, nil)
	case deal == "written" || order == "written":
		return "t1", market.PersonView{ID: "ann", Name: "Ann"}, "Film camera", nil
	}
	return "", market.PersonView{ID: "ann", Name: "Ann"}, "Film camera", nil
}

func (f *fake) SendMessage(_ context.Context, _ market.Actor, k market.Key, in market.MessageInput) (market.MessageView, bool, error) {
	f.message = in
	f.keys = append(f.keys, k)
	return market.MessageView{Thread: "t1"}, false, f.note("send message")
}

func (f *fake) ReadThread(_ context.Context, _ market.Actor, id string) error {
	return f.note("read thread " + id)
}

func (f *fake) HideThread(_ context.Context, _ market.Actor, id string) error {
	return f.note("hide thread " + id)
}

func (f *fake) UploadMessagePhoto(_ context.Context, _ market.Actor, r io.Reader) (market.PhotoView, error) {
	b, err := io.ReadAll(r)
	if err == nil && !bytes.HasPrefix(b, []byte("photo")) {
		err = fault.Invalidf("photo", "is no photo")
	}
	return market.PhotoView{ID: "p1"}, err
}

func (f *fake) OpenMessagePhoto(_ context.Context, a market.Actor, thread, id, variant string) (io.ReadCloser, string, int64, error) {
	if a.Account != "u1" || thread+id+variant != "t1p1full" {
		return nil, "", 0, fault.New(fault.CodeNotFound, nil)
	}
	return io.NopCloser(strings.NewReader("JPEG")), "image/jpeg", 4, nil
}

// lists are what the fake market's member watches and has saved.
type lists struct {
	watched []string
	saved   []market.SavedView
	save    market.SavedInput
}

func (f *fake) WatchDeal(_ context.Context, _ market.Actor, in market.WatchInput) (market.WatchView, error) {
	return market.WatchView{Deal: in.Deal}, f.note("watch " + in.Deal)
}

func (f *fake) UnwatchDeal(_ context.Context, _ market.Actor, deal string) error {
	return f.note("unwatch " + deal)
}

func (f *fake) Watches(_ context.Context, a market.Actor, deal string) (bool, error) {
	return !a.Guest() && slices.Contains(f.watched, deal), nil
}

func (f *fake) Watchlist(context.Context, market.Actor, int, string) (market.Page[market.DealView], error) {
	var page market.Page[market.DealView]
	for _, d := range f.deals {
		if slices.Contains(f.watched, d.ID) {
			page.Items = append(page.Items, d)
		}
	}
	return page, nil
}

func (f *fake) SavedSearches(context.Context, market.Actor) ([]market.SavedView, error) {
	return f.saved, nil
}

func (f *fake) SavedSearch(_ context.Context, _ market.Actor, id string) (market.SavedView, error) {
	for _, s := range f.saved {
		if s.ID == id {
			return s, nil
		}
	}
	return market.SavedView{}, fault.New(fault.CodeNotFound, nil)
}

func (f *fake) SaveSearch(_ context.Context, _ market.Actor, k market.Key, in market.SavedInput) (market.SavedView, bool, error) {
	f.save = in
	f.keys = append(f.keys, k)
	return market.SavedView{}, false, f.note("save search")
}

func (f *fake) DropSearch(_ context.Context, _ market.Actor, id string) error {
	return f.note("drop search " + id)
}

// pocket is what the fake market's member takes pushes with.
type pocket struct {
	devices market.DevicesView
	device  market.DeviceInput
}

func (f *fake) Devices(context.Context, market.Actor) (market.DevicesView, error) {
	return f.pocket.devices, nil
}

func (f *fake) AddDevice(_ context.Context, _ market.Actor, in market.DeviceInput) (market.DeviceView, error) {
	f.device = in
	return market.DeviceView{}, f.note("add device")
}

func (f *fake) DropDevice(_ context.Context, _ market.Actor, id string) error {
	return f.note("drop device " + id)
}
