package acceptance

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestBrowserTrades walks one trade of each kind on telephones: three people, each in a browser of their own, who see
// each other's moves without loading a page again.
func TestBrowserTrades(t *testing.T) {
	t.Parallel()
	s := newStreet(t, look{lang: "en", width: phone, script: true})
	s.auction()
	s.openRequest()
	s.chosenRequest()
	s.group()
	s.fixedTrade()
	s.end()
}

// TestWithoutJavaScript walks the same trades in Chinese, through the plain forms.
func TestWithoutJavaScript(t *testing.T) {
	t.Parallel()
	s := newStreet(t, look{lang: "zh-TW", width: phone})
	s.auction()
	s.openRequest()
	s.chosenRequest()
	s.group()
	s.fixedTrade()
	s.end()
}

// street is a market and three people before it.
type street struct {
	t              *testing.T
	m              *market
	ann, ben, cleo *browser
}

func newStreet(t *testing.T, l look) *street {
	chromium := chromium(t)
	m := start(t)
	s := &street{t: t, m: m, ann: m.browser(chromium, "ann", l), ben: m.browser(chromium, "ben", l), cleo: m.browser(chromium, "cleo", l)}
	for _, b := range []*browser{s.ann, s.ben, s.cleo} {
		b.signUp()
		if got := b.scripted(); got != l.script {
			t.Fatalf("the site's scripts run: %v, want %v", got, l.script)
		}
	}
	s.ben.deposit()
	s.cleo.deposit()
	return s
}

// end looks at what the trades left: no page complained, and the books balance.
func (s *street) end() {
	for _, b := range []*browser{s.ann, s.ben, s.cleo} {
		b.quiet()
	}
	s.m.balanced()
}

func (b *browser) signUp() {
	b.t.Helper()
	b.open("/sign-up")
	b.fill("#f-name", b.who)
	b.fill("#f-email", b.who+"@haggle.test")
	b.fill("#f-password", password)
	b.press(b.in("Open the account", "建立帳號"))
	b.see(b.in("Welcome. Your account can trade at once.", "歡迎！你的帳號馬上可以交易。"))
}

// scripted says whether the site's scripts run: they mark a form that was sent. Nothing is sent here.
func (b *browser) scripted() bool {
	b.t.Helper()
	marked, err := evaluate[bool](b, `() => {
    const form = document.querySelector('form[method=post]');
    form.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
    const marked = 'sent' in form.dataset;
    delete form.dataset.sent;
    return marked;
  }`)
	if err != nil {
		b.fatalf("no form: %v", err)
	}
	return marked
}

// deposit puts NT$ 20,000 into the wallet.
func (b *browser) deposit() {
	b.t.Helper()
	b.open("/wallet")
	b.fill("#f-amount", "20,000")
	b.fill("#f-card", "4242 4242 4242 4242")
	b.press(b.in("Add it", "確定存入"))
	b.see(b.in("The money is in your wallet.", "款項已存入錢包。"))
	b.owns("20,000", "0")
}

// owns looks into the wallet: free money, and held money.
func (b *browser) owns(available, held string) {
	b.t.Helper()
	b.open("/wallet")
	b.see(b.in("Available", "可用餘額")+" NT$ "+available+" ", b.in("Held", "款項保留")+" NT$ "+held+" ")
}

// longest is the longest that a deal of these tests may run.
const longest = 45 * time.Second

// soon is a time that is enough for some pages, as fast as this machine has shown them so far, and for the waits between.
func (b *browser) soon(pages int) time.Duration {
	each := b.loading / time.Duration(b.loads)
	return min(10*time.Second+2*time.Duration(pages)*each, longest).Truncate(time.Second)
}

// means looks at what an act would mean before doing it.
func (b *browser) means(sentences ...string) {
	b.t.Helper()
	b.review()
	b.see(sentences...)
}

// auction: Ann lists a camera with a photo, Ben bids, Cleo bids more, Ben sees it and is refused too small a bid; it
// ends on time, is paid, sent and confirmed, and Ann has her money.
func (s *street) auction() {
	deal := s.openAuction()
	s.ben.bid(deal, "2,000")
	s.ben.see(s.ben.in("You lead at NT$ 1,000. You pay at most NT$ 2,000.", "目前由你領先，出價 NT$ 1,000；你最多付 NT$ 2,000。"))
	s.cleo.bid(deal, "3,000")
	s.cleo.see(s.cleo.in("You lead at NT$ 2,050. You pay at most NT$ 3,000.", "目前由你領先，出價 NT$ 2,050；你最多付 NT$ 3,000。"))
	s.ben.await(s.ben.in("Now NT$ 2,050", "目前價格 NT$ 2,050"),
		s.ben.in("Someone's maximum is higher. Next bid: NT$ 2,100 or more.", "有人的最高出價比你高。再出價至少 NT$ 2,100。"))
	s.ben.fill("#f-max", "2,060")
	s.ben.review()
	s.ben.refusals++
	s.ben.see(s.ben.in("NT$ 2,100 or more.", "至少 NT$ 2,100。"))
	s.ben.open(deal)
	s.cleo.ended(s.cleo.in("You won at NT$ 2,050.", "恭喜得標，得標價 NT$ 2,050。"))
	s.ben.ended(s.ben.in("Somebody else won. Nothing was charged.", "由其他人得標，你沒有被扣款。"))
	s.cleo.press(s.cleo.in("To your order", "看你的訂單"))
	s.cleo.press(s.cleo.in("Pay NT$ 2,050", "支付 NT$ 2,050"))
	s.cleo.see(s.cleo.in("Paid. The money waits with the site.", "付款成功，款項由平台保管。"))
	s.deliver(s.ann, s.cleo, s.cleo.page())
	s.ann.owns("1,947", "0") // 5 % of 2,050 is 102.5: half up to a whole dollar
	s.cleo.owns("17,950", "0")
}

// openAuction lists a camera, with a photo, for as long as the bids will take, and gives the address of its page.
func (s *street) openAuction() string {
	b := s.ann
	b.open("/sell/auction")
	b.fill("#f-title", b.in("Film camera", "底片相機"))
	b.choose("#f-category", "electronics-cameras")
	b.attach("#f-photos", photo(s.t))
	b.uploaded(1)
	b.next()
	b.fill("#f-startPrice", "1,000")
	b.next()
	b.tick("input[name=hardClose]")
	b.lasting(b.soon(9))
	b.next()
	b.press(b.in("Open the auction", "開始競標"))
	b.see(b.in("Starts at NT$ 1,000", "起標價 NT$ 1,000"))
	b.until(func() bool {
		shown, _ := evaluate[bool](b, `() => document.querySelector('.gallery img').naturalWidth > 300`)
		return shown
	}, nil, []string{"(the photo)"})
	return b.page()
}

// next goes on to the next step of a form.
func (b *browser) next() {
	b.t.Helper()
	b.press(b.in("Next", "下一步"))
}

// uploaded waits for photos that a script sends as they are chosen; without it they go with the form.
func (b *browser) uploaded(n int) {
	b.t.Helper()
	if !b.look.script {
		return
	}
	b.until(func() bool {
		got, _ := evaluate[int](b, `() => document.querySelectorAll('[data-photo]').length`)
		return got == n
	}, nil, []string{"(the photos)"})
}

// TestPhotoChosenBeforeTheScript: somebody is quicker than the script that sends photos; it sends them as it comes.
func TestPhotoChosenBeforeTheScript(t *testing.T) {
	t.Parallel() // it waits most of the time
	chromium := chromium(t)
	b := start(t).browser(chromium, "ann", look{lang: "en", width: phone, script: true})
	b.signUp()
	b.cold() // nothing kept, and no service worker that has the script already
	goOn := b.holdUp("*/photos*.js")
	b.open("/sell/auction")
	b.attach("#f-photos", photo(t))
	goOn()
	b.uploaded(1)
	b.quiet()
}

// photo is a picture of nothing much.
func photo(t *testing.T) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 400, 300))
	for i := range 400 * 300 {
		img.Set(i%400, i/400, color.RGBA{R: uint8(i % 400 / 2), G: uint8(i / 1200), B: 90, A: 255})
	}
	path := filepath.Join(t.TempDir(), "camera.png")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	return path
}

// bid bids a maximum.
func (b *browser) bid(deal, maximum string) {
	b.t.Helper()
	b.open(deal)
	b.fill("#f-max", maximum)
	b.means(b.in("You pay at most NT$ "+maximum+".", "你最多付 NT$ "+maximum+"。"))
	b.press(b.in("Place the bid", "確定出價"))
	b.see(b.in("Your bid stands.", "出價成功。"))
}

// deliver sends a paid order, and its buyer confirms it.
func (s *street) deliver(seller, buyer *browser, order string) {
	s.t.Helper()
	seller.open(order)
	seller.fill("#f-tracking", "TW123456789")
	seller.press(seller.in("I have shipped it", "已出貨"))
	seller.see(seller.in("Noted. The buyer has been told.", "已記錄出貨，並通知買家。"))
	buyer.open(order)
	buyer.see("TW123456789")
	buyer.press(buyer.in("Confirm receipt", "確認收貨"))
	buyer.see(buyer.in("Done. The seller is paid.", "已完成，款項已撥給賣家。"))
}

// openRequest: Ben wants a lamp for at most 800, Ann finds his request by its words; Ann and Cleo go down against each
// other and see their ranks.
func (s *street) openRequest() {
	b := s.ben
	b.open("/request")
	b.fill("#f-title", b.in("Desk lamp wanted", "徵求檯燈"))
	b.choose("#f-category", "home-lighting")
	b.next()
	b.fill("#f-namedPrice", "800")
	b.next()
	b.next()
	b.press(b.in("Open the request", "送出徵求"))
	b.see(b.in("Funded: NT$ 800 is held already; the seller who wins is paid out of it.", "買家款項 NT$ 800 已保留，得標賣家由此收款。"))
	s.ann.open("/search?q=" + b.in("lamp", "檯燈"))
	s.ann.comes(b.in("Desk lamp wanted", "徵求檯燈")) // the search follows within seconds
	s.ann.press(b.in("Desk lamp wanted", "徵求檯燈"))
	s.ann.quote("780")
	s.ann.see(b.in("Your quote of NT$ 780 ranks number 1.", "你的報價 NT$ 780 目前排第 1 名。"))
	s.cleo.open(b.page())
	s.cleo.quote("760")
	s.cleo.see(b.in("Your quote of NT$ 760 ranks number 1.", "你的報價 NT$ 760 目前排第 1 名。"))
	s.ann.await(b.in("Your quote of NT$ 780 ranks number 2.", "你的報價 NT$ 780 目前排第 2 名。"))
	b.await(b.in("2 quotes", "2 個報價"), "NT$ 760")
}

// quote offers a price on the page that is open.
func (b *browser) quote(price string) {
	b.t.Helper()
	b.fill("#f-unitPrice", price)
	b.means(b.in("You offer to sell at NT$ "+price+" each.", "你願以單價 NT$ "+price+" 出售。"))
	b.press(b.in("Send the quote", "確定報價"))
	b.see(b.in("Your quote stands.", "報價成功。"))
}

// chosenRequest: Cleo wants a shelf, Ann quotes, Cleo picks her quote; what it costs less than what was held comes back.
func (s *street) chosenRequest() {
	b := s.cleo
	b.open("/request")
	b.fill("#f-title", b.in("Shelf wanted", "徵求書架"))
	b.choose("#f-category", "home-lighting")
	b.next()
	b.fill("#f-namedPrice", "900")
	b.tick("input[name=rule][value=choice]")
	b.next()
	b.next()
	b.press(b.in("Open the request", "送出徵求"))
	b.see(b.in("Funded: NT$ 900 is held already; the seller who wins is paid out of it.", "買家款項 NT$ 900 已保留，得標賣家由此收款。"))
	s.ann.open(b.page())
	s.ann.quote("850")
	b.open(b.page())
	b.press(b.in("Choose", "選這個"))
	b.ended(b.in("Awarded at NT$ 850", "決標價 NT$ 850"))
	s.ann.ended(b.in("Your quote was accepted: 1 piece at NT$ 850.", "你的報價獲選：1 件，單價 NT$ 850。"))
	b.owns("17,100", "0")
}

// group: Cleo starts a group, Ann and Ben join; the price falls before Ann's eyes. The last pieces fill the cap, it closes,
// everybody pays the same, and what was held too much is free again.
func (s *street) group() {
	deal := s.openGroup()
	s.ann.pledge(deal, "2")
	s.ann.see(s.ann.in("Price now NT$ 720", "目前單價 NT$ 720"), s.ann.in("2 more → NT$ 640 for everyone.", "再 2 份，全團每份 NT$ 640。"),
		s.ann.in("2 of these pieces are yours.", "其中 2 份是你的。"))
	s.ben.pledge(deal, "2")
	s.ann.await(s.ann.in("Price now NT$ 640", "目前單價 NT$ 640"), s.ann.in("The lowest price is reached.", "已達最低單價。"))
	s.ben.fill("#f-quantity", "3")
	s.ben.means(s.ben.in("NT$ 2,160 is held until", "保留款項 NT$ 2,160 至"))
	s.ben.press(s.ben.in("Change my part", "變更我的份數"))
	s.ann.ended(s.ann.in("The group went ahead: 5 pieces at NT$ 640 each, the same for everyone.", "成團：共 5 份，全團單價 NT$ 640。"),
		s.ann.in("You get 2 pieces at NT$ 640 each: NT$ 1,280 in all.", "你分到 2 份，單價 NT$ 640，共 NT$ 1,280。"))
	s.ben.ended(s.ben.in("You get 3 pieces at NT$ 640 each: NT$ 1,920 in all.", "你分到 3 份，單價 NT$ 640，共 NT$ 1,920。"))
	s.cleo.ended(s.cleo.in("The group went ahead", "成團："))
	s.ann.owns("667", "0")
	s.ben.owns("17,280", "800") // what is held is for his lamp
	s.ann.open(deal)
	s.ann.press(s.ann.in("To your order", "看你的訂單"))
	s.deliver(s.cleo, s.ann, s.ann.page())
}

// openGroup starts a group of two steps that five pieces fill.
func (s *street) openGroup() string {
	b := s.cleo
	b.open("/group")
	b.fill("#f-title", b.in("Oolong tea", "凍頂烏龍茶"))
	b.choose("#f-category", "food-tea")
	b.next()
	b.fill("#f-from0", "2")
	b.fill("#f-unitPrice0", "720")
	b.fill("#f-from1", "4")
	b.fill("#f-unitPrice1", "640")
	b.fill("#f-cap", "5")
	b.next()
	b.next()
	b.press(b.in("Start the group", "開團"))
	b.see(b.in("Goes ahead at NT$ 720", "成團價 NT$ 720"))
	return b.page()
}

// pledge joins a group with some pieces.
func (b *browser) pledge(deal, pieces string) {
	b.t.Helper()
	b.open(deal)
	b.fill("#f-quantity", pieces)
	b.means(b.in("If the group fails you get everything back that minute.", "若未成團，當下全額退回。"))
	b.press(b.in("Join the group", "確定跟團"))
	b.see(b.in("You are in.", "跟團成功。"))
}
