package api

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"haggle/internal/market"
)

// keepAlive is how often a quiet stream says that it lives; a reader that went away is noticed by it.
const keepAlive = 10 * time.Second

type eventsIn struct {
	IDPath
	LastEventID string `header:"Last-Event-ID" maxLength:"20"`
}

// events registers the live stream of a deal.
func (s *server) events() {
	o := op(http.MethodGet, "/deals/{id}/events", "watchDeal", "Server-sent events: state, entry, closed", onDeal(), tag("deals"))
	o.Responses = map[string]*huma.Response{"200": {Description: "Each event's id is the log's seq, its data the public state.",
		Content: map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: "string"}}}}}
	handle(s, o, func(ctx context.Context, in *eventsIn) (*huma.StreamResponse, error) {
		after, err := strconv.ParseInt(in.LastEventID, 10, 64)
		if err != nil {
			after = -1
		}
		feed, err := s.Market.Watch(ctx, in.ID, after)
		if err != nil {
			return nil, err
		}
		return &huma.StreamResponse{Body: func(c huma.Context) { s.stream(c, feed) }}, nil
	})
}

// stream hands the connection to a writer of its own; nothing of the request may be touched in there.
func (s *server) stream(c huma.Context, feed *market.Feed) {
	f := humafiber.Unwrap(c)
	f.Set("Content-Type", "text/event-stream")
	f.Set("Cache-Control", "no-store")
	f.Set("X-Accel-Buffering", "no")
	done := s.Done
	f.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		defer feed.Close()
		defer func() { _ = recover() }() // a panic here would end the process
		pump(w, feed, done)
	})
}

func pump(w *bufio.Writer, feed *market.Feed, done <-chan struct{}) {
	_, _ = w.WriteString("retry: 2000\n: hello\n\n")
	if w.Flush() != nil {
		return
	}
	tick := time.NewTicker(keepAlive)
	defer tick.Stop()
	for {
		select {
		case e, ok := <-feed.C:
			if !ok {
				return
			}
			_, _ = fmt.Fprintf(w, "id: %d\nevent: %s\ndata: %s\n\n", e.ID, e.Kind, e.Data)
		case <-tick.C:
			_, _ = w.WriteString(": still here\n\n")
		case <-done:
			return
		}
		if w.Flush() != nil {
			return
		}
	}
}
