package acceptance

import "time"

// fixedTrade: Ann lists three notebooks; Cleo takes two before Ben's eyes, who is refused more than is left, takes the last
// and sees nothing left; both pay, the listing ends, both get theirs, and Ann takes the money out to her bank.
func (s *street) fixedTrade() {
	ann, ben, cleo := s.ann, s.ben, s.cleo
	deal := s.openFixed()
	ben.open(deal)
	ben.see("NT$ 500", ben.in("3 of 3 left", "剩 3 件（共 3 件）"))
	ben.ticks()
	cleo.buy(deal, "2", "1,000")
	ben.await(ben.in("1 of 3 left", "剩 1 件（共 3 件）"))
	ben.fill("#f-quantity", "2")
	ben.review()
	ben.refusals++
	ben.see(ben.in("Only 1 left.", "只剩 1 件。"))
	ben.buy(deal, "1", "500")
	ann.await(ann.in("0 of 3 left", "剩 0 件（共 3 件）"))
	ben.pay("500")
	cleo.pay("1,000")
	s.deliver(ann, ben, ben.page())
	s.deliver(ann, cleo, cleo.page())
	ann.open(deal)
	ann.ended(ann.in("Sold for", "成交價"))
	ann.owns("2,092", "0") // 667 from the group, and 1,500 less 5 %: 25 and 50
	ann.fill("#f-amount-out", "2,000")
	ann.press(ann.in("Withdraw", "確定提領"))
	ann.see(ann.in("The withdrawal is on its way.", "提領處理中。"))
	ann.owns("92", "0")
}

// openFixed lists three notebooks for ten minutes.
func (s *street) openFixed() string {
	b := s.ann
	b.open("/sell/fixed")
	b.fill("#f-title", b.in("Blank notebook", "空白筆記本"))
	b.choose("#f-category", "books-fiction")
	b.next()
	b.fill("#f-price", "500")
	b.fill("#f-quantity", "3")
	b.next()
	b.lasting(10 * time.Minute)
	b.next()
	b.press(b.in("List it", "刊登"))
	b.see("NT$ 500", b.in("3 of 3 left", "剩 3 件（共 3 件）"))
	return b.page()
}

// ticks waits until the time left is another: by itself where scripts run, else on a page loaded again.
func (b *browser) ticks() {
	b.t.Helper()
	left := func() string {
		text, _ := evaluate[string](b, `() => document.querySelector('[data-countdown]').innerText`)
		return text
	}
	first, document := left(), b.document()
	between := b.reload
	if b.look.script {
		between = nil
	}
	b.until(func() bool { now := left(); return first != "" && now != "" && now != first }, between, []string{"(another time left than " + first + ")"})
	if b.look.script && b.document() != document {
		b.fatalf("the page was loaded again to count down")
	}
}

// buy buys pieces at a fixed price; it leads to the order.
func (b *browser) buy(deal, pieces, total string) {
	b.t.Helper()
	b.open(deal)
	b.fill("#f-quantity", pieces)
	b.means("NT$ "+total, b.in("You then have 30 minutes to pay.", "接著有 30 分鐘付款。"))
	b.press(b.in("Buy", "確定購買"))
	b.see(b.in("The pieces are yours to pay for.", "已為你保留商品。"))
}

// pay pays the order on the page that is open, from the wallet.
func (b *browser) pay(total string) {
	b.t.Helper()
	b.press(b.in("Pay NT$ "+total, "支付 NT$ "+total))
	b.see(b.in("Paid. The money waits with the site.", "付款成功，款項由平台保管。"))
}
