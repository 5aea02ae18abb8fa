package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"haggle/internal/fault"
	"haggle/internal/market"
)

// Problem is a refusal as RFC 9457 writes it, with the stable code and the numbers that would have been right.
type Problem struct {
	Type   string         `json:"type" doc:"A URI for the code's row in the table of refusals."`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Code   string         `json:"code" doc:"Stable; clients rely on it."`
	Detail string         `json:"detail,omitempty"`
	Errors []FieldProblem `json:"errors,omitempty"`
	Params map[string]any `json:"params,omitempty" doc:"The numbers that matter: minimum, missing, closesAt …"`
}

// FieldProblem is one wrong input field.
type FieldProblem struct {
	Field  string `json:"field"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// Error makes a Problem an error that huma answers.
func (p *Problem) Error() string { return p.Code }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is application/problem+json, whatever was asked for.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders adds Retry-After where waiting helps.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if s := p.retryAfter(); s != "" {
		h.Set("Retry-After", s)
	}
	return h
}

func (p *Problem) retryAfter() string {
	switch v := p.Params["retryAfter"].(type) {
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	}
	if p.Status == http.StatusServiceUnavailable {
		return "1"
	}
	return ""
}

// Write answers a problem from outside an operation: unknown paths, wrong methods, bodies that are too large.
func (p *Problem) Write(c *fiber.Ctx) error {
	if s := p.retryAfter(); s != "" {
		c.Set("Retry-After", s)
	}
	return c.Status(p.Status).JSON(p, p.ContentType(""))
}

// From makes a problem of a refusal.
func From(e *fault.Error) *Problem {
	p := &Problem{Type: "/api/docs#" + string(e.Code), Title: title(e.Code), Status: e.Code.Status(), Code: string(e.Code), Params: e.Params}
	for _, f := range e.Fields {
		p.Errors = append(p.Errors, FieldProblem{Field: f.Name, Code: f.Code, Detail: f.Detail})
	}
	return p
}

// title is the first sentence of the code's meaning.
func title(code fault.Code) string {
	for _, m := range fault.Table() {
		if m.Code == code {
			first, _, _ := strings.Cut(m.Text, ". ")
			return strings.TrimSuffix(first, ".")
		}
	}
	return string(code)
}

// problem turns any error into one; what is no refusal is logged and shown with a short id only.
func (s *server) problem(ctx context.Context, err error) error {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	e := fault.From(market.Outage(err))
	if e.Code == fault.CodeInternal {
		e = fault.New(fault.CodeInternal, fault.Params{"id": s.Fail(ctx, err)})
	}
	if e.Code == fault.CodeUnavailable && s.Down != nil {
		s.Down(ctx, e)
	}
	return From(e)
}

// newProblem is huma's own refusals in our shape: bodies that do not fit their schema.
func newProblem(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
	p := From(fault.New(codeOf(status), nil))
	if status == http.StatusRequestEntityTooLarge && ctx != nil && ctx.Operation() != nil {
		p.Params = map[string]any{"limit": ctx.Operation().MaxBodyBytes}
	}
	if status == http.StatusInternalServerError || status == http.StatusUnprocessableEntity && len(errs) == 0 {
		return p
	}
	if status != http.StatusUnprocessableEntity {
		p.Detail = msg
	}
	for _, err := range errs {
		p.Errors = append(p.Errors, fieldProblem(err))
	}
	return p
}

func codeOf(status int) fault.Code {
	switch status {
	case http.StatusBadRequest:
		return fault.CodeMalformed
	case http.StatusUnauthorized:
		return fault.CodeUnauthenticated
	case http.StatusNotFound:
		return fault.CodeNotFound
	case http.StatusMethodNotAllowed:
		return fault.CodeMethodNotAllowed
	case http.StatusRequestEntityTooLarge:
		return fault.CodeTooLarge
	case http.StatusUnsupportedMediaType:
		return fault.CodeUnsupportedMedia
	case http.StatusUnprocessableEntity:
		return fault.CodeInvalid
	case http.StatusRequestTimeout, http.StatusServiceUnavailable:
		return fault.CodeUnavailable
	}
	return fault.CodeInternal
}

func fieldProblem(err error) FieldProblem {
	var d huma.ErrorDetailer
	if !errors.As(err, &d) {
		return FieldProblem{Field: "body", Code: "invalid", Detail: err.Error()}
	}
	detail := d.ErrorDetail()
	field := detail.Location
	for _, prefix := range []string{"body.", "query.", "path.", "header."} {
		field = strings.TrimPrefix(field, prefix)
	}
	code := "invalid"
	switch {
	case strings.HasPrefix(detail.Message, "expected required"):
		code, field = "required", requiredField(detail.Message, field)
	case strings.HasPrefix(detail.Message, "unexpected property"):
		code = "unknown"
	}
	return FieldProblem{Field: field, Code: code, Detail: detail.Message}
}

// requiredField reads the missing property's name out of huma's message: it locates the object around it.
func requiredField(message, around string) string {
	parts := strings.Fields(message)
	if len(parts) < 4 {
		return around
	}
	name := parts[3]
	if around == "" || around == "body" {
		return name
	}
	return around + "." + name
}
