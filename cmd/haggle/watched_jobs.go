package main

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"haggle/internal/queue"
)

// watchedJobs makes a trace of every task that a worker takes.
type watchedJobs struct {
	queue.Worker
	traces *traces
}

// jobs watches a worker.
func (t *traces) jobs(w queue.Worker) queue.Worker {
	if t == nil {
		return w
	}
	return watchedJobs{w, t}
}

// Handle names the handler of a kind.
func (w watchedJobs) Handle(kind string, h queue.Handler) {
	w.Worker.Handle(kind, func(ctx context.Context, t queue.Task) (err error) {
		ctx, span := w.traces.tracer.Start(ctx, "job "+kind, trace.WithSpanKind(trace.SpanKindConsumer),
			trace.WithAttributes(attribute.String("haggle.queue", string(t.Queue))))
		defer func() { ended(span, err) }()
		return h(ctx, t)
	})
}
