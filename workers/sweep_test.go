package workers

import (
	"context"
	"fmt"
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/market"
)

func TestSweepClosesEverythingThatIsDue(t *testing.T) {
	y := newYard(t)
	w := y.workers(nil)
	var due []string
	for range 200 {
		due = append(due, y.auction(time.Hour))
	}
	open := y.auction(3 * time.Hour)
	must(t, w.sweepDeals(t.Context()))
	if s := y.status(due[0]); s != deal.Open {
		t.Fatalf("before its time a deal is %s", s)
	}
	y.later(time.Hour + time.Second)
	begun := time.Now()
	must(t, w.sweepDeals(t.Context()))
	took := time.Since(begun)
	for _, id := range due {
		if s := y.status(id); s != deal.Settled {
			t.Errorf("deal %s is %s", id, s)
		}
	}
	if s := y.status(open); s != deal.Open {
		t.Errorf("the deal that is not due is %s", s)
	}
	if took > 4*time.Second {
		t.Errorf("200 closings took %v", took)
	}
	t.Logf("200 closings took %v", took)
}

// TestTheRelayStandsBackWhileManyClose: and not for ever.
func TestTheRelayStandsBackWhileManyClose(t *testing.T) {
	y := newYard(t)
	w := y.workers(nil)
	now := time.Now()
	for i := range crowd {
		w.closer.enter(fmt.Sprint("d", i))
	}
	if w.relay.aside.stands(now) {
		t.Error("it stands back for a few")
	}
	w.closer.enter("one more")
	if !w.relay.aside.stands(now) || !w.relay.aside.stands(now.Add(standsBack-1)) || w.relay.aside.stands(now.Add(standsBack)) {
		t.Error("it does not stand back for many, or for too long")
	}
	w.closer.leave("one more")
	if w.relay.aside.stands(now.Add(time.Minute)) {
		t.Error("it stands back when the crowd is gone")
	}
	w.closer.enter("one more")
	if !w.relay.aside.stands(now.Add(time.Hour)) {
		t.Error("it does not stand back for the next crowd")
	}
}

// TestFurtherDealsComeBeforeTheCrowdIsGone: a sweep brings the next ones while many are left.
func TestFurtherDealsComeBeforeTheCrowdIsGone(t *testing.T) {
	y := newYard(t)
	w := y.workers(nil)
	for i := range 2*crowd + 2 {
		w.closer.enter(fmt.Sprint("d", i))
	}
	fed := make(chan bool)
	go func() { w.closer.feed(); close(fed) }()
	waits := func() bool {
		select {
		case <-fed:
			return false
		case <-time.After(50 * time.Millisecond):
			return true
		}
	}
	if !waits() {
		t.Fatal("it does not wait for anything")
	}
	if w.closer.leave("d0"); !waits() {
		t.Fatal("it brings more where too many are left")
	}
	if w.closer.leave("d1"); waits() {
		t.Fatal("it waits although there is room")
	}
	if !w.closer.crowded() {
		t.Error("the crowd counts as gone meanwhile")
	}
}

func TestSweepGoesOnWithADecidedDeal(t *testing.T) {
	y := newYard(t)
	w := y.workers(nil)
	id := y.auction(time.Hour)
	y.hook.Store(nil)
	y.later(time.Hour)
	gone := y.config // another process, which is gone when it has decided
	gone.Apart = true
	other := engine.New(gone)
	if closing, err := other.Expire(t.Context(), id); err != nil || !closing {
		t.Fatalf("deciding: %v, %v", closing, err)
	}
	other.Close()
	must(t, w.sweepDeals(t.Context()))
	if s := y.status(id); s != deal.Settled {
		t.Errorf("the decided deal is %s", s)
	}
}

func TestSweepSetsTheAlarmsOfWhatIsNear(t *testing.T) {
	y := newYard(t)
	w := y.workers(nil)
	w.alarms.start()
	near, far := y.auction(time.Hour), y.auction(2*time.Hour)
	y.later(time.Hour - 500*time.Millisecond)
	must(t, w.sweepDeals(t.Context()))
	eventually(t, time.Second, "the near deal is closed by its alarm", func() bool { return y.status(near) == deal.Settled })
	if s := y.status(far); s != deal.Open {
		t.Errorf("the far deal is %s", s)
	}
}

func TestSweepLetsUnpaidPurchasesLapse(t *testing.T) {
	y := newYard(t)
	w := y.workers(nil)
	dealID, orderID := y.purchase()
	y.later(29 * time.Minute)
	must(t, w.sweepOrders(t.Context()))
	if o, err := y.Order(t.Context(), y.buyer, orderID); err != nil || o.Status != "awaiting_payment" {
		t.Fatalf("after 29 minutes the order is %s, %v", o.Status, err)
	}
	y.later(2 * time.Minute)
	for range 2 { // twice changes nothing
		must(t, w.sweepOrders(t.Context()))
	}
	o, err := y.Order(t.Context(), y.buyer, orderID)
	must(t, err)
	d, err := y.Deal(t.Context(), market.Actor{}, dealID)
	must(t, err)
	if o.Status != "cancelled" || d.Left == nil || *d.Left != 2 {
		t.Errorf("the order is %s, the listing has %v pieces left", o.Status, d.Left)
	}
}

// TestSweepGoesOnWhereAWinnerDidNotPay: the order lapses, the next bidder is asked, and his time runs out, by sweeps alone.
func TestSweepGoesOnWhereAWinnerDidNotPay(t *testing.T) {
	y := newYard(t)
	w := y.workers(nil)
	id, other := y.auction(time.Hour), y.member("other")
	_, err := y.PlaceBid(t.Context(), other, market.Key{}, id, market.BidInput{Max: 30000})
	must(t, err)
	y.later(time.Hour)
	must(t, y.CloseDue(t.Context(), id))
	offered := func() bool {
		d, err := y.Deal(t.Context(), y.buyer, id)
		must(t, err)
		return d.Me.SecondChance != nil
	}
	for _, step := range []struct {
		after time.Duration
		want  bool
	}{{4*24*time.Hour - time.Minute, false}, {2 * time.Minute, true}, {60*24*time.Hour - 2*time.Minute, true}, {3 * time.Minute, false}} {
		y.later(step.after)
		for range 2 { // twice changes nothing
			must(t, w.sweepOrders(t.Context()))
		}
		if got := offered(); got != step.want {
			t.Fatalf("after %s more the buyer is offered it: %t", step.after, got)
		}
	}
	rows, err := y.store.Get(t.Context(), market.Chances, "o-"+id+"-2")
	must(t, err)
	if state := rows.Lookup("state").StringValue(); state != string(market.ChanceOver) {
		t.Errorf("it is %s", state)
	}
}

// failsLate is the sandbox's card that is accepted and fails five seconds later.
const failsLate = "4000000000000341"

func TestSweepBooksADepositThatFailedLate(t *testing.T) {
	y := newYard(t)
	w := y.workers(nil)
	_, _, err := y.Deposit(t.Context(), y.buyer, market.Key{}, market.DepositInput{Amount: 100000, Card: failsLate})
	must(t, err)
	must(t, w.sweepMoney(t.Context()))
	if v, err := y.Wallet(t.Context(), y.buyer); err != nil || v.Available != 100000 {
		t.Fatalf("before the failure: %+v, %v", v, err)
	}
	y.later(6 * time.Second)
	for range 2 {
		must(t, w.sweepMoney(t.Context()))
	}
	if v, err := y.Wallet(t.Context(), y.buyer); err != nil || v.Available != 0 {
		t.Errorf("after the failure: %+v, %v", v, err)
	}
	if r, err := y.engine.VerifyLedger(t.Context()); err != nil || !r.OK() {
		t.Errorf("the books: %+v, %v", r.Findings, err)
	}
}

func TestSweepRemovesWhatHasExpired(t *testing.T) {
	y := newYard(t)
	w := y.workers(nil)
	g, err := y.SignIn(t.Context(), market.SignInInput{Email: "buyer@yard.example", Password: "a long password"})
	must(t, err)
	y.later(31 * 24 * time.Hour)
	must(t, w.sweepLitter(t.Context()))
	y.later(-31 * 24 * time.Hour)
	time.Sleep(time.Millisecond)
	if n, err := y.SweepSessions(context.Background(), 10); n != 0 || err != nil {
		t.Errorf("%d sessions are left to remove, %v", n, err)
	}
	if a, err := y.Authenticate(t.Context(), g.Token); err == nil {
		t.Errorf("the removed session is %s's", a.Name)
	}
}
