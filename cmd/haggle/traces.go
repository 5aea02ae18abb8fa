package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"haggle/internal/engine"
	"haggle/internal/fault"
)

// traces sends spans to an OTLP collector; nil makes none, and nothing in the house costs anything for it.
//
// A span's attributes are names from this program and numbers that say how much, never what: no id of a person, no amount,
// no text of an error.
type traces struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
}

// sendBound is how long sending what is left may take at the end.
const sendBound = 2 * time.Second

// openTraces begins to send to the collector at an address; empty: nil. OTEL_TRACES_SAMPLER and
// OTEL_EXPORTER_OTLP_HEADERS mean what they mean everywhere. A collector that is down costs the spans, nothing else.
func openTraces(ctx context.Context, address, name string, log *slog.Logger) (*traces, error) {
	if address == "" {
		return nil, nil
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(address))
	if err != nil {
		return nil, errors.New("--traces: no exporter can be made") // the reason may repeat a header of the environment
	}
	about := resource.NewSchemaless(attribute.String("service.name", "haggle"), attribute.String("service.instance.id", name))
	p := sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithResource(about))
	otel.SetErrorHandler(&losses{log: log})
	return &traces{provider: p, tracer: p.Tracer("haggle")}, nil
}

// losses says that spans are lost, once a minute.
type losses struct {
	log  *slog.Logger
	mu   sync.Mutex
	next time.Time
}

// Handle is otel.ErrorHandler's.
func (l *losses) Handle(error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := time.Now(); now.After(l.next) {
		l.log.Warn("the collector of --traces does not take them")
		l.next = now.Add(time.Minute)
	}
}

// close sends what is left.
func (t *traces) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), sendBound)
	defer cancel()
	_ = t.provider.Shutdown(ctx) // losses has told
	return nil
}

// hook is the engine's; nil where nothing is traced.
func (t *traces) hook() func(context.Context, engine.Work, []engine.Waited) (context.Context, func(engine.Commit, error)) {
	if t == nil {
		return nil
	}
	return t.follow
}

// follow makes the spans of what lanes do. Entries wait in spans of their own, in the traces of their callers, each with a
// link to the commit that decided it; the commit stands in the trace of the first and has links to all.
func (t *traces) follow(ctx context.Context, w engine.Work, all []engine.Waited) (context.Context, func(engine.Commit, error)) {
	var first context.Context
	var links []trace.Link
	for _, x := range all {
		if from := trace.SpanContextFromContext(x.From); from.IsSampled() {
			links = append(links, trace.Link{SpanContext: from})
			if first == nil {
				first = x.From
			}
		}
	}
	if first == nil {
		return ctx, func(engine.Commit, error) {}
	}
	begun := time.Now()
	ctx = trace.ContextWithSpan(ctx, trace.SpanFromContext(first))
	ctx, span := t.tracer.Start(ctx, string(w), trace.WithTimestamp(begun), trace.WithLinks(links...))
	for _, x := range all {
		if trace.SpanContextFromContext(x.From).IsSampled() {
			_, wait := t.tracer.Start(x.From, "wait", trace.WithTimestamp(x.Since), trace.WithLinks(trace.Link{SpanContext: span.SpanContext()}))
			wait.End(trace.WithTimestamp(begun))
		}
	}
	return ctx, func(c engine.Commit, err error) {
		span.SetAttributes(attribute.Int("haggle.lane", c.Lane), attribute.Int("haggle.entries", c.Items), attribute.Int("haggle.deals", c.Deals),
			attribute.Int("haggle.accepted", c.Accepted), attribute.Int("haggle.refused", c.Refused))
		ended(span, err)
	}
}

// ended ends a span; of an error it tells that there was one, or which refusal.
func ended(span trace.Span, err error) {
	if err != nil {
		what := ""
		var refusal *fault.Error
		if errors.As(err, &refusal) {
			what = string(refusal.Code)
		}
		span.SetStatus(codes.Error, what)
	}
	span.End()
}

// inside begins a span where one is under way, for calls that happen all the time without anybody asking. It never makes a
// trace of its own.
func (t *traces) inside(ctx context.Context, format string, args ...any) (context.Context, trace.Span) {
	if t == nil || !trace.SpanContextFromContext(ctx).IsSampled() {
		return ctx, nil
	}
	return t.tracer.Start(ctx, fmt.Sprintf(format, args...))
}

// carry names the trace that is under way, for another process of the site.
func carry(ctx context.Context) string {
	carrier := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, carrier)
	return carrier["traceparent"]
}
