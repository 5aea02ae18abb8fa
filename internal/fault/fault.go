// Package fault is the one vocabulary in which haggle says no.
//
// Every refusal is an [*Error]: a class (what sort of no, one HTTP status each), a stable code (which no) and the
// numbers that would have been right. The wording is chosen at the edge, in the reader's language. An error that is
// not an *Error is internal: its text is for the log, never for the reader.
//
// Most callers need two functions: [New] to refuse, [From] to read a refusal at the edge.
package fault

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

// Class says what sort of refusal this is; the edge maps each class to one HTTP status.
type Class string

const (
	Invalid         Class = "invalid"         // the input is not of the promised shape or range
	Unauthenticated Class = "unauthenticated" // nobody is signed in
	Forbidden       Class = "forbidden"       // this person may not
	NotFound        Class = "not_found"       // there is no such thing, or not for this person
	Conflict        Class = "conflict"        // the thing is in a state that does not allow it
	Refused         Class = "refused"         // a market rule says no
	Declined        Class = "declined"        // the payment instrument said no
	RateLimited     Class = "rate_limited"    // too many tries; Params holds retryAfter
	Unavailable     Class = "unavailable"     // a part is down or the result is unknown: repeat with the same key
	Internal        Class = "internal"        // our own mistake
)

// Params are the numbers of a refusal: amounts in minor units, times in RFC 3339, counts.
type Params map[string]any

// Field is one wrong input field: its path in the API's names, the code of what is wrong, and numbers.
type Field struct {
	Name   string
	Code   string
	Detail string
	Params Params
}

// Error is a refusal.
type Error struct {
	Code   Code
	Params Params
	Fields []Field
	cause  error
}

// New refuses with a code and the numbers that would have been right.
func New(code Code, params Params) *Error { return &Error{Code: code, Params: params} }

// Invalidf refuses one input field. The detail is for developers; readers see the field's own message.
func Invalidf(field, format string, args ...any) *Error {
	return &Error{Code: CodeInvalid, Fields: []Field{{Name: field, Code: "invalid", Detail: fmt.Sprintf(format, args...)}}}
}

// Collect gathers the wrong fields of one input, so that a reader sees all of them at once.
type Collect struct{ fields []Field }

// Addf notes one wrong field.
func (c *Collect) Addf(field, code, format string, args ...any) {
	c.fields = append(c.fields, Field{Name: field, Code: code, Detail: fmt.Sprintf(format, args...)})
}

// Err is nil when nothing was noted, else one invalid refusal with every field.
func (c *Collect) Err() error {
	if len(c.fields) == 0 {
		return nil
	}
	return &Error{Code: CodeInvalid, Fields: c.fields}
}

// Because keeps the error that led to the refusal, for the log only.
func (e *Error) Because(err error) *Error { e.cause = err; return e }

// Unwrap gives the error that led to the refusal.
func (e *Error) Unwrap() error { return e.cause }

// Class is the class of the refusal's code.
func (e *Error) Class() Class { return e.Code.Class() }

// Error is for logs: code, parameters in order of their names, fields.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Code))
	names := make([]string, 0, len(e.Params))
	for n := range e.Params {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		fmt.Fprintf(&b, " %s=%v", n, e.Params[n])
	}
	for _, f := range e.Fields {
		fmt.Fprintf(&b, " [%s: %s]", f.Name, f.Detail)
	}
	if e.cause != nil {
		fmt.Fprintf(&b, ": %v", e.cause)
	}
	return b.String()
}

// From finds the refusal in an error chain. What is no refusal is internal.
func From(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return New(CodeInternal, nil).Because(err)
}

// Is says whether err is a refusal with this code.
func Is(err error, code Code) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}
