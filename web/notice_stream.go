package web

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"haggle/internal/market"
	"haggle/web/locale"
	"haggle/web/view"
)

// How often a quiet stream says that it lives, asks whether its reader is still signed in, and looks for notices of which it
// was told nothing; and how long one such look may take.
const (
	noticeBeat  = 10 * time.Second
	noticeBound = 3 * time.Second
)

// noticeOverlap is how far back a look begins before the last one: clocks of two processes differ a little.
const noticeOverlap = time.Second

// noticeStream is a reader's own pages listening for his notices. It lives longer than its request and holds nothing of it.
type noticeStream struct {
	visit *visit
	feed  *market.NoticeFeed
	since time.Time
	said  map[string]time.Time // what was said already, by id
	last  string               // the number that was said last
}

// streamNotices tells a page of new notices: the number unread, and the newest few in the reader's words.
func streamNotices(v *visit) error {
	feed, err := v.Market.WatchNotices(v.me)
	if err != nil {
		return err
	}
	x := &noticeStream{visit: &visit{site: v.site, me: v.me, page: v.page}, feed: feed, since: v.now(), said: map[string]time.Time{}}
	if ms, err := strconv.ParseInt(v.c.Get("Last-Event-ID"), 10, 64); err == nil && ms > 0 && time.UnixMilli(ms).Before(x.since) {
		x.since = time.UnixMilli(ms).UTC()
	}
	v.c.Set(fiber.HeaderContentType, "text/event-stream")
	v.c.Set(fiber.HeaderCacheControl, "no-store")
	v.c.Set("X-Accel-Buffering", "no")
	v.c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		defer feed.Close()
		defer func() { _ = recover() }() // a panic here would end the process
		x.run(w)
	})
	return nil
}

func (x *noticeStream) run(w *bufio.Writer) {
	_, _ = w.WriteString("retry: 3000\n: hello\n\n")
	beat := time.NewTicker(noticeBeat)
	defer beat.Stop()
	for {
		if x.tell(w) != nil || w.Flush() != nil {
			return
		}
		select {
		case _, open := <-x.feed.C:
			if !open {
				return
			}
		case <-beat.C:
			if !x.signedIn() {
				return
			}
			_, _ = w.WriteString(": still here\n\n")
		case <-x.visit.ended:
			return
		}
	}
}

func (x *noticeStream) signedIn() bool {
	ctx, cancel := context.WithTimeout(context.Background(), noticeBound)
	defer cancel()
	return x.visit.Market.Alive(ctx, x.visit.me)
}

// toast is a notice as the page's script shows it.
type toast struct {
	Text string `json:"text"`
	Href string `json:"href"`
	Page string `json:"page"` // that says it itself
}

// tell writes what is new, if anything is.
func (x *noticeStream) tell(w *bufio.Writer) error {
	ctx, cancel := context.WithTimeout(context.Background(), noticeBound)
	defer cancel()
	news, err := x.visit.Market.NoticesSince(ctx, x.visit.me, x.since.Add(-noticeOverlap))
	if err != nil {
		return nil // the store is away: the next look finds it
	}
	unread, toasts := view.UnreadText(news.Unread), []toast{}
	p := x.visit.page
	p.Printer = locale.New(p.Lang, p.Currency, p.Zone, x.visit.now())
	newest := x.since
	for _, n := range news.Items {
		at := n.At.Std()
		if before, ok := x.said[n.ID]; ok && !at.After(before) || !at.After(x.since.Add(-noticeOverlap)) {
			continue
		}
		x.said[n.ID] = at
		text, href := x.visit.noticeText(n)
		toasts = append(toasts, toast{Text: text, Href: "/notifications/" + n.ID, Page: href})
		if at.After(newest) {
			newest = at
		}
	}
	x.forget(newest)
	if unread == x.last && len(toasts) == 0 {
		return nil
	}
	x.since, x.last = newest, unread
	data, err := json.Marshal(map[string]any{"unread": unread, "items": toasts})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "id: %d\nevent: notices\ndata: %s\n\n", x.since.UnixMilli(), data)
	return err
}

// forget drops what no look finds any more.
func (x *noticeStream) forget(newest time.Time) {
	for id, at := range x.said {
		if at.Before(newest.Add(-noticeOverlap)) {
			delete(x.said, id)
		}
	}
}
