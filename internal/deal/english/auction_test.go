package english

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/dealtest"
	"haggle/internal/fault"
	"haggle/internal/money"
	"haggle/internal/testenv"
)

// TestMain lets HAGGLE_RAPID_CHECKS say how many random auctions each property is held against (default 1000).
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", strconv.Itoa(testenv.Checks(1000))); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	os.Exit(m.Run())
}

// auction is a deal under test in the words of an auction.
type auction struct {
	*dealtest.Deal
	t dealtest.T
}

// dollars opens an auction in USD for a day.
func dollars(t dealtest.T, terms Terms) auction {
	t.Helper()
	return auctionIn(t, "USD", terms, 24*time.Hour)
}

func auctionIn(t dealtest.T, currency string, terms Terms, length time.Duration) auction {
	t.Helper()
	return auction{dealtest.New(t, New(), &terms, dealtest.Options{Currency: currency, Length: length}), t}
}

func (a auction) state() State { return *a.State().(*State) }

func (a auction) terms() *Terms { return a.Frame().Terms.(*Terms) }

// left puts the clock to where so much time is left.
func (a auction) left(d time.Duration) { a.WaitUntil(a.ClosesAt().Add(-d)) }

func (a auction) try(account string, maximum money.Amount, related ...string) (deal.Effects, error) {
	a.t.Helper()
	return a.Submit(deal.Entry{Account: account, Act: deal.Bid, Values: Bid{Max: maximum}, Related: related})
}

func (a auction) bid(account string, maximum money.Amount, related ...string) deal.Effects {
	a.t.Helper()
	fx, err := a.try(account, maximum, related...)
	if err != nil {
		a.t.Fatalf("%s bids %d: %v", account, maximum, err)
	}
	return fx
}

func (a auction) retract(account string) error {
	_, err := a.Submit(deal.Entry{Account: account, Act: deal.Retract, Reason: deal.Typo})
	return err
}

func (a auction) cancelBid(of string, r deal.Reason) error {
	_, err := a.Submit(deal.Entry{Account: dealtest.Owner, Act: deal.CancelBid, Reason: r, Values: CancelBid{Pseudonym: of}})
	return err
}

func (a auction) buy(account string) error {
	_, err := a.Enter(account, deal.Buy, Buy{})
	return err
}

func (a auction) endEarly() error {
	_, err := a.Enter(dealtest.Owner, deal.EndEarly, nil)
	return err
}

func (a auction) cancel(account string, r deal.Reason) error {
	_, err := a.Submit(deal.Entry{Account: account, Act: deal.Cancel, Reason: r})
	return err
}

// stands fails unless an account leads at a price; "" and 0 where nobody does.
func (a auction) stands(leader string, price money.Amount) {
	a.t.Helper()
	if s := a.state(); s.Leader != leader || s.Standing != price {
		a.t.Fatalf("%q leads at %d, want %q at %d", s.Leader, s.Standing, leader, price)
	}
}

// verified closes the auction and has its log recomputed.
func (a auction) verified() deal.Outcome {
	a.t.Helper()
	out := a.Close()
	if err := a.Verify(); err != nil {
		a.t.Fatalf("its own log: %v\n%s", err, a.Log())
	}
	return out
}

// must stops at an error.
func must(t dealtest.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v", err)
	}
}

// refused wants a refusal with a code and gives its parameters.
func refused(t dealtest.T, err error, want fault.Code) fault.Params {
	t.Helper()
	if !fault.Is(err, want) {
		t.Fatalf("got %v, want %s", err, want)
	}
	return fault.From(err).Params
}
