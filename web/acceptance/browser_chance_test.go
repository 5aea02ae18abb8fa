package acceptance

import (
	"strings"
	"testing"
)

// TestASecondChanceInABrowser: a bidder whose rival does not pay finds the offer among what is to do, and takes or declines
// it by a button, in both languages, with scripts and without.
func TestASecondChanceInABrowser(t *testing.T) {
	t.Parallel()
	chromium := chromium(t)
	m := start(t)
	seller, winner := m.person("seller", 0), m.person("winner", plenty)
	for _, l := range []look{{lang: "en", width: phone}, {lang: "zh-TW", width: phone, script: true}} {
		b := m.browser(chromium, "reader-"+strings.ToLower(l.lang), l)
		b.signUp()
		var got struct{ Token, ID string }
		m.guest().do("POST", "/sessions", obj{"email": b.who + "@haggle.test", "password": password}).want(201).into(&got)
		reader := person{m: m, id: got.ID, token: got.Token}
		for _, takes := range []bool{true, false} {
			id := seller.auction(2, obj{"softClose": obj{"windowSeconds": 0, "extendSeconds": 0}})
			reader.do("POST", "/listings/"+id+"/bids", obj{"max": 200_000}).want(201)
			winner.do("POST", "/listings/"+id+"/bids", obj{"max": 300_000}).want(201)
			winner.do("POST", "/orders/"+winner.closed(id, longest).str("outcome.awards.0.order")+"/cancel", obj{}).want(200)
			b.open("/my")
			b.see(b.in("A second chance to buy", "遞補得標機會"))
			b.open("/deals/" + id)
			b.see(b.in("The winner did not pay: you can have it", "得標者沒付款，你可以買下"))
			if takes {
				b.press(b.in("Take it for NT$ 1,000", "以 NT$ 1,000 買下"))
				b.see(b.in("It is yours. Pay for it in time.", "由你得標，請在期限內付款。"))
			} else {
				b.press(b.in("Not for me", "不需要"))
				b.see(b.in("Noted. The seller has been told.", "已記下，並通知賣家。"))
			}
			d := reader.deal(id)
			if d.at("me.secondChance") != nil || (d.str("me.orders.0") != "") != takes {
				t.Errorf("taken: %t, and the reader has %v", takes, d["me"])
			}
			m.verified(id)
		}
		b.quiet()
	}
	m.balanced()
}
