package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/web/locale"
)

func TestAQuoteSaysWhatItBrings(t *testing.T) {
	r := newRig(t)
	for typed, want := range map[string]string{
		"6,400": "If you win you get NT$ 6,080: 1 piece, less the fee of 5%.",
		"6,410": "If you win you get NT$ 6,089: 1 piece, less the fee of 5%.", // the fee, 320.5, is rounded half up
	} {
		r.post(member, "/deals/request/quotes", "step", "preview", "unitPrice", typed, "condition", "good").says(t, http.StatusOK, want)
	}
}

func TestAPressedAmountIsLookedAtFirst(t *testing.T) {
	r := newRig(t)
	look := r.post(member, "/deals/auction/bids", "step", "pick:3,200", "max", "what was typed before")
	if look.StatusCode != http.StatusOK || r.market.called("bid") {
		t.Fatalf("answered %d, bid: %v", look.StatusCode, r.market.called("bid"))
	}
	if !strings.Contains(look.body, `name="max" value="3,200"`) {
		t.Errorf("the amount is not carried to the button: %s", clip(look.body))
	}
	if wrong := r.post(member, "/deals/auction/bids", "step", "pick:much", "max", ""); wrong.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("no amount: %d", wrong.StatusCode)
	}
}

func TestABidIsLookedAtThenPlaced(t *testing.T) {
	r := newRig(t)
	look := r.post(member, "/deals/auction/bids", "step", "preview", "max", "NT$ 3,200")
	look.says(t, http.StatusOK, "You pay at most NT$ 3,200.", "unless somebody's maximum is higher", `name="max" value="NT$ 3,200"`, `value="key-1"`, "Place the bid")
	if r.market.called("bid") {
		t.Fatal("looking placed the bid")
	}
	r.post(member, "/deals/auction/bids", "step", "edit", "max", "3,200").says(t, http.StatusOK, `value="3,200"`, "Review my bid")
	done := r.post(member, "/deals/auction/bids", "step", "confirm", "max", "NT$ 3,200")
	done.leadsTo(t, "/deals/auction#main")
	if r.market.bid != (market.BidInput{Max: 320000}) {
		t.Errorf("bid %+v", r.market.bid)
	}
	if k := r.market.keys[0]; k.Value != "page:key-1" || len(k.Hash) != 64 {
		t.Errorf("key %+v", k)
	}
}

func TestTheKeyStandsForWhatWasTyped(t *testing.T) {
	r := newRig(t)
	for _, form := range [][]string{{"step", "confirm", "max", "3200"}, {"max", "3200", "step", "again"}, {"max", "3300"}} {
		r.post(member, "/deals/auction/bids", form...)
	}
	r.post(member, "/deals/fresh/bids", "max", "3200")
	k := r.market.keys
	if k[0].Hash != k[1].Hash || k[0].Hash == k[2].Hash || k[0].Hash == k[3].Hash {
		t.Errorf("%+v", k)
	}
}

func TestAReceiptCanBeDownloadedOnceTheBidStands(t *testing.T) {
	r := newRig(t)
	done := r.post(member, "/deals/auction/bids", "max", "3200")
	kept, notice := done.cookie(receiptCookie), done.cookie(noticeCookie)
	if kept == nil || kept.Path != "/deals/auction/receipt" || !kept.HttpOnly || notice == nil {
		t.Fatalf("receipt %v, notice %v", kept, notice)
	}
	who := member
	who.cookies = []*http.Cookie{notice}
	page := r.get(who, "/deals/auction")
	page.says(t, http.StatusOK, "Your bid stands.", `href="/deals/auction/receipt"`)
	if gone := page.cookie(noticeCookie); gone == nil || gone.Value != "" {
		t.Error("the notice is said again")
	}
	who.cookies = []*http.Cookie{kept}
	got := r.get(who, "/deals/auction/receipt")
	var receipt deal.Receipt
	if err := json.Unmarshal([]byte(got.body), &receipt); err != nil || receipt.Seq != 6 || receipt.Salt != "aa" || !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("receipt %+v, %v, %v", receipt, err, got.Header)
	}
	r.get(who, "/deals/group/receipt").says(t, http.StatusNotFound)
	r.get(member, "/deals/auction/receipt").says(t, http.StatusNotFound)
}

func TestEveryActReachesTheMarket(t *testing.T) {
	for _, c := range []struct {
		path string
		form []string
		call string
		to   string
	}{
		{"/deals/fixed/purchases", []string{"quantity", "2", "unitPrice", "500"}, "buy", "/orders/o-awaiting#main"},
		{"/deals/request/quotes", []string{"unitPrice", "6,400", "condition", "good", "deliveryDays", "3"}, "quote", "/deals/request#main"},
		{"/deals/group/pledges", []string{"quantity", "３", "ceiling", "720"}, "pledge", "/deals/group#main"},
		{"/deals/choice/award", []string{"quote", "1"}, "award", "/deals/choice#main"},
		{"/deals/group/withdraw", nil, "withdraw", "/deals/group#main"},
		{"/deals/auction/retract", []string{"reason", "typo"}, "retract typo", "/deals/auction#main"},
		{"/deals/auction/cancel-bids", []string{"pseudonym", "p1", "reason", "bidder_asked"}, "cancel bids p1 bidder_asked", "/deals/auction#main"},
		{"/deals/auction/end-early", nil, "end early", "/deals/auction#main"},
		{"/deals/auction/cancel", []string{"reason", "owner_withdrew"}, "cancel owner_withdrew", "/deals/auction#main"},
		{"/orders/o-awaiting/pay", []string{"method", "wallet"}, "step pay", "/orders/o-awaiting"},
		{"/orders/o-paid/ship", []string{"tracking", "TW 1"}, "step ship", "/orders/o-paid"},
		{"/orders/o-done/feedback", []string{"score", "1", "speed", "5", "comment", "Good"}, "feedback", "/orders/o-done"},
		{"/wallet/deposits", []string{"amount", "1,000", "card", "4242 4242 4242 4242"}, "deposit 4242424242424242", "/wallet"},
		{"/wallet/deposits", []string{"amount", "1,000", "card", "4242424242424242", "next", "/deals/group"}, "deposit 4242424242424242", "/deals/group"},
		{"/wallet/withdrawals", []string{"amount", "500"}, "withdraw bank", "/wallet"},
		{"/settings", []string{"name", "Mei", "locale", "zh-TW", "outbid", "on"}, "update me", "/settings"},
		{"/settings/password", []string{"oldPassword", "old-password", "password", "new-password"}, "update me", "/settings"},
		{"/settings/sessions/s9/revoke", nil, "revoke session s9", "/settings"},
		{"/settings/tokens/t1/revoke", nil, "revoke token t1", "/settings"},
		{"/sign-out", nil, "sign out", "/"},
	} {
		t.Run(c.path, func(t *testing.T) {
			r := newRig(t)
			done := r.post(member, c.path, c.form...)
			done.leadsTo(t, c.to)
			if k := done.cookie(noticeCookie); k != nil && !locale.Has(locale.En, "done."+strings.Split(k.Value, "|")[0]) {
				t.Errorf("nothing says that %q is done", k.Value)
			}
			if !r.market.called(c.call) {
				t.Errorf("the market was asked %q, not %q", r.market.calls, c.call)
			}
		})
	}
}

// TestAListSaysHowItWasFound: that search is down, that only some of the words were found, or nothing of the kind.
func TestAListSaysHowItWasFound(t *testing.T) {
	r := newRig(t)
	down, some := "Search is taking a rest.", "Nothing has all of these words."
	for words, says := range map[string]string{staleWords: down, looseWords: some, "": ""} {
		body := r.get(guest, "/search?q="+url.QueryEscape(words)).body
		for _, sentence := range []string{down, some} {
			if got := strings.Contains(body, sentence); got != (sentence == says) {
				t.Errorf("searching for %q, the page says %q: %v", words, sentence, got)
			}
		}
	}
	for words, items := range map[string]bool{looseWords: false, "": true} {
		if got := strings.Contains(r.get(guest, "/feed.xml?q="+url.QueryEscape(words)).body, "<item>"); got != items {
			t.Errorf("the feed of %q has items: %v", words, got)
		}
	}
}

func TestWhatPeopleTypeIsUnderstood(t *testing.T) {
	r := newRig(t)
	r.post(member, "/deals/group/pledges", "quantity", "３", "tolerance", "1", "ceiling", "NT$７２０")
	if p := r.market.pledge; p.Quantity != 3 || p.Tolerance != 1 || p.Ceiling == nil || *p.Ceiling != 72000 {
		t.Errorf("pledge %+v", p)
	}
	r.post(member, "/deals/fresh/purchases", "quantity", "1", "method", "card", "card", "4242-4242 42424242")
	if b := r.market.buy; b.Card != "4242424242424242" || b.Method != "" {
		t.Errorf("purchase %+v", b)
	}
	r.post(member, "/deals/fresh/purchases", "quantity", "1", "method", "wallet", "card", "4242")
	if b := r.market.buy; b.Card != "" || b.Method != "wallet" {
		t.Errorf("purchase %+v", b)
	}
	r.post(member, "/orders/o-done/refund", "amount", "100", "reason", "damaged")
	if s := r.market.step; s.Amount == nil || *s.Amount != 10000 || s.Reason != "damaged" {
		t.Errorf("step %+v", s)
	}
	r.get(guest, "/search?q=bike&priceMin=1,000&priceMax=&sort=-price&cursor=c")
	if s := r.market.find; s.Text != "bike" || *s.PriceMin != 100000 || s.PriceMax != nil || s.Sort != "-price" || s.Cursor != "c" {
		t.Errorf("search %+v", s)
	}
}

func TestRefusalsStandBesideTheirField(t *testing.T) {
	for _, c := range []struct {
		name, path string
		form       []string
		err        error
		status     int
		en, zh     string
	}{
		{"below minimum", "/deals/auction/bids", []string{"max", "100"}, fault.New(fault.CodeBelowMinimum, fault.Params{"minimum": int64(265000)}), 422, "NT$ 2,650 or more.", "至少 NT$ 2,650。"},
		{"closed", "/deals/auction/bids", []string{"max", "3200"}, fault.New(fault.CodeClosed, fault.Params{"closesAt": "2026-11-24T14:00:00.000Z"}), 422, "It ended at Nov 24, 22:00.", "已於 11/24 22:00 結束。"},
		{"no money", "/deals/group/pledges", []string{"quantity", "3"}, fault.New(fault.CodeInsufficientFunds, fault.Params{"missing": int64(91000), "needed": int64(216000)}), 422, "NT$ 910 is missing in your wallet.", "錢包還差 NT$ 910。"},
		{"over cap", "/deals/group/pledges", []string{"quantity", "30"}, fault.New(fault.CodeOverCap, fault.Params{"cap": int64(40), "left": int64(26)}), 422, "Only 26 more fit under the cap.", "總上限內只剩 26 份。"},
		{"named price", "/deals/request/quotes", []string{"unitPrice", "9000"}, fault.New(fault.CodeAboveNamedPrice, fault.Params{"namedPrice": int64(800000)}), 422, "NT$ 8,000 or less.", "不得高於 NT$ 8,000。"},
		{"declined", "/wallet/deposits", []string{"amount", "10", "card", "4000000000000002"}, fault.New(fault.CodeCardDeclined, nil), 402, "The card was declined.", "信用卡被拒絕"},
		{"conflict", "/orders/o-paid/ship", nil, fault.New(fault.CodeConflict, nil), 409, "this step is no longer possible", "無法進行這一步"},
		{"own deal", "/deals/auction/bids", []string{"max", "3200"}, fault.New(fault.CodeOwnDeal, nil), 403, "This is your own deal", "這是你自己的交易"},
		{"unknown result", "/deals/auction/bids", []string{"max", "3200"}, fault.New(fault.CodeUnavailable, nil), 503, "nothing happens twice", "不會重複執行"},
		{"nothing typed", "/deals/auction/bids", nil, nil, 422, "Please fill this in.", "請填寫這一欄。"},
		{"no amount", "/deals/auction/bids", []string{"max", "many"}, nil, 422, "An amount like 2,600", "例如 2,600"},
		{"fields", "/settings", []string{"name", ""}, fault.Invalidf("name", "is empty"), 422, "1 to 60 characters.", "1 到 60 個字。"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.market.refuse = c.err
			en, zh := r.post(member, c.path, c.form...), r.post(member.in("zh-TW"), c.path, c.form...)
			en.says(t, c.status, c.en)
			zh.says(t, c.status, c.zh)
			checkPage(t, "en", en)
			for i := 1; i < len(c.form); i += 2 {
				if c.form[i] != "" && !strings.Contains(en.body, `value="`+c.form[i]+`"`) {
					t.Errorf("what was typed is gone: %q", c.form[i])
				}
			}
			if c.path != "/settings" && !strings.Contains(en.body, `value="key-1"`) {
				t.Error("the key changed, so a repeated try could happen twice")
			}
		})
	}
}

func TestMissingMoneyOffersADepositOfTheDifference(t *testing.T) {
	r := newRig(t)
	r.market.refuse = fault.New(fault.CodeInsufficientFunds, fault.Params{"missing": int64(91000)})
	r.post(member, "/deals/group/pledges", "quantity", "3").says(t, 422, `href="/wallet?amount=910#deposit"`)
	r.market.refuse = nil
	r.get(member, "/wallet?amount=910").says(t, 200, `name="amount" type="text" value="910"`)
}

func TestAKeyThatWasUsedForSomethingElseIsReplaced(t *testing.T) {
	r := newRig(t)
	r.market.refuse = fault.New(fault.CodeKeyReused, nil)
	a := r.post(member, "/deals/auction/bids", "max", "3200")
	a.says(t, http.StatusConflict, "was sent before with other values")
	if strings.Contains(a.body, `value="key-1"`) {
		t.Error("the page sends the used key again")
	}
}

func TestInternalErrorsShowAnIdAndNothingElse(t *testing.T) {
	r := newRig(t)
	r.market.refuse = http.ErrHandlerTimeout
	a := r.post(member, "/deals/auction/bids", "max", "3200")
	a.says(t, http.StatusInternalServerError, "Something broke on our side.")
	if strings.Contains(a.body, http.ErrHandlerTimeout.Error()) {
		t.Error("the page shows the text of an internal error")
	}
	id := r.log.String()[strings.Index(r.log.String(), " id=")+4:]
	if id = id[:8]; !strings.Contains(a.body, "<code>"+id+"</code>") {
		t.Errorf("the page does not name %s, the id in the log", id)
	}
}

func TestNobodyActsFromElsewhere(t *testing.T) {
	r := newRig(t)
	good := r.tokenOf(member)
	for _, c := range []struct {
		name   string
		header [2]string
		token  string
		ok     bool
	}{
		{"the page itself", [2]string{"Sec-Fetch-Site", "same-origin"}, good, true},
		{"a client that is no browser", [2]string{}, good, true},
		{"an old browser on this site", [2]string{"Origin", "http://haggle.test"}, good, true},
		{"another site", [2]string{"Sec-Fetch-Site", "cross-site"}, good, false},
		{"another host of the domain", [2]string{"Sec-Fetch-Site", "same-site"}, good, false},
		{"an old browser elsewhere", [2]string{"Origin", "http://evil.test"}, good, false},
		{"a page without origin", [2]string{"Origin", "null"}, good, false},
		{"no token", [2]string{"Sec-Fetch-Site", "same-origin"}, "", false},
		{"somebody else's token", [2]string{"Sec-Fetch-Site", "same-origin"}, r.tokenOf(owner), false},
		{"a made-up token", [2]string{"Sec-Fetch-Site", "same-origin"}, good[:len(good)-2] + "AA", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r.market.calls = nil
			req := formRequest("/deals/auction/bids", url.Values{"csrf": {c.token}, "max": {"3200"}})
			req.Header.Del("Sec-Fetch-Site")
			if c.header[0] != "" {
				req.Header.Set(c.header[0], c.header[1])
			}
			a := r.send(member, req)
			if r.market.called("bid") != c.ok {
				t.Errorf("the market was asked: %v; answered %d", !c.ok, a.StatusCode)
			}
			if !c.ok {
				a.says(t, http.StatusForbidden, "came from another site")
			}
		})
	}
}

func TestAGuestsActLeadsToSigningIn(t *testing.T) {
	r := newRig(t)
	for path, back := range map[string]string{"/deals/auction/bids": "/deals/auction", "/wallet/deposits": "/wallet", "/orders/o-paid/ship": "/orders/o-paid", "/settings/password": "/settings"} {
		r.post(guest, path, "max", "1").leadsTo(t, "/sign-in?next="+url.QueryEscape(back))
	}
	if len(r.market.calls) > 0 {
		t.Errorf("a guest reached the market: %q", r.market.calls)
	}
}
