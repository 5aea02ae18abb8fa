package web

import (
	"context"
	"errors"
	"log/slog"

	"github.com/gofiber/fiber/v2"

	"haggle/internal/fault"
	"haggle/web/api"
)

// failer logs an internal error under a short id, which the answer shows.
func failer(log *slog.Logger) func(context.Context, error) string {
	return func(ctx context.Context, err error) string {
		id := shortID()
		log.ErrorContext(ctx, "api", "id", id, "request", requestID(ctx), "err", err)
		return id
	}
}

// answerProblem answers what no operation of the API answered: unknown paths, wrong methods, bodies over the limit,
// panics.
func answerProblem(c *fiber.Ctx, err error, fail func(context.Context, error) string) error {
	f := refusalOf(err)
	if f.Code == fault.CodeInternal && !isClientsMistake(err) {
		f = fault.New(fault.CodeInternal, fault.Params{"id": fail(c.UserContext(), err)})
	}
	p := api.From(f)
	if p.Status == fiber.StatusInternalServerError && isClientsMistake(err) {
		p = api.From(fault.New(fault.CodeMalformed, nil))
		p.Status = err.(*fiber.Error).Code
	}
	if p.Code == string(fault.CodeTooLarge) && p.Params == nil {
		p.Params = map[string]any{"limit": maxRequest}
	}
	return p.Write(c)
}

// isClientsMistake says whether the web server refused the request for a reason that has no code of its own, such as
// headers that are too long (431) or come too slowly (408).
func isClientsMistake(err error) bool {
	var f *fiber.Error
	return errors.As(err, &f) && f.Code >= 400 && f.Code < 500
}
