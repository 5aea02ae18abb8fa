package main

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// connections is how many clients load a server at once.
const connections = 64

// figure is what one load measured.
type figure struct {
	name     string
	decided  float64 // answers a second that were either accepted or refused by a rule
	accepted float64 // answers 2xx a second
	p50, p99 time.Duration
}

func (f figure) String() string {
	return fmt.Sprintf("%-44s %9.0f/s decided %9.0f/s accepted   p50 %7.2f ms   p99 %7.2f ms", f.name, f.decided, f.accepted, ms(f.p50), ms(f.p99))
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// request fills in the n-th request of a connection.
type request func(conn int, r *fasthttp.Request)

// load sends requests from every connection for a while; connections are spread over the addresses. Warm-up is not counted. A status that is neither 2xx nor 422
// fails the run.
func load(name string, each time.Duration, fill request, addrs ...string) (figure, error) {
	var stop atomic.Bool
	var counting atomic.Bool
	results := make([]tally, connections)
	var wg sync.WaitGroup
	for i := range connections {
		wg.Add(1)
		go func() {
			defer wg.Done()
			results[i].run(addrs[i%len(addrs)], i, fill, &stop, &counting)
		}()
	}
	time.Sleep(each / 4)
	counting.Store(true)
	began := time.Now()
	time.Sleep(each)
	counting.Store(false)
	took := time.Since(began).Seconds()
	stop.Store(true)
	wg.Wait()
	return sum(name, results, took)
}

// some sends n requests from every connection.
func some(n int, fill request, addrs ...string) error {
	var wg sync.WaitGroup
	errs := make([]error, connections)
	for i := range connections {
		wg.Go(func() {
			var t tally
			var done, counting atomic.Bool
			left := n
			t.run(addrs[i%len(addrs)], i, func(conn int, r *fasthttp.Request) {
				left--
				done.Store(left == 0)
				fill(conn, r)
			}, &done, &counting)
			errs[i] = t.err
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// tally is what one connection saw.
type tally struct {
	accepted, refused int
	times             []time.Duration
	err               error
}

func (t *tally) run(addr string, conn int, fill request, stop, counting *atomic.Bool) {
	c := &fasthttp.HostClient{Addr: addr, MaxConns: 1, ReadTimeout: 30 * time.Second}
	req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	for !stop.Load() {
		req.Reset()
		fill(conn, req)
		began := time.Now()
		if t.err = c.Do(req, res); t.err != nil {
			return
		}
		took := time.Since(began)
		code := res.StatusCode()
		if code >= 300 && code != 422 {
			t.err = fmt.Errorf("%s %s: %d %s", req.Header.Method(), req.URI().Path(), code, res.Body())
			return
		}
		if !counting.Load() {
			continue
		}
		t.times = append(t.times, took)
		if code < 300 {
			t.accepted++
		} else {
			t.refused++
		}
	}
}

func sum(name string, results []tally, took float64) (figure, error) {
	f := figure{name: name}
	var times []time.Duration
	accepted, decided := 0, 0
	for _, t := range results {
		if t.err != nil {
			return f, fmt.Errorf("%s: %w", name, t.err)
		}
		accepted += t.accepted
		decided += t.accepted + t.refused
		times = append(times, t.times...)
	}
	if len(times) == 0 {
		return f, fmt.Errorf("%s: nothing was answered", name)
	}
	slices.Sort(times)
	f.accepted, f.decided = float64(accepted)/took, float64(decided)/took
	f.p50, f.p99 = times[len(times)/2], times[len(times)*99/100]
	fmt.Println(f)
	return f, nil
}
