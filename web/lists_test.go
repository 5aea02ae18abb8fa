package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"haggle/internal/market"
	"haggle/internal/money"
)

func TestAListShowsWhatItsReaderDidAtOnce(t *testing.T) {
	h := newHall(t)
	owner, bidder, other := h.person("owner"), h.person("bidder"), h.person("other")
	id := h.auction(owner, "A lamp", time.Hour)
	h.wants("before", h.card(bidder, id), "100</span>")
	for i := range 30 {
		who, most := bidder, money.Amount(20_000+i*10_000)
		if i%2 == 1 {
			who = other
		}
		h.bid(who, id, most)
		v, err := h.Deal(t.Context(), market.Actor{}, id)
		h.must(err)
		want := fmt.Sprintf("%d bid", v.Entries)
		h.wants("the bidder's list", h.card(who, id), want, "You lead")
		h.wants("a guest's list", h.card(caller{}, id), want)
	}
}

func TestAListShowsWhatAnotherProcessDidWithinTwoSeconds(t *testing.T) {
	h := newHall(t)
	owner, bidder := h.person("owner"), h.person("bidder")
	id := h.auction(owner, "A lamp", time.Hour)
	far := h.beside()
	for i := range 3 {
		h.wants("before", far.card(bidder, id), fmt.Sprintf("%d bid", i))
		h.bid(bidder, id, money.Amount(20_000+i*10_000))
		told := time.Now()
		for !strings.Contains(far.card(bidder, id), fmt.Sprintf("%d bid", i+1)) {
			if time.Since(told) > 2*time.Second {
				t.Fatalf("bid %d is not shown: %s", i+1, far.card(bidder, id))
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
	h.bid(bidder, id, 90_000)
	h.wants("the deal's own page, at once", far.see(far.app, bidder, "en", "/deals/"+id), "4 bids", "900")
}

func TestAListTellsNobodyWhatAnotherHas(t *testing.T) {
	h := newHall(t)
	owner, leader, outbid, out := h.person("owner"), h.person("leader"), h.person("outbid"), h.person("out")
	id, quiet := h.auction(owner, "A lamp", time.Hour), h.auction(owner, "A chair", time.Hour)
	h.bid(outbid, id, 20_000)
	h.bid(leader, id, 987_600)
	marks := map[string]string{"owner": "Yours", "leader": "You lead", "outbid": "Somebody is higher"}
	for range 3 {
		for _, who := range []caller{leader, {}, outbid, out, owner, leader} {
			for _, page := range []string{"/search", "/", "/search?sort=ending"} {
				text := h.see(h.app, who, "en", page)
				c := cards(text)[id]
				for name, mark := range marks {
					if has := strings.Contains(c, mark); has != (name == who.Name) {
						t.Errorf("%s of %q: mark of %s: %v", page, who.Name, name, has)
					}
				}
				h.refuses(page, text, "9,876")
				if who.Name != "owner" {
					h.refuses("the other card", cards(text)[quiet], `class="own"`)
				}
				for name, p := range h.people {
					if name != who.Name && (strings.Contains(text, ">"+name+"<") || strings.Contains(text, p.Session)) {
						t.Errorf("%s of %q names %s", page, who.Name, name)
					}
				}
			}
		}
	}
}

func TestLanguagesAreNeverMixed(t *testing.T) {
	h := newHall(t)
	owner := h.person("owner")
	h.auction(owner, "A lamp", time.Hour)
	for range 2 {
		for _, who := range []caller{{}, owner} {
			for _, page := range []string{"/", "/search"} {
				en, zh := h.see(h.app, who, "en", page), h.see(h.app, who, "zh-TW", page)
				h.wants("English", en, "Auction")
				h.refuses("English", strings.ReplaceAll(en, "繁體中文", ""), "競標", "拍賣", "出價", "目前")
				h.refuses("Chinese", zh, "Auction", "bids", ">Search<")
			}
		}
	}
}

func TestADealEndsInAListByTheClock(t *testing.T) {
	h := newHall(t)
	owner, bidder := h.person("owner"), h.person("bidder")
	id := h.auction(owner, "A lamp", 30*time.Second)
	h.bid(bidder, id, 20_000)
	h.wants("open", h.card(bidder, id), "data-countdown", "You lead")
	h.later(time.Minute)
	over := h.card(bidder, id)
	h.wants("over", over, "card-over")
	h.refuses("over", over, "data-countdown")
	h.wants("a guest's", h.card(caller{}, id), "card-over")
	h.must(h.CloseDue(t.Context(), id))
	h.wants("settled", cards(h.see(h.app, bidder, "en", "/search?status=any"))[id], "Done")
}
