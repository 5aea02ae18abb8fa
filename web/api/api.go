package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"haggle/internal/market"
)

// MaxBody bounds a JSON body.
const MaxBody = 1 << 20

// Prefix is where every path of the API begins.
const Prefix = "/api/v1"

// Limiter counts tries by address; see package limit.
type Limiter interface {
	Allow(ctx context.Context, key string, n int, per time.Duration) (ok bool, retryAfter time.Duration)
}

// Deps is what the API stands on.
type Deps struct {
	Market  *market.Market
	Limiter Limiter                                     // nil: no limits
	Fail    func(ctx context.Context, err error) string // logs an internal error, gives the short id that finds it
	Down    func(ctx context.Context, err error)        // logs why a part of the site did not do its work; nil: nobody
	Done    <-chan struct{}                             // closed when the process stops: streams end

	// Act begins a span for an operation, and gives what ends it; nil: nobody follows.
	Act func(ctx context.Context, name string) (context.Context, func(error))
}

// Mount registers every operation on a Fiber app and gives the huma API, whose OpenAPI document tests walk.
func Mount(app *fiber.App, d Deps) huma.API {
	cfg := huma.DefaultConfig("haggle", "1")
	cfg.CreateHooks, cfg.Transformers = nil, nil
	cfg.DocsPath, cfg.SchemasPath = "", ""
	cfg.Formats = map[string]huma.Format{"application/json": jsonFormat(), "json": jsonFormat()}
	huma.ValidateStrictCasing = true // "MAX" is an unknown field
	cfg.OpenAPIPath = Prefix + "/openapi"
	cfg.Info.Description = "A marketplace where prices are bargained. Amounts are integers in minor units, times RFC 3339 UTC."
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"bearer": {Type: "http", Scheme: "bearer"}}
	huma.NewErrorWithContext = newProblem
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return newProblem(nil, status, msg, errs...)
	}
	if d.Act == nil {
		d.Act = func(ctx context.Context, _ string) (context.Context, func(error)) { return ctx, func(error) {} }
	}
	s := &server{Deps: d, api: humafiber.New(app, cfg)}
	s.api.UseMiddleware(s.identify)
	s.site()
	s.accounts()
	s.notices()
	s.messages()
	s.watchlist()
	s.devices()
	s.wallet()
	s.photos()
	s.deals()
	s.log()
	s.events()
	s.entries()
	s.orders()
	s.search()
	return s.api
}

type server struct {
	Deps
	api huma.API
}

// body wraps an answer.
type body[T any] struct {
	Replayed string `header:"Idempotency-Replayed"`
	Body     T
}

func answer[T any](v T, err error) (*body[T], error) {
	if err != nil {
		return nil, err
	}
	return &body[T]{Body: v}, nil
}

func answerOnce[T any](v T, replayed bool, err error) (*body[T], error) {
	out, err := answer(v, err)
	if err == nil && replayed {
		out.Replayed = "true"
	}
	return out, err
}

// none is the answer of an operation that has nothing to tell.
type none struct{}

// op describes an operation; guard options say who may call it and what must exist.
func op(method, path, id, summary string, options ...func(*huma.Operation)) huma.Operation {
	o := huma.Operation{OperationID: id, Method: method, Path: Prefix + path, Summary: summary, MaxBodyBytes: MaxBody,
		Errors: []int{401, 404, 405, 413, 415, 422, 429, 503}, Metadata: map[string]any{}}
	if method == http.MethodPost {
		o.DefaultStatus = http.StatusCreated
	}
	for _, set := range options {
		set(&o)
	}
	return o
}

// signedIn marks an operation that needs a token.
func signedIn(o *huma.Operation) {
	o.Metadata[needsActor] = true
	o.Security = []map[string][]string{{"bearer": {}}}
}

// status sets the status of success.
func status(code int) func(*huma.Operation) {
	return func(o *huma.Operation) { o.DefaultStatus = code }
}

// also adds statuses of refusal to the document.
func also(codes ...int) func(*huma.Operation) {
	return func(o *huma.Operation) { o.Errors = append(o.Errors, codes...) }
}

func tag(name string) func(*huma.Operation) {
	return func(o *huma.Operation) { o.Tags = append(o.Tags, name) }
}

// handle registers an operation whose errors become problems; a plain error never reaches the client.
func handle[I, O any](s *server, o huma.Operation, f func(ctx context.Context, in *I) (*O, error)) {
	huma.Register(s.api, o, func(ctx context.Context, in *I) (*O, error) {
		out, err := acted(ctx, s, o.OperationID, in, f)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	})
}

// acted runs an operation as an act of its own.
func acted[I, O any](ctx context.Context, s *server, name string, in *I, f func(ctx context.Context, in *I) (*O, error)) (out *O, err error) {
	ctx, done := s.Act(ctx, name)
	defer func() { done(err) }()
	return f(ctx, in)
}
