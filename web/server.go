package web

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"go.opentelemetry.io/otel/trace"

	"haggle/internal/mail/devbox"
	"haggle/web/api"
)

// ServerConfig is what a server is assembled from.
type ServerConfig struct {
	Pages   Deps
	API     api.Deps // Fail and Done are filled in
	Health  *Health
	Metrics http.Handler // nil: no /metrics
	// MetricsToken is what whoever reads /metrics must bring; empty: only this machine reads it.
	MetricsToken string
	Letters      *devbox.Box // the mail that developers read at /dev/mail; nil: no such page
	Proxies      []string    // addresses or networks whose X-Forwarded-For is believed

	// Lanes answers what another process of the site sent for a lane; nil: there is no other.
	Lanes func(ctx context.Context, lane int, sealed []byte) ([]byte, error)

	// Writable refuses every write while this process must not decide anything; nil: it always may.
	Writable func() error
	Logger   *slog.Logger

	AccessLog bool           // every request is logged, at level info
	Tracer    trace.Tracer   // makes spans; nil: none
	Answered  func(Answered) // is told of every request, for the metrics; nil: nobody
}

// Server serves pages, API and health on one listener.
type Server struct {
	app  *fiber.App
	done chan struct{} // closed first at the end, so that streams do not hold up the rest
	once sync.Once
}

// maxRequest bounds every body: a photo with what a form puts around it. JSON has a bound of its own (api.MaxBody).
const maxRequest = 13 << 20

// NewServer assembles a server.
func NewServer(cfg ServerConfig) *Server {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	cfg.Logger = Labelled(cfg.Logger)
	s := &Server{done: make(chan struct{})}
	cfg.API.Done, cfg.Pages.ended = s.done, s.done
	cfg.API.Fail = failer(cfg.Logger)
	cfg.Pages.Logger = cfg.Logger
	tracing := tracing{cfg.Tracer}
	cfg.API.Act, cfg.Pages.act = tracing.act, tracing.act
	outages := &outages{log: cfg.Logger}
	cfg.API.Down, cfg.Pages.down = outages.note, outages.note
	answer := answerErrors(cfg)
	s.app = fiber.New(fiber.Config{
		AppName: "haggle", DisableStartupMessage: true, ErrorHandler: answer,
		Immutable:   true,                                            // what a handler keeps of a request must outlive it
		ReadTimeout: 10 * time.Second, IdleTimeout: 60 * time.Second, // no WriteTimeout: it cuts event streams
		ReadBufferSize: 16 << 10, BodyLimit: maxRequest,
		EnableTrustedProxyCheck: true, TrustedProxies: cfg.Proxies, ProxyHeader: fiber.HeaderXForwardedFor,
	})
	s.app.Server().CloseOnShutdown = true // else clients send their next request into a closing connection
	if cfg.Lanes != nil {
		mountLanes(s.app, cfg.Lanes, cfg.Logger)
	}
	watch := follower{log: cfg.Logger, access: cfg.AccessLog, answer: answer, tracing: tracing, told: cfg.Answered}
	s.app.Use(watch.handle, recovered, harden, nearestClient(cfg.Proxies), compressed(), gated(cfg.Writable))
	s.routes(cfg)
	return s
}

func (s *Server) routes(cfg ServerConfig) {
	cfg.Health.mount(s.app)
	if cfg.Metrics != nil {
		mountMetrics(s.app, cfg.Metrics, cfg.MetricsToken)
	}
	if cfg.Letters != nil {
		mountLetters(s.app, cfg.Letters)
	}
	document := api.Mount(s.app, cfg.API)
	mountDocs(s.app, document.OpenAPI())
	Pages(s.app, cfg.Pages)
}

// answerErrors draws whatever no handler answered: a problem under /api, a page anywhere else.
func answerErrors(cfg ServerConfig) fiber.ErrorHandler {
	page := ErrorHandler(cfg.Pages)
	return func(c *fiber.Ctx, err error) error {
		if status, ok := isBroken(err); ok {
			return answerBroken(c, status)
		}
		if isAPI(c) {
			return answerProblem(c, err, cfg.API.Fail)
		}
		return page(c, err)
	}
}

func isAPI(c *fiber.Ctx) bool { return strings.HasPrefix(c.Path(), "/api/") || c.Path() == "/api" }

// Serve answers on a listener until Shutdown.
func (s *Server) Serve(l net.Listener) error { return s.app.Listener(l) }

// Shutdown ends streams, takes no new connections, and waits for running requests until ctx ends.
func (s *Server) Shutdown(ctx context.Context) error {
	s.once.Do(func() { close(s.done) })
	return s.app.ShutdownWithContext(ctx)
}
