package main

import (
	"context"
	"errors"
	"net/mail"
	"strings"
	"time"

	"haggle/internal/market"
	"haggle/internal/push"
	"haggle/web"
	"haggle/web/letter"
	"haggle/workers"
)

// How often who watches something, or saved a search, is thought of, and what is over is removed; and how much at once.
const (
	watchesEvery  = 5 * time.Second
	searchesEvery = time.Second
	oldEvery      = time.Minute
	noticePage    = 500
)

// noticeWork is what follows from what people asked to be told of.
func (h *house) noticeWork(cfg *workers.Config, url string) {
	writer := letter.Writer{Site: h.site.Name, URL: url, Currency: h.site.Unit(), Zone: web.Taipei}
	cfg.Chores = append(cfg.Chores, workers.PushChore(h.market, h.push, func(p market.Push) (push.Message, error) { return writer.Push(p, h.engine.Now()) }, h.log))
	cfg.Chores = append(cfg.Chores,
		workers.Chore{Name: "watched deals", Every: watchesEvery, Do: func(ctx context.Context) error {
			_, err := h.market.SweepWatches(ctx, noticePage)
			return err
		}},
		workers.Chore{Name: "old notices", Every: oldEvery, Do: func(ctx context.Context) error {
			_, notices := h.market.SweepNotices(ctx, noticePage)
			_, photos := h.market.SweepMessagePhotos(ctx, noticePage)
			return errors.Join(notices, photos)
		}})
	if h.index != nil { // whoever has a search copy asks it
		cfg.Tasks = append(cfg.Tasks, workers.Chore{Name: "saved searches", Every: searchesEvery, Do: func(ctx context.Context) error {
			_, err := h.market.SweepSearches(ctx)
			return err
		}})
	}
}

// pusher makes what sends to devices. Its key comes from the site's secret; services that have something to say about it
// write to the site's address, or to where its mail comes from.
func (h *house) pusher(url string) *push.Sender {
	from := h.site.MailFrom
	if a, err := mail.ParseAddress(from); err == nil {
		from = a.Address
	}
	if strings.HasPrefix(url, "https://") {
		from = url
	}
	h.push = push.New(push.Config{Seed: h.secret.Derive("haggle push 1", 32), Subscriber: from, Private: h.site.PushPrivate})
	return h.push
}
