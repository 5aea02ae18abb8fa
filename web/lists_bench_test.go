package web

import (
	"fmt"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
)

func BenchmarkList(b *testing.B) {
	h := newHall(b)
	owner, reader := h.person("owner"), h.person("reader")
	for i := range 24 {
		h.auction(owner, fmt.Sprintf("A lamp %d", i), time.Duration(i+1)*time.Hour)
	}
	h.load(b, "/search", reader)
}

// BenchmarkOwnList is the list of somebody who has a part in every deal of it.
func BenchmarkOwnList(b *testing.B) {
	h := newHall(b)
	owner, reader := h.person("owner"), h.person("reader")
	for i := range 24 {
		h.bid(reader, h.auction(owner, fmt.Sprintf("A lamp %d", i), time.Duration(i+1)*time.Hour), 20_000)
	}
	h.load(b, "/search", reader)
}

func BenchmarkDealPage(b *testing.B) {
	h := newHall(b)
	owner, reader := h.person("owner"), h.person("reader")
	h.load(b, "/deals/"+h.auction(owner, "A lamp", time.Hour), reader)
}

// load serves one page to one reader, again and again.
func (h *hall) load(b *testing.B, path string, who caller) {
	var c fasthttp.RequestCtx
	c.Request.SetRequestURI(path)
	c.Request.Header.Set("Cookie", "haggle="+who.token)
	handle := h.app.Handler()
	for b.Loop() {
		c.Response.Reset()
		handle(&c)
	}
}
