package web

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"haggle/internal/deal"
	"haggle/internal/money"
	"haggle/internal/order"
	"haggle/internal/reputation"
	"haggle/web/locale"
	"haggle/web/view"
	"haggle/web/worked"
)

// TestHelpTypesNoNumbers finds a number in the words of help that no rule filled in.
func TestHelpTypesNoNumbers(t *testing.T) {
	allowed := regexp.MustCompile(`95 ?%`) // the certainty of a score, as score.formula says it
	for _, l := range locale.Langs() {
		n := 0
		for key, text := range catalogueTexts(t, l) {
			if !strings.HasPrefix(key, "help.") {
				continue
			}
			n++
			if regexp.MustCompile(`\d`).MatchString(allowed.ReplaceAllString(regexp.MustCompile(`\{[a-zA-Z0-9]+\}`).ReplaceAllString(text, ""), "")) {
				t.Errorf("%s: %s types a number: %s", l, key, text)
			}
		}
		if n < 100 {
			t.Errorf("%s: only %d texts of help", l, n)
		}
	}
}

// TestHelpLeavesNoGap draws every topic in both languages: no placeholder stays open, and the numbers of the rules are
// those of the code.
func TestHelpLeavesNoGap(t *testing.T) {
	r := newRig(t)
	says := map[string][]string{
		"auctions":    {"14 days", "12 hours", "130%", "NT$ 3,050"},
		"fixed-price": {"30 minutes"}, "requests": {"60 days", "4 days"}, "group-buys": {"24 hours", "NT$ 640"},
		"escrow": {en(t).Long(order.DisputeWithin), "7 days", "14 days"}, "fees": {"5%"},
		"reputation": {en(t).Long(reputation.GiveWithin), en(t).Long(reputation.HideFor), en(t).Long(reputation.HalfLife)},
	}
	for _, topic := range view.Topics() {
		for _, l := range []string{"en", "zh-TW"} {
			a := r.get(guest.in(l), "/help/"+topic.ID)
			a.says(t, 200)
			checkPage(t, l, a)
			if gap := regexp.MustCompile(`\{[a-zA-Z0-9]+\}|help\.[a-z]+`).FindString(mainOf(a.body)); gap != "" {
				t.Errorf("%s in %s has the gap %s", topic.ID, l, gap)
			}
		}
		r.get(guest, "/help/"+topic.ID).says(t, 200, says[topic.ID]...)
	}
	if a := r.get(guest, "/help/nothing"); a.StatusCode != 404 {
		t.Errorf("no topic: %d", a.StatusCode)
	}
}

// mainOf is a page without its frame, whose attributes have gaps for scripts.
func mainOf(body string) string {
	_, body, _ = strings.Cut(body, "<main")
	body, _, _ = strings.Cut(body, "</main>")
	return body
}

func en(t *testing.T) locale.Printer {
	t.Helper()
	twd, err := money.Lookup("TWD")
	if err != nil {
		t.Fatal(err)
	}
	return locale.New(locale.En, twd, taipei, clock)
}

// TestHelpFollowsTheRules changes what the rules say, and sees every changed number in the words.
func TestHelpFollowsTheRules(t *testing.T) {
	p := &view.Page{Printer: en(t), Site: "haggle"}
	played, err := worked.New(p.Currency, 500)
	if err != nil {
		t.Fatal(err)
	}
	m := view.HelpPage{Played: played, Fee: 500}
	before := p.T("help.auction.3", view.HelpFacts(p, m)...) + p.T("help.auction.5", view.HelpFacts(p, m)...) + p.T("help.fees.1", view.HelpFacts(p, m)...)
	m.Played.Auction.Window, m.Played.Auction.Extend, m.Played.Auction.PayWithin, m.Fee = 7*60e9, 9*60e9, 11*24*3600e9, 725
	after := p.T("help.auction.3", view.HelpFacts(p, m)...) + p.T("help.auction.5", view.HelpFacts(p, m)...) + p.T("help.fees.1", view.HelpFacts(p, m)...)
	for _, want := range []string{"7 minutes", "9 minutes", "11 days", "7.25%"} {
		if !strings.Contains(after, want) || strings.Contains(before, want) {
			t.Errorf("%s: %q, before %q", want, after, before)
		}
	}
	usd, err := money.Lookup("USD")
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, func(d *Deps) { d.Currency = usd })
	r.get(guest, "/help/auctions").says(t, 200, "$ 3,050.00") // the table of the dollar: 3,000 and its own step
}

// TestEveryWayToTradeIsExplained leads from each deal and each form to the page about its way to trade.
func TestEveryWayToTradeIsExplained(t *testing.T) {
	r := newRig(t)
	for page, topic := range map[string]string{
		"/deals/auction": "auctions", "/deals/fixed": "fixed-price", "/deals/request": "requests", "/deals/group": "group-buys",
		"/sell/auction": "auctions", "/sell/fixed": "fixed-price", "/request": "requests", "/group": "group-buys",
	} {
		if a := r.get(member, page); !strings.Contains(a.body, `href="/help/`+topic+`"`) {
			t.Errorf("%s does not lead to %s: %d", page, topic, a.StatusCode)
		}
		r.get(guest, "/help/"+topic).says(t, 200, "An example", "How it works")
	}
	if view.HelpURL(deal.Kind("other")) != "/help" {
		t.Error("an unknown kind leads nowhere")
	}
}

// TestTheOperatorsOwnTexts puts terms in place of ours, in one language.
func TestTheOperatorsOwnTexts(t *testing.T) {
	dir := t.TempDir()
	text := "# Our terms\n\nBe kind. <script>alert(1)</script>\n\n- one\n- two\n"
	if err := os.WriteFile(filepath.Join(dir, "terms.en.md"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	texts, err := ReadTexts(dir)
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, func(d *Deps) { d.Texts, d.Operator, d.Contact = texts, "Market Ltd", "hello@market.example" })
	a := r.get(guest, "/help/terms")
	a.says(t, 200, "Our terms", "Be kind.", "two")
	checkPage(t, "en", a)
	if strings.Contains(a.body, "<script>alert") || strings.Contains(a.body, "This is the template") || strings.Count(a.body, "<h1") != 1 {
		t.Errorf("the operator's text: %s", a.body)
	}
	r.get(guest.in("zh-TW"), "/help/terms").says(t, 200, "這是程式內附的範本", "Market Ltd", "hello@market.example")
	r.get(guest, "/help/privacy").says(t, 200, "This is the template", "Market Ltd")
	newRig(t).get(guest, "/help/terms").says(t, 200, "the operator of this site")

	if _, err := ReadTexts(filepath.Join(dir, "none")); err == nil {
		t.Error("a folder that is not there was read")
	}
	if err := os.WriteFile(filepath.Join(dir, "privacy.en.md"), make([]byte, maxText+1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadTexts(dir); err == nil {
		t.Error("a text without end was read")
	}
}
