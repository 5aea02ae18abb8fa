package web

import (
	"strings"
	"testing"

	"haggle/internal/fault"
	"haggle/internal/market"
)

func TestBlockingAPerson(t *testing.T) {
	r := newRig(t)
	page := "/people/" + seller.ID
	r.get(member, page).says(t, 200, "Keep out of your deals", "Block "+seller.Name)
	if strings.Contains(r.get(guest, page).body, "Keep out of your deals") {
		t.Error("a guest is offered to block")
	}
	r.post(member, page+"/block").leadsTo(t, page)
	r.market.blocked = []market.PersonView{seller}
	r.get(member, page).says(t, 200, "You have blocked "+seller.Name, "Unblock "+seller.Name)
	r.get(member, "/settings").says(t, 200, "Blocked people", "Unblock "+seller.Name)
	r.post(member, page+"/unblock").leadsTo(t, page)
	r.post(member, page+"/unblock", "from", "settings").leadsTo(t, "/settings")
	if !r.market.called("block "+seller.ID) || !r.market.called("unblock "+seller.ID) {
		t.Errorf("asked %v", r.market.calls)
	}
}

func TestABlockIsTold(t *testing.T) {
	r := newRig(t)
	r.market.refuse = fault.New(fault.CodeBlocked, nil)
	r.post(member, "/deals/auction/bids", "max", "3000").says(t, 422, "The owner does not deal with this account.")
	r.post(member.in("zh-TW"), "/deals/auction/bids", "max", "3000").says(t, 422, "對方不與此帳號交易。")
}
