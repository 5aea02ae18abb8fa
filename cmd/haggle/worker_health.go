package main

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"haggle/web"
)

// openHealth answers /healthz, /readyz and /metrics of a worker, which serves nothing else; an empty address: nowhere.
func (h *house) openHealth(address string) error {
	if address == "" {
		return nil
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	var begun atomic.Bool
	begun.Store(true)
	health := web.NewHealth(h.probes(&begun)...)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { tell(w, http.StatusOK, map[string]bool{"alive": true}) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		state := health.State(r.Context())
		status := http.StatusOK
		if !state.Ready {
			status = http.StatusServiceUnavailable
		}
		tell(w, status, state)
	})
	mux.Handle("GET /metrics", onlyFor(h.site.MetricsToken, h.metrics.handler(h)))
	s := &http.Server{Handler: mux, ReadTimeout: 5 * time.Second, WriteTimeout: 10 * time.Second}
	go func() { _ = s.Serve(l) }()
	h.later(func() error {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		return s.Shutdown(ctx)
	})
	return nil
}

func tell(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer)
}

// onlyFor lets whoever brings the token in; without one, only this machine.
func onlyFor(token string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, _ := net.SplitHostPort(r.RemoteAddr)
		ip := net.ParseIP(host)
		may := ip != nil && ip.IsLoopback()
		if token != "" {
			got, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
			may = subtle.ConstantTimeCompare([]byte(got), []byte(token)) == 1
		}
		if !may {
			http.NotFound(w, r)
			return
		}
		h.ServeHTTP(w, r)
	})
}
