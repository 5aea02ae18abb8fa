package workers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"haggle/internal/engine"
	"haggle/internal/mail"
	"haggle/internal/market"
	"haggle/internal/money"
	"haggle/internal/order"
	"haggle/internal/store"
)

// postman is a mail server that says what it is told to.
type postman struct {
	mu   sync.Mutex
	say  error
	took []string // ids
}

func (p *postman) Send(_ context.Context, m mail.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.say == nil {
		p.took = append(p.took, m.ID)
	}
	return p.say
}

func (p *postman) answers(err error) { p.mu.Lock(); defer p.mu.Unlock(); p.say = err }

func (p *postman) ids() []string { p.mu.Lock(); defer p.mu.Unlock(); return slices.Clone(p.took) }

func (y *yard) mailing(p *postman) *Workers {
	return y.workers(func(c *Config) {
		c.Mail = p
		c.Compose = func(l market.Letter, _ time.Time) (mail.Message, error) {
			return mail.Message{ID: l.ID, To: l.To, Subject: l.What, Text: l.What}, nil
		}
	})
}

func (y *yard) tally() market.MailTally {
	y.t.Helper()
	t, err := y.MailTally(context.Background())
	must(y.t, err)
	return t
}

// TestBagsFitTheServer holds how many mails are claimed together: more while the server is quick, few when it is not, and no
// more because of a bag that was not full.
func TestBagsFitTheServer(t *testing.T) {
	var b bag
	for i, step := range []struct {
		n    int
		took time.Duration
		want int
	}{
		{mailBag - 1, 0, 10}, {mailBag, 0, 20}, {mailBag, 0, 20}, {20, bagQuick, 40}, {40, 0, 50}, {50, 0, 50},
		{50, bagQuick + 1, 25}, {7, bagFor, 12}, {12, bagFor, 10}, {10, 5 * bagFor, 10}, {10, 0, 20},
	} {
		if b.took(step.n, step.took); b.size() != step.want {
			t.Fatalf("step %d: %d mails in %v make bags of %d, want %d", i, step.n, step.took, b.size(), step.want)
		}
	}
}

// TestBagsDoNotGrowWithoutAServer holds that mails which are refused at once are no sign of a quick server.
func TestBagsDoNotGrowWithoutAServer(t *testing.T) {
	y, p := newYard(t), &postman{}
	w := y.mailing(p)
	for i := range 2 * mailBag {
		y.member(fmt.Sprintf("member%d", i))
	}
	p.answers(errDown)
	must(t, w.sendMail(t.Context()))
	if w.bag.size() != mailBag {
		t.Errorf("the server is down: bags of %d", w.bag.size())
	}
	p.answers(nil)
	y.later(6 * time.Second)
	must(t, w.sendMail(t.Context()))
	if w.bag.size() == mailBag || y.tally().Waiting != 0 {
		t.Errorf("back again: bags of %d, %+v", w.bag.size(), y.tally())
	}
}

// TestMailsWaitWhileManyDealsEnd: and are sent when the crowd is gone.
func TestMailsWaitWhileManyDealsEnd(t *testing.T) {
	y, p := newYard(t), &postman{} // two people registered
	w := y.mailing(p)
	for i := range crowd + 1 {
		w.closer.enter(fmt.Sprint("d", i))
	}
	w.Start(t.Context())
	defer w.Stop()
	time.Sleep(2 * mailEvery)
	if got := p.ids(); len(got) != 0 {
		t.Errorf("sent while many deals end: %v", got)
	}
	for i := range crowd + 1 {
		w.closer.leave(fmt.Sprint("d", i))
	}
	eventually(t, 5*mailEvery, "the mails are sent", func() bool { return len(p.ids()) == 2 })
}

// TestMailIsTriedAgain holds the pauses between tries, that each repeats the id, and that it ends.
func TestMailIsTriedAgain(t *testing.T) {
	y, p := newYard(t), &postman{}
	w := y.mailing(p)
	p.answers(errDown)
	must(t, w.sendMail(t.Context()))
	if got := y.tally(); got.Waiting != 2 || got.Failed != 0 { // two people registered
		t.Fatalf("the server is down: %+v", got)
	}
	p.answers(nil)
	y.later(4 * time.Second)
	must(t, w.sendMail(t.Context()))
	if got := p.ids(); len(got) != 0 {
		t.Errorf("tried again too soon: %v", got)
	}
	y.later(2 * time.Second)
	must(t, w.sendMail(t.Context()))
	must(t, w.sendMail(t.Context()))
	if got := p.ids(); len(got) != 2 || y.tally().Waiting != 0 {
		t.Errorf("back again: %v, %+v", got, y.tally())
	}
	p.answers(mail.Refuse(errors.New("550 nobody")))
	y.member("nobody")
	must(t, w.sendMail(t.Context()))
	if got := y.tally(); got.Waiting != 0 || got.Failed != 1 {
		t.Errorf("refused for good: %+v", got)
	}
	p.answers(errDown)
	y.member("patient")
	tries := 0
	for ; y.tally().Waiting > 0 && tries < 100; tries++ {
		y.later(2*time.Hour + time.Minute)
		must(t, w.sendMail(t.Context()))
	}
	if got := y.tally(); got.Failed != 2 || tries < 10 || tries > 14 {
		t.Errorf("after a day: %+v in %d tries", got, tries)
	}
}

// TestMailAfterACrash takes a mail and dies before it is noted as sent: it is sent again, under the same id, and not before
// the claim is over.
func TestMailAfterACrash(t *testing.T) {
	y, p := newYard(t), &postman{}
	w := y.mailing(p)
	ids, err := y.DueMails(t.Context(), 10)
	must(t, err)
	taken, err := y.TakeMails(t.Context(), ids[0])
	if must(t, err); len(taken) != 1 {
		t.Fatalf("of one: %+v", taken)
	}
	l := taken[0]
	if again, err := y.TakeMails(t.Context(), ids[0]); len(again) > 0 || err != nil {
		t.Errorf("two have it: %v, %v", again, err)
	}
	must(t, w.sendMail(t.Context()))
	if got := p.ids(); len(got) != 1 || slices.Contains(got, l.ID) {
		t.Errorf("sent %v while %s belongs to another", got, l.ID)
	}
	y.later(market.MailClaim + time.Second)
	must(t, w.sendMail(t.Context()))
	if got := p.ids(); len(got) != 2 || got[1] != l.ID {
		t.Errorf("sent %v, want %s again", got, l.ID)
	}
}

// TestTwoSendersSendOnce lets several send the same mails at once.
func TestTwoSendersSendOnce(t *testing.T) {
	y, p := newYard(t), &postman{}
	w := y.mailing(p)
	for i := range 10 {
		y.member(string(rune('a' + i)))
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() { _ = w.sendMail(context.Background()) })
	}
	group.Wait()
	must(t, w.sendMail(t.Context()))
	got := p.ids()
	slices.Sort(got)
	if len(got) != 12 || len(slices.Compact(got)) != 12 {
		t.Errorf("sent %d mails, want each of 12 once: %v", len(p.ids()), p.ids())
	}
}

// TestOneMailKeepsNoOtherUp lets a mail be claimed that no letter can be made of.
func TestOneMailKeepsNoOtherUp(t *testing.T) {
	y, p := newYard(t), &postman{}
	w := y.mailing(p)
	for i := range 20 {
		y.member(string(rune('a' + i)))
	}
	mails := store.NewCollection[market.MailRow](y.store, market.Mails)
	now := y.now().UTC().Truncate(time.Millisecond)
	lost := market.MailRow{ID: "lost", Version: 1, State: market.MailWaiting, What: "ending", Account: y.buyer.Account, At: now, NextAt: &now, Facts: market.Facts{Deal: "nowhere"}}
	must(t, mails.Insert(t.Context(), lost))
	y.later(time.Second)
	must(t, w.sendMail(t.Context()))
	if got := p.ids(); len(got) != 22 || slices.Contains(got, "lost") || y.tally().Waiting != 1 {
		t.Errorf("sent %d, want 22: %v, %+v", len(got), got, y.tally())
	}
}

// TestASlowServerLeavesNoMailBehind stops in the middle of a bag: what was not tried is sent at once by whoever comes next, and
// what was sent is noted.
func TestASlowServerLeavesNoMailBehind(t *testing.T) {
	for name, c := range map[string]struct {
		takes  time.Duration // for each mail
		stops  int           // after so many the process stops; 0 = never
		atMost int
	}{
		"slow":    {bagFor/3 + 50*time.Millisecond, 0, 3 * mailsAtOnce},
		"stopped": {0, 5, 5 + mailsAtOnce},
	} {
		t.Run(name, func(t *testing.T) {
			y, p := newYard(t), &postman{}
			w := y.mailing(p)
			for i := range 48 {
				y.member(fmt.Sprintf("member%d", i))
			}
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			w.cfg.Mail = slowly{p, c.takes, func(sent int) {
				if sent == c.stops {
					stop()
				}
			}}
			due, err := y.DueMails(t.Context(), mailsAtOnce*mailBag)
			must(t, err)
			y.bagsOf(w, ctx, due)
			sent := p.ids()
			if len(sent) == 0 || len(sent) > c.atMost || y.tally().Waiting != int64(50-len(sent)) {
				t.Fatalf("%d of 50 sent, want at most %d: %+v", len(sent), c.atMost, y.tally())
			}
			w.cfg.Mail = p
			must(t, w.sendMail(t.Context()))
			if all := p.ids(); len(all) != 50 || len(slices.Compact(slices.Sorted(slices.Values(all)))) != 50 || y.tally().Waiting != 0 {
				t.Errorf("%d sent in the end: %+v", len(all), y.tally())
			}
		})
	}
}

// bagsOf sends mails in bags beside each other.
func (y *yard) bagsOf(w *Workers, ctx context.Context, ids []string) {
	var group sync.WaitGroup
	var row failures
	for bag := range slices.Chunk(ids, mailBag) {
		group.Go(func() { w.sendBag(ctx, bag, &row) })
	}
	group.Wait()
}

// slowly is a mail server that takes its time, and tells how many it has taken.
type slowly struct {
	*postman
	takes time.Duration
	tell  func(sent int)
}

func (s slowly) Send(ctx context.Context, m mail.Message) error {
	time.Sleep(s.takes)
	err := s.postman.Send(ctx, m)
	s.tell(len(s.ids()))
	return err
}

// TestNewsIsOneMail derives the mails of a deal and an order again and again.
func TestNewsIsOneMail(t *testing.T) {
	y, p := newYard(t), &postman{}
	y.mailing(p)
	before := y.tally().Waiting
	auction := y.auction(time.Hour)
	other := y.member("other")
	_, err := y.PlaceBid(t.Context(), other, market.Key{}, auction, market.BidInput{Max: 50000})
	must(t, err)
	_, orderID := y.purchase()
	_, _, err = y.StepOrder(t.Context(), y.buyer, market.Key{}, orderID, "pay", market.OrderInput{Method: "wallet"})
	if err == nil {
		t.Fatal("paid without money")
	}
	_, _, err = y.Deposit(t.Context(), y.buyer, market.Key{}, market.DepositInput{Amount: 100000, Card: "4242424242424242"})
	must(t, err)
	_, _, err = y.StepOrder(t.Context(), y.buyer, market.Key{}, orderID, "pay", market.OrderInput{Method: "wallet"})
	must(t, err)
	for range 3 {
		d, err := y.engine.Deal(t.Context(), auction)
		must(t, err)
		told(t, y, d)
		o, err := y.engine.Order(t.Context(), orderID)
		must(t, err)
		must(t, y.MailOrders(t.Context(), []order.Order{o, o}))
		told(t, y, engine.Deal{ID: auction, Kind: d.Kind, Status: d.Status}) // read before anything was written
	}
	if got := y.tally().Waiting - before; got != 3 { // the newcomer's address, who was outbid, what was paid
		t.Errorf("%d mails, want 3", got)
	}
}

func told(t *testing.T, y *yard, deals ...engine.Deal) {
	t.Helper()
	for id, err := range y.MailDeals(t.Context(), deals) {
		t.Errorf("telling of deal %s: %v", id, err)
	}
}

// TestABusyDealIsToldOfNowAndThen: what happens a moment after a deal was told of waits, and is not forgotten.
func TestABusyDealIsToldOfNowAndThen(t *testing.T) {
	y, p := newYard(t), &postman{}
	w := y.mailing(p)
	auction := y.auction(time.Hour)
	a, b := y.member("first"), y.member("second")
	tell := func() {
		d, err := y.engine.Deal(t.Context(), auction)
		must(t, err)
		told(t, y, d)
	}
	tell()
	before := y.tally().Waiting
	for i, who := range []market.Actor{a, b} {
		_, err := y.PlaceBid(t.Context(), who, market.Key{}, auction, market.BidInput{Max: money.Amount(100_000 * (i + 1))})
		must(t, err)
		tell()
		must(t, w.writeNews(t.Context()))
	}
	if got := y.tally().Waiting - before; got != 0 {
		t.Errorf("%d mails at once", got)
	}
	y.later(5 * time.Second)
	must(t, w.writeNews(t.Context()))
	if got := y.tally().Waiting - before; got == 0 {
		t.Error("the news is forgotten")
	}
	must(t, w.writeNews(t.Context()))
}

// TestManyTellOfOneDeal: several processes that tell of a deal at once do not fail.
func TestManyTellOfOneDeal(t *testing.T) {
	y, p := newYard(t), &postman{}
	y.mailing(p)
	auction := y.auction(time.Hour)
	d, err := y.engine.Deal(t.Context(), auction)
	must(t, err)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() { told(t, y, d) })
	}
	all.Wait()
}
