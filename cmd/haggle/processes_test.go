package main

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
	"time"

	"haggle/internal/testenv"
)

// farm is several processes over one MongoDB.
func farm(t *testing.T) (common []string) {
	t.Helper()
	uri := strings.Replace(testenv.Mongod(t), "/?", fmt.Sprintf("/farm%d?", rand.Uint32()), 1)
	return []string{"--mongo=" + uri, "--secret=" + strings.Repeat("s", 40), "--limits=off"}
}

// TestProcessesShareAMarket opens a deal in one process, bids in another, and looks for both in both.
func TestProcessesShareAMarket(t *testing.T) {
	common := append(farm(t), "--redis="+testenv.Redis(t))
	worker := testenv.Command(t, "worker", common...)
	one, two := testenv.Command(t, "web", common...), testenv.Command(t, "web", common...)
	seller, bidder := member(t, one.URL, "seller"), member(t, two.URL, "bidder")
	d := seller.auction(bidder, 3)
	here := seller
	here.url = two.URL
	eventually(t, 3*time.Second, "both processes find it", func() bool { return hits(seller, "open") == 1 && hits(here, "open") == 1 })
	eventually(t, time.Until(d.ClosesAt)+2*time.Second, "the deal is settled", func() bool { return here.deal(d.ID).Status == "settled" })
	if late := decidedAt(t, one.URL, d.ID).Sub(d.ClosesAt); late > 500*time.Millisecond {
		t.Errorf("decided %v after its time", late)
	}
	worker.Kill()
	d = seller.auction(bidder, 2)
	eventually(t, time.Until(d.ClosesAt)+8*time.Second, "the others close deals when the worker is gone", func() bool { return seller.deal(d.ID).Status == "settled" })
	eventually(t, 5*time.Second, "and find that it is", func() bool { return hits(seller, "settled") == 2 && hits(here, "settled") == 2 })
}

// hits counts the lamps that a search finds.
func hits(c client, status string) int {
	c.t.Helper()
	var found struct{ Total int }
	c.call("GET", "/search?"+url.Values{"q": {"lamp"}, "status": {status}}.Encode(), nil, 200, &found)
	return found.Total
}

// TestASiteStartsAndTradesWithoutItsRedis starts while Redis is down, and again kills it in the middle.
func TestASiteStartsAndTradesWithoutItsRedis(t *testing.T) {
	redis := testenv.OwnRedis(t)
	redis.Kill()
	site := testenv.Serve(t, "--redis="+redis.URL, "--limits=off")
	if status, body := get(t, site.URL+"/readyz"); status != 200 || !strings.Contains(string(body), `"redis":`) {
		t.Errorf("readyz: %d, %s", status, body)
	}
	seller, bidder := member(t, site.URL, "seller"), member(t, site.URL, "bidder")
	trade := func(when string, n int) {
		d := seller.auction(bidder, 1)
		eventually(t, time.Until(d.ClosesAt)+2500*time.Millisecond, when+": the deal is settled", func() bool { return seller.deal(d.ID).Status == "settled" })
		eventually(t, 5*time.Second, when+": it is found", func() bool { return hits(seller, "settled") == n })
	}
	trade("Redis is down", 1)
	redis.Start(t)
	trade("Redis is back", 2)
	redis.Kill()
	trade("Redis is down again", 3)
}
