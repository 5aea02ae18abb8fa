package web

import (
	"net/http"
	"strings"
	"testing"

	"haggle/internal/fault"
)

// TestASecondChanceIsOnItsPage with its price, its time and two buttons, and first among what is to do.
func TestASecondChanceIsOnItsPage(t *testing.T) {
	r := newRig(t)
	page := r.get(member, "/deals/second")
	page.says(t, http.StatusOK, "The winner did not pay: you can have it", "Without the winner’s bids the price is NT$ 2,510.", "4 days to pay",
		`action="/deals/second/second-chance#act"`, "Take it for NT$ 2,510", "Not for me")
	if strings.Contains(page.body, "Somebody else won") {
		t.Error("it says that it is lost, too")
	}
	r.get(member, "/my").says(t, http.StatusOK, "A second chance to buy", `href="/deals/second"`, "2,510")
	if other := r.get(member, "/deals/sold"); strings.Contains(other.body, "second-chance") {
		t.Error("a deal without an offer shows one")
	}
}

func TestASecondChanceIsAnswered(t *testing.T) {
	r := newRig(t)
	r.post(member, "/deals/second/second-chance", "answer", "take").leadsTo(t, "/orders/o-next#main")
	r.post(member, "/deals/second/second-chance", "answer", "decline").leadsTo(t, "/deals/second#main")
	for _, call := range []string{"chance second true", "chance second false"} {
		if !r.market.called(call) {
			t.Errorf("not called: %s", call)
		}
	}
	if k := r.market.keys; k[0].Value == "" || k[0].Hash == k[1].Hash {
		t.Errorf("keys %+v", k)
	}
	r.market.refuse = fault.New(fault.CodeClosed, nil)
	r.post(member, "/deals/second/second-chance", "answer", "take").says(t, http.StatusUnprocessableEntity, `id="act"`, `role="alert"`)
	r.post(member, "/deals/sold/second-chance", "answer", "take").says(t, http.StatusUnprocessableEntity, `id="act"`, `role="alert"`)
}

// TestABackupIsAskedFor: the box is carried through the preview to the bid, and says what it does.
func TestABackupIsAskedFor(t *testing.T) {
	r := newRig(t)
	r.get(member, "/deals/auction").says(t, http.StatusOK, `type="checkbox" name="backup"`, "Keep my bid as a backup", "If the winner does not pay and you are next, you buy it")
	r.post(member, "/deals/auction/bids", "step", "preview", "max", "3,200", "backup", "on").says(t, http.StatusOK, `name="backup" value="on"`, "Your bid is a backup")
	if plain := r.post(member, "/deals/auction/bids", "step", "preview", "max", "3,200"); strings.Contains(plain.body, "backup") {
		t.Error("a backup that was not asked for")
	}
	r.post(member, "/deals/auction/bids", "step", "confirm", "max", "3,200", "backup", "on")
	if !r.market.bid.Backup {
		t.Errorf("bid %+v", r.market.bid)
	}
}
