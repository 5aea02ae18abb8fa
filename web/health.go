package web

import (
	"context"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Probe looks whether one part works. Its error is shown to anybody: a short sentence without addresses or secrets.
type Probe struct {
	Name  string
	Vital bool // without it the site cannot serve
	Check func(ctx context.Context) error
}

// Health answers whether the process is alive, and whether it can serve.
type Health struct {
	probes []Probe

	mu    sync.Mutex
	last  State
	until time.Time // when the last look is too old
}

// State is what /readyz answers.
type State struct {
	Ready bool              `json:"ready"`
	Down  map[string]string `json:"down"` // by part: what is wrong with it; also of parts that the site can do without
}

const (
	probeBound = 2 * time.Second
	probeFor   = 300 * time.Millisecond // so that asking often costs nothing
)

// NewHealth makes a health of its parts.
func NewHealth(probes ...Probe) *Health { return &Health{probes: probes} }

func (h *Health) mount(app fiber.Router) {
	app.Get("/healthz", func(c *fiber.Ctx) error { return c.JSON(fiber.Map{"alive": true}) })
	app.Get("/readyz", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderCacheControl, "no-store")
		state := h.State(c.UserContext())
		if !state.Ready {
			c.Status(fiber.StatusServiceUnavailable)
		}
		return c.JSON(state)
	})
}

// State looks at every part, all at once; several askers share a look.
func (h *Health) State(ctx context.Context) State {
	h.mu.Lock()
	defer h.mu.Unlock()
	if now := time.Now(); !now.Before(h.until) {
		h.last = h.look(ctx)
		h.until = time.Now().Add(probeFor)
	}
	return h.last
}

func (h *Health) look(ctx context.Context) State {
	ctx, cancel := context.WithTimeout(ctx, probeBound)
	defer cancel()
	found := make([]error, len(h.probes))
	var group sync.WaitGroup
	for i, p := range h.probes {
		group.Go(func() { found[i] = p.Check(ctx) })
	}
	group.Wait()
	state := State{Ready: true, Down: map[string]string{}}
	for i, p := range h.probes {
		if found[i] != nil {
			state.Down[p.Name] = found[i].Error()
			state.Ready = state.Ready && !p.Vital
		}
	}
	return state
}
