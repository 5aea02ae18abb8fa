package web

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/ledger"
	"haggle/internal/market"
	"haggle/internal/money"
	"haggle/internal/order"
	"haggle/web/locale"
	"haggle/web/view"
)

// TestEveryMessageIsThere reads the keys out of the sources, so that a key without words is found before it is shown.
func TestEveryMessageIsThere(t *testing.T) {
	call := regexp.MustCompile(`\b(?:T|N|Or)\("([a-zA-Z]+(?:\.[a-zA-Z_-]+)+)"[,)]|[^a-zA-Z]Or\([^)]*, "([a-z]+\.[a-z]+)"\)`)
	found := 0
	for _, pattern := range []string{"*.go", "view/*.templ", "view/*.go", "locale/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_templ.go") {
				continue
			}
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range call.FindAllStringSubmatch(string(src), -1) {
				found++
				if k := m[1] + m[2]; !locale.Has(locale.En, k) {
					t.Errorf("%s says %s, which has no words", name, k)
				}
			}
		}
	}
	if found < 300 {
		t.Errorf("only %d messages were found in the sources", found)
	}
}

// built lists the messages whose key is put together from a word of the market.
func built() []string {
	var keys []string
	add := func(prefix string, words ...string) {
		for _, w := range words {
			keys = append(keys, prefix+w)
		}
	}
	kinds := []string{"english", "fixed", "request", "group"}
	tones := []string{"auction", "fixed", "request", "group"}
	add("kind.", kinds...)
	add("door.", "sell", "name", "together", "browse")
	add("lane.", kinds...)
	for _, prefix := range []string{"act.", "act.title.", "act.guest.", "deal.by.", "own.won.", "own.lost.", "owner.open.", "cancel.rule.", "price.sold.", "open."} {
		add(prefix, tones...)
	}
	for _, tone := range tones {
		add("open."+tone, ".what", ".place")
	}
	for _, door := range []string{"sell", "name", "together", "browse"} {
		add("door."+door, ".what")
	}
	add("condition.", view.Conditions()...)
	add("delivery.", view.Deliveries()...)
	add("sort.", view.Sorts()...)
	add("scope.", view.Scopes()...)
	add("status.", "draft", "open", "clearing", "settled", "failed", "cancelled")
	add("order.byItself.", "awaiting_payment", "paid", "shipped", "delivered")
	add("group.fee.", "piece", "member", "bill")
	add("outcome.to.", tones...)
	add("act.preview.", "bid", "buy", "quote", "pledge")
	add("price.each.", "group")
	add("outcome.failed.", "no_entries.auction")
	add("wallet.for.", "held", "escrow", "incoming")
	add("order.stage.", "pay", "ship", "receive", "done")
	add("pass.what.", tones...)
	add("why.", "auction", "fixed", "group")
	for _, prefix := range []string{"why.request.", "rule.", "terms.rule.", "quote.rule.", "preview.quote."} {
		add(prefix, view.Rules()...)
	}
	add("allocation.", view.Allocations()...)
	add("terms.allocation.", view.Allocations()...)
	add("dropOut.", view.DropOuts()...)
	for _, r := range deal.Reasons() {
		add("reason.", string(r))
	}
	add("history.closed.", "sold", "failed", "cancelled")
	for _, tab := range view.MyTabs() {
		add("my."+tab, "", ".empty", ".do")
	}
	add("mail.alarm.", "password", "second", "added", "removed", "codes")
	return append(keys, ordersBuilt()...)
}

func ordersBuilt() []string {
	var keys []string
	add := func(prefix string, words ...string) {
		for _, w := range words {
			keys = append(keys, prefix+w)
		}
	}
	for _, act := range view.OrderActs() {
		add("order.rule.", act)
		add("order.button.", act)
		add("done.", act)
	}
	statuses := []order.Status{order.AwaitingPayment, order.Paid, order.Shipped, order.Delivered, order.Completed, order.Cancelled, order.Disputed, order.Returned, order.Refunded}
	for _, s := range statuses {
		add("order.status.", string(s))
		add("order.line."+string(s), ".buyer", ".seller")
	}
	for _, act := range []order.Act{order.Begin, order.Pay, order.Ship, order.Deliver, order.Confirm, order.Cancel, order.Dispute, order.Resolve, order.Return, order.Refund, order.Extend, order.Lapse, order.Complete} {
		add("order.step.", string(act))
	}
	add("order.do.", "pay", "ship", "confirm")
	add("order.until.", "pay", "paySeller", "ship", "shipSeller", "auto")
	add("order.by.", "buyer", "seller", "site", "moderator")
	add("feedback.", view.SubScores()...)
	add("role.", "seller", "buyer", "organiser", "member")
	add("why.", "counted", "pair_week", "related", "removed")
	for _, r := range []ledger.Reason{ledger.Deposited, ledger.DepositFailed, ledger.Withdrawn, ledger.WithdrawFailed, ledger.HoldPlaced, ledger.HoldRaised, ledger.HoldLowered,
		ledger.HoldReleased, ledger.Captured, ledger.Paid, ledger.PaidByCard, ledger.PaidOut, ledger.Refunded, ledger.ClawedBack, ledger.CardPaymentBack} {
		add("ledger.", string(r))
	}
	add("done.", "open", "bid", "buy", "quote", "pledge", "award", "withdraw", "retract", "cancel_bids", "end_early", "cancel", "chance_taken", "chance_declined", "feedback", "deposit", "deposit_pending",
		"withdrawal", "withdrawal_pending", "sign_up", "profile", "password", "session", "token_revoked", "link", "unlink", "passkey", "passkey_removed", "two_factor_off", "blocked", "unblocked")
	return keys
}

func TestEveryWordOfTheMarketHasWords(t *testing.T) {
	for _, k := range built() {
		if !locale.Has(locale.En, k) {
			t.Errorf("%s has no words", k)
		}
	}
	for _, list := range [][2][]string{{view.Conditions(), market.Conditions()}, {view.Deliveries(), market.Deliveries()}} {
		if !slices.Equal(list[0], list[1]) {
			t.Errorf("pages offer %q, the market takes %q", list[0], list[1])
		}
	}
}

func TestEveryRefusalHasWords(t *testing.T) {
	for _, m := range fault.Table() {
		key := "error." + string(m.Code)
		if !locale.Has(locale.En, key) {
			t.Errorf("%s has no words", m.Code)
			continue
		}
		names := locale.Placeholders(locale.En, key)
		for _, n := range names {
			if !slices.Contains(m.Params, n) {
				t.Errorf("%s says {%s}, which the refusal does not carry", m.Code, n)
			}
		}
		if len(names) > 0 && (!locale.Has(locale.En, key+".plain") || len(locale.Placeholders(locale.En, key+".plain")) > 0) {
			t.Errorf("%s has no wording without its numbers", m.Code)
		}
	}
}

func TestRefusalsAreWorded(t *testing.T) {
	twd, err := money.Lookup("TWD")
	if err != nil {
		t.Fatal(err)
	}
	p := locale.New(locale.En, twd, taipei, clock)
	for _, c := range []struct {
		f    *fault.Error
		want string
	}{
		{fault.New(fault.CodeBelowMinimum, fault.Params{"minimum": int64(265000)}), "NT$\u00a02,650 or more."},
		{fault.New(fault.CodeBelowMinimum, fault.Params{"minimum": money.Amount(265000)}), "NT$\u00a02,650 or more."},
		{fault.New(fault.CodeBelowMinimum, nil), "Too low."},
		{fault.New(fault.CodeLimit, fault.Params{"limit": 5, "until": "2026-11-25T00:00:00.000Z"}), "The limit of 5 is reached. It opens again at Nov 25, 08:00."},
		{fault.New(fault.CodeLimit, fault.Params{"limit": 5}), "A limit on tries is reached."},
		{fault.New(fault.CodeWithdrawalLocked, fault.Params{"lockedFrom": clock}), "Too late: this was possible until Nov 24, 22:03."},
		{fault.New("nonsense", nil), "Something broke on our side. Nothing was lost; try again."},
	} {
		if got := wording(p, c.f); got != c.want {
			t.Errorf("%v: %q, want %q", c.f, got, c.want)
		}
	}
}
