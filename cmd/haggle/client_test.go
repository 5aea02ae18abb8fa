package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"
)

// client is somebody who trades through the API.
type client struct {
	t     testing.TB
	url   string
	token string
}

// call makes a request and decodes its answer into out (nil: not). It fails on another status than want.
func (c client) call(method, path string, body any, want int, out any) {
	c.t.Helper()
	var in io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		in = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(method, c.url+"/api/v1"+path, in)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	status, raw := fetch(c.t, req)
	if status != want {
		c.t.Fatalf("%s %s: %d, want %d: %s", method, path, status, want, raw)
	}
	if out != nil {
		if err := json.Unmarshal(raw, out); err != nil {
			c.t.Fatalf("%s %s: %v: %s", method, path, err, raw)
		}
	}
}

func fetch(t testing.TB, req *http.Request) (status int, body []byte) {
	t.Helper()
	resp, err := (&http.Client{Timeout: 10 * time.Second}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, body
}

func get(t testing.TB, url string) (status int, body []byte) {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return fetch(t, req)
}

// member registers somebody.
func member(t testing.TB, url, name string) client {
	t.Helper()
	c := client{t: t, url: url}
	var grant struct{ Token string }
	c.call("POST", "/accounts", map[string]any{"email": name + "@example.org", "password": "a long password", "name": name}, 201, &grant)
	c.token = grant.Token
	return c
}

// dealView is what the tests read of a deal.
type dealView struct {
	ID       string
	Status   string
	ClosesAt time.Time
	Outcome  *struct{ Result string }
}

// auction opens one of a length in seconds, with a bid of its first bidder.
func (c client) auction(bidder client, seconds int) dealView {
	c.t.Helper()
	var d dealView
	c.call("POST", "/listings", map[string]any{"title": "A lamp", "category": "home-lighting", "condition": "good", "format": "english",
		"startPrice": 10000, "durationSeconds": seconds, "softClose": map[string]any{"windowSeconds": 0, "extendSeconds": 0}}, 201, &d)
	bidder.call("POST", "/listings/"+d.ID+"/bids", map[string]any{"max": 20000}, 201, nil)
	return d
}

func (c client) deal(id string) dealView {
	c.t.Helper()
	var d dealView
	c.call("GET", "/deals/"+id, nil, 200, &d)
	return d
}

// eventually waits for a promise to be kept.
func eventually(t testing.TB, within time.Duration, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(within); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", within, what)
		}
	}
}
