package web

import (
	"context"
	"errors"
	"log/slog"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"haggle/internal/fault"
	"haggle/web/api"
)

// failer logs an internal error under a short id, which the answer shows.
func failer(log *slog.Logger) func(context.Context, error) string {
	return func(ctx context.Context, err error) string {
		id := shortID()
		log.ErrorContext(ctx, "api", "id", id, "err", err)
		return id
	}
}

// answerProblem answers what no operation of the API answered: unknown paths, wrong methods, bodies over the limit,
// panics.
func answerProblem(c *fiber.Ctx, err error, fail func(context.Context, error) string) error {
	f := refusalOf(err)
	switch f.Code {
	case fault.CodeInternal:
		f = fault.New(fault.CodeInternal, fault.Params{"id": fail(c.UserContext(), err)})
	case fault.CodeTooLarge:
		f = fault.New(fault.CodeTooLarge, fault.Params{"limit": maxRequest})
	}
	return api.From(f).Write(c)
}

// isBroken says whether a request broke off or could not be read as HTTP: headers that are too long (431) or come too
// slowly (408), a client that went away (502). Nothing is known of its path, and nothing of it is worth an error in the log.
func isBroken(err error) (status int, ok bool) {
	var f *fiber.Error
	if !errors.As(err, &f) {
		return 0, false
	}
	switch f.Code {
	case fiber.StatusRequestTimeout, fiber.StatusRequestHeaderFieldsTooLarge, fiber.StatusBadGateway:
		return f.Code, true
	}
	return 0, false
}

// answerBroken answers such a request in as few words as there are.
func answerBroken(c *fiber.Ctx, status int) error {
	p := api.From(fault.New(fault.CodeMalformed, nil))
	p.Title, p.Status = utils.StatusMessage(status), status
	return p.Write(c)
}
