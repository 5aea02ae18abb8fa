package api

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

type logIn struct {
	IDPath
	After  int64  `query:"after" minimum:"-1" maximum:"9007199254740991" default:"-1" doc:"Only lines with a greater seq."`
	Accept string `header:"Accept"`
}

// JSONLines is the media type of a log.
const JSONLines = "application/jsonl"

// log registers the public log: JSON Lines, the bytes as stored; an array of the same lines for who accepts only JSON.
func (s *server) log() {
	o := op(http.MethodGet, "/deals/{id}/log", "getLog", "The public hash-chained log", onDeal(), tag("deals"))
	o.Responses = map[string]*huma.Response{"200": {Description: "One line an event, byte for byte as signed.",
		Content: map[string]*huma.MediaType{JSONLines: {Schema: &huma.Schema{Type: "string"}}, "application/json": {Schema: &huma.Schema{Type: "array"}}}}}
	handle(s, o, func(ctx context.Context, in *logIn) (*huma.StreamResponse, error) {
		asArray := strings.Contains(in.Accept, "application/json") && !strings.Contains(in.Accept, JSONLines)
		return &huma.StreamResponse{Body: func(c huma.Context) {
			if err := s.writeLog(ctx, c, in, asArray); err != nil {
				s.refuse(c, err)
			}
		}}, nil
	})
}

func (s *server) writeLog(ctx context.Context, c huma.Context, in *logIn, asArray bool) error {
	c.SetHeader("Cache-Control", "no-cache")
	if !asArray {
		c.SetHeader("Content-Type", JSONLines)
		return s.Market.Log(ctx, in.ID, in.After, c.BodyWriter())
	}
	c.SetHeader("Content-Type", "application/json")
	w := &arrayWriter{w: c.BodyWriter()}
	if err := s.Market.Log(ctx, in.ID, in.After, w); err != nil {
		return err
	}
	return w.end()
}

// arrayWriter turns lines, one a Write, into a JSON array.
type arrayWriter struct {
	w     io.Writer
	begun bool
}

func (a *arrayWriter) Write(line []byte) (int, error) {
	lead := ","
	if !a.begun {
		a.begun, lead = true, "["
	}
	if _, err := io.WriteString(a.w, lead); err != nil {
		return 0, err
	}
	return a.w.Write(line)
}

func (a *arrayWriter) end() error {
	closing := "]"
	if !a.begun {
		closing = "[]"
	}
	_, err := io.WriteString(a.w, closing)
	return err
}
