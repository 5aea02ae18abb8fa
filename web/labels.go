package web

import (
	"context"
	"log/slog"
)

type requestKey struct{}

// requestID names the request in the log; empty outside of one.
func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// labels adds the id of the request to every line that is logged with the context of one.
type labels struct{ slog.Handler }

// Labelled is a logger whose lines about a request name it. Labelling twice does nothing more.
func Labelled(log *slog.Logger) *slog.Logger {
	if _, done := log.Handler().(labels); done {
		return log
	}
	return slog.New(labels{log.Handler()})
}

// Handle is slog.Handler's.
func (l labels) Handle(ctx context.Context, r slog.Record) error {
	if id := requestID(ctx); id != "" {
		r = r.Clone()
		r.AddAttrs(slog.String("request", id))
	}
	return l.Handler.Handle(ctx, r)
}

// WithAttrs is slog.Handler's.
func (l labels) WithAttrs(attrs []slog.Attr) slog.Handler { return labels{l.Handler.WithAttrs(attrs)} }

// WithGroup is slog.Handler's.
func (l labels) WithGroup(name string) slog.Handler { return labels{l.Handler.WithGroup(name)} }
