package api

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"haggle/internal/market"
)

// notices registers what a person is told.
func (s *server) notices() {
	handle(s, op(http.MethodGet, "/notifications", "listNotices", "What you were told, the newest first", signedIn, tag("notifications"), also(403)),
		func(ctx context.Context, in *PageQuery) (*body[market.NoticesView], error) {
			return answer(s.Market.Notices(ctx, actor(ctx), in.Limit, in.Cursor))
		})
	handle(s, op(http.MethodPost, "/notifications", "readNotices", "Mark notices as read: some by their ids, or all", signedIn, status(200), tag("notifications"), also(403)),
		func(ctx context.Context, in *struct{ Body market.ReadNoticesInput }) (*body[market.UnreadView], error) {
			return answer(s.Market.ReadNotices(ctx, actor(ctx), in.Body))
		})
	handle(s, op(http.MethodDelete, "/notifications/{id}", "dropNotice", "Remove a notice", signedIn, status(204), tag("notifications"), also(403)),
		func(ctx context.Context, in *IDPath) (*none, error) {
			return nil, s.Market.DropNotice(ctx, actor(ctx), in.ID)
		})
	s.noticeEvents()
}

// noticeEvents registers the live stream of a person's notices.
func (s *server) noticeEvents() {
	o := op(http.MethodGet, "/notifications/events", "watchNotices", "Server-sent events: notices", signedIn, tag("notifications"), also(403))
	o.Responses = map[string]*huma.Response{"200": {Description: "Each event's data are the notices told since the last one, at most five, and how many are unread.",
		Content: map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: "string"}}}}}
	handle(s, o, func(ctx context.Context, _ *struct{}) (*huma.StreamResponse, error) {
		a := actor(ctx)
		feed, err := s.Market.WatchNotices(a)
		if err != nil {
			return nil, err
		}
		return &huma.StreamResponse{Body: func(c huma.Context) {
			f := humafiber.Unwrap(c)
			f.Set("Content-Type", "text/event-stream")
			f.Set("Cache-Control", "no-store")
			f.Set("X-Accel-Buffering", "no")
			f.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
				defer feed.Close()
				defer func() { _ = recover() }() // a panic here would end the process
				s.pumpNotices(w, a, feed)
			})
		}}, nil
	})
}

// pumpNotices writes what is told from now on until the reader goes away. A reader whose token ends hears nothing more
// than the beat at which that is found.
func (s *server) pumpNotices(w *bufio.Writer, a market.Actor, feed *market.NoticeFeed) {
	_, _ = w.WriteString("retry: 3000\n: hello\n\n")
	tick := time.NewTicker(keepAlive)
	defer tick.Stop()
	since := s.Market.Now()
	for w.Flush() == nil {
		select {
		case _, open := <-feed.C:
			if !open {
				return
			}
			ctx, cancel := context.WithTimeout(context.Background(), keepAlive)
			news, err := s.Market.NoticesSince(ctx, a, since)
			cancel()
			if err != nil {
				continue
			}
			if n := len(news.Items); n > 0 {
				since = news.Items[n-1].At.Std()
			}
			if data, err := json.Marshal(news); err == nil {
				_, _ = fmt.Fprintf(w, "event: notices\ndata: %s\n\n", data)
			}
		case <-tick.C:
			if !s.alive(a) {
				return
			}
			_, _ = w.WriteString(": still here\n\n")
		case <-s.Done:
			return
		}
	}
}

// alive says whether a session or token is still good.
func (s *server) alive(a market.Actor) bool {
	ctx, cancel := context.WithTimeout(context.Background(), keepAlive)
	defer cancel()
	return s.Market.Alive(ctx, a)
}
