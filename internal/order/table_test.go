package order

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"haggle/internal/fault"
)

// promises say, status by status, who may do what at noon, when nothing is due yet, and where it leads. What is not
// here is refused.
var promises = map[Status]map[string]Status{
	AwaitingPayment: {"buyer pay": Paid, "site pay": Paid, "buyer cancel": Cancelled, "moderator cancel": Cancelled},
	Paid: {"seller ship": Shipped, "seller cancel": Cancelled, "moderator cancel": Cancelled, "buyer dispute": Disputed,
		"seller refund": Refunded, "moderator refund": Refunded},
	Shipped: {"site deliver": Delivered, "buyer confirm": Completed, "buyer extend": Shipped, "buyer dispute": Disputed, "buyer return": Returned,
		"seller refund": Refunded, "moderator refund": Refunded},
	Delivered: {"buyer confirm": Completed, "buyer extend": Delivered, "buyer dispute": Disputed, "buyer return": Returned,
		"seller refund": Refunded, "moderator refund": Refunded},
	Completed: {"buyer dispute": Disputed, "seller refund": Refunded, "moderator refund": Refunded},
	Cancelled: {},
	Disputed:  {"buyer return": Returned, "moderator resolve": Completed, "seller refund": Refunded, "moderator refund": Refunded},
	Returned:  {"moderator resolve": Completed, "seller refund": Refunded, "moderator refund": Refunded},
	Refunded:  {},
}

// marks are what the steps among the promises say about a side; the others say nothing.
var marks = map[string]Mark{"awaiting_payment buyer cancel": BuyerUnpaid, "paid seller cancel": SellerCancelled}

func TestEveryStatusActAndSide(t *testing.T) {
	for status, reach := range paths {
		for _, by := range everySide {
			var can []Act
			for _, act := range everyAct {
				to, ok := promises[status][fmt.Sprint(by, " ", act)]
				checkStep(t, reach(t), act, by, to, ok)
				if ok {
					can = append(can, act)
				}
			}
			got := Can(reach(t), by, noon)
			slices.Sort(got)
			slices.Sort(can)
			if !slices.Equal(got, can) {
				t.Errorf("%s: %q can %v, want %v", status, by, got, can)
			}
		}
	}
}

// checkStep holds one step: where it leads, or that it is refused, by the right name, and nothing else happened.
func checkStep(t *testing.T, o Order, act Act, by Side, to Status, ok bool) {
	t.Helper()
	next, moves, err := Step(o, act, by, noon, Args{Reason: "why"})
	switch what := fmt.Sprintf("%s: %s by %q", o.Status, act, by); {
	case ok && (err != nil || next.Status != to || next.Version != o.Version+1):
		t.Errorf("%s leads to %s, version %d, %v; want %s", what, next.Status, next.Version, err, to)
	case ok:
		want := Event{At: noon, Act: act, By: by, Status: to, Reason: "why", Amount: givenBack(moves), Mark: marks[fmt.Sprint(o.Status, " ", by, " ", act)]}
		if n := len(next.Timeline); n != len(o.Timeline)+1 || next.Timeline[n-1] != want {
			t.Errorf("%s ends the timeline with %+v, want %+v", what, next.Timeline[n-1], want)
		}
	case !slices.Contains(sides(act), by) && !fault.Is(err, fault.CodeForbidden):
		t.Errorf("%s is answered %v, want forbidden", what, err)
	case slices.Contains(sides(act), by) && (!fault.Is(err, fault.CodeConflict) || fault.From(err).Params["status"] != string(o.Status)):
		t.Errorf("%s is answered %v, want conflict with the status", what, err)
	case moves != nil || !reflect.DeepEqual(next, o):
		t.Errorf("%s is refused and yet changes the order", what)
	}
}

func TestEveryPromiseHasItsStatus(t *testing.T) {
	if !slices.Equal(slices.Sorted(maps.Keys(paths)), slices.Sorted(maps.Keys(promises))) {
		t.Error("paths and promises name different statuses")
	}
}

// TestTheClockDecides tries steps a millisecond before their time and at it, from an order that waits since noon.
func TestTheClockDecides(t *testing.T) {
	for name, c := range map[string]struct {
		from  Status
		first []func(Order) (Order, []Move, error)
		act   Act
		by    Side
		after time.Duration
		opens bool // refused before, allowed from then on; else the other way round
	}{
		"payment ends when it is due":              {from: AwaitingPayment, act: Pay, by: Buyer, after: 4 * day},
		"so does taking it back":                   {from: AwaitingPayment, act: Cancel, by: Buyer, after: 4 * day},
		"an unpaid order lapses then":              {from: AwaitingPayment, act: Lapse, by: Site, after: 4 * day, opens: true},
		"unshipped for three business days":        {from: Paid, act: Cancel, by: Buyer, after: 5 * day, opens: true}, // Thu, Fri, Mon
		"completes 14 days after shipping":         {from: Shipped, act: Complete, by: Site, after: 14 * day, opens: true},
		"completes 7 days after delivery":          {from: Delivered, act: Complete, by: Site, after: 7 * day, opens: true},
		"no extension of what is over, shipped":    {from: Shipped, act: Extend, by: Buyer, after: 14 * day},
		"no extension of what is over, delivered":  {from: Delivered, act: Extend, by: Buyer, after: 7 * day},
		"no delivery of what is over":              {from: Shipped, act: Deliver, by: Site, after: 14 * day},
		"an extension is 3 days more, shipped":     {from: Shipped, first: steps(do(Extend, Buyer, noon.Add(13*day))), act: Complete, by: Site, after: 17 * day, opens: true},
		"an extension is 3 days more, delivered":   {from: Delivered, first: steps(do(Extend, Buyer, noon)), act: Complete, by: Site, after: 10 * day, opens: true},
		"a delivery starts its own clock":          {from: Shipped, first: steps(do(Deliver, Site, noon.Add(2*day))), act: Complete, by: Site, after: 9 * day, opens: true},
		"an extension outlives the delivery":       {from: Shipped, first: steps(do(Extend, Buyer, noon), do(Deliver, Site, noon)), act: Complete, by: Site, after: 10 * day, opens: true},
		"a dispute ends 30 days after completion":  {from: Completed, act: Dispute, by: Buyer, after: 30 * day},
		"or after delivery, where it was reported": {from: Delivered, first: steps(do(Confirm, Buyer, noon.Add(5*day))), act: Dispute, by: Buyer, after: 30 * day},
	} {
		t.Run(name, func(t *testing.T) {
			o := must(t, paths[c.from](t), c.first...)
			_, _, before := Step(o, c.act, c.by, noon.Add(c.after-time.Millisecond), Args{})
			_, _, then := Step(o, c.act, c.by, noon.Add(c.after), Args{})
			allowed, refused := before, then
			if c.opens {
				allowed, refused = then, before
			}
			if allowed != nil || !fault.Is(refused, fault.CodeConflict) {
				t.Errorf("a millisecond before: %v; from then on: %v", before, then)
			}
		})
	}
}

func steps(s ...func(Order) (Order, []Move, error)) []func(Order) (Order, []Move, error) { return s }

func TestOneExtension(t *testing.T) {
	o := must(t, paths[Shipped](t), do(Extend, Buyer, noon))
	if _, _, err := Step(o, Extend, Buyer, noon, Args{}); !fault.Is(err, fault.CodeConflict) {
		t.Errorf("a second extension is answered %v", err)
	}
	o = must(t, o, do(Deliver, Site, noon))
	if _, _, err := Step(o, Extend, Buyer, noon, Args{}); !fault.Is(err, fault.CodeConflict) {
		t.Errorf("a second extension after delivery is answered %v", err)
	}
}

func TestOnlyWhatWasShippedIsSentBack(t *testing.T) {
	o := must(t, paths[Paid](t), do(Dispute, Buyer, noon))
	if _, _, err := Step(o, Return, Buyer, noon, Args{}); !fault.Is(err, fault.CodeConflict) {
		t.Errorf("sending back what never came is answered %v", err)
	}
}

// TestTwoWaysFromOneOrder takes two steps from one order: neither writes into the other's timeline.
func TestTwoWaysFromOneOrder(t *testing.T) {
	o := paths[Shipped](t)
	o.Timeline = slices.Grow(o.Timeline, 5)
	confirmed, disputed := must(t, o, do(Confirm, Buyer, noon)), must(t, o, do(Dispute, Buyer, noon))
	last := len(o.Timeline)
	if confirmed.Timeline[last].Act != Confirm || disputed.Timeline[last].Act != Dispute {
		t.Errorf("one order's timeline ends with %s, the other's with %s", confirmed.Timeline[last].Act, disputed.Timeline[last].Act)
	}
}

// TestDiagram holds the drawing: it is stable, names every status, and has an arrow for every promise.
func TestDiagram(t *testing.T) {
	drawn := Diagram()
	if drawn != Diagram() || !strings.HasPrefix(drawn, "stateDiagram-v2\n    [*] --> awaiting_payment\n") {
		t.Fatalf("not a stable diagram:\n%s", drawn)
	}
	lines := strings.Split(strings.TrimSpace(drawn), "\n")[2:]
	for _, l := range lines {
		if strings.Count(drawn, l+"\n") != 1 {
			t.Errorf("%q is drawn twice", l)
		}
	}
	for from, acts := range promises {
		for name, to := range acts {
			by, act, _ := strings.Cut(name, " ")
			arrow := fmt.Sprintf("    %s --> %s: %s", from, to, act)
			if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, arrow) && strings.Contains(l, by) }) {
				t.Errorf("no arrow %q by %s in\n%s", arrow, by, drawn)
			}
		}
	}
}
