package web

import (
	"context"

	"github.com/gofiber/fiber/v2"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"haggle/internal/fault"
)

// tracing makes the spans of requests and of the acts in them; a nil tracer makes none.
//
// A span says which route, which act, which status and which refusal: never an address with its ids, a header, a body or
// the text of an error, where secrets are.
type tracing struct{ tracer trace.Tracer }

// request begins the span of a request. Who called is believed where he stands in Proxies: anybody else begins a trace of
// his own.
func (t tracing) request(ctx context.Context, c *fiber.Ctx, id string) (context.Context, trace.Span) {
	if parent := c.Get("Traceparent"); parent != "" && c.IsProxyTrusted() {
		ctx = propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{"traceparent": parent})
	}
	return t.tracer.Start(ctx, "request", trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(attribute.String("haggle.request", id)))
}

// requested ends it.
func requested(span trace.Span, method, route string, status int) {
	span.SetName(method + " " + route)
	span.SetAttributes(attribute.String("http.request.method", method), attribute.String("http.route", route), attribute.Int("http.response.status_code", status))
	if status >= fiber.StatusInternalServerError {
		span.SetStatus(codes.Error, "")
	}
	span.End()
}

// act is the span of what a request asks the market to do; the function ends it with what came of that.
func (t tracing) act(ctx context.Context, name string) (context.Context, func(error)) {
	if t.tracer == nil {
		return ctx, func(error) {}
	}
	ctx, span := t.tracer.Start(ctx, "act "+name)
	return ctx, func(err error) {
		if err != nil {
			code := refusalOf(err).Code
			span.SetAttributes(attribute.String("haggle.refusal", string(code)))
			if code.Class() == fault.Internal || code.Class() == fault.Unavailable {
				span.SetStatus(codes.Error, string(code))
			}
		}
		span.End()
	}
}
