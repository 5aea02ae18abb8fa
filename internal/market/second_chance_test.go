package market_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"haggle/internal/deal"
	"haggle/internal/deal/registry"
	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/internal/order"
	"haggle/internal/store"
	"haggle/web/api"
)

// hall is a door whose people come by the API.
type hall struct {
	*door
	app    *fiber.App
	tokens map[string]string
	people map[string]market.Actor
}

func newHall(t *testing.T) *hall {
	h := &hall{door: newDoor(t, ears(t)), app: fiber.New(), tokens: map[string]string{}, people: map[string]market.Actor{}}
	api.Mount(h.app, api.Deps{Market: h.Market, Fail: func(_ context.Context, err error) string {
		t.Errorf("an internal error: %v", err)
		return "x"
	}})
	for _, name := range []string{"seller", "ann", "bob", "cem", "eve"} {
		g, err := h.Register(t.Context(), market.RegisterInput{Email: name + "@door.example", Password: password, Name: name})
		must(t, err)
		h.tokens[name], h.people[name] = g.Token, h.actor(g)
	}
	return h
}

// long lets so much time pass that everybody has to sign in again.
func (h *hall) long(by time.Duration) {
	h.t.Helper()
	h.later(by)
	for name := range h.tokens {
		g, err := h.SignIn(h.t.Context(), market.SignInInput{Email: name + "@door.example", Password: password})
		must(h.t, err)
		h.tokens[name], h.people[name] = g.Token, h.actor(g)
	}
}

// ask makes a request as somebody and gives status, code of refusal and body.
func (h *hall) ask(who, method, path string, body any, key ...string) (status int, code string, raw []byte) {
	h.t.Helper()
	var in bytes.Buffer
	if body != nil {
		must(h.t, json.NewEncoder(&in).Encode(body))
	}
	r := httptest.NewRequest(method, "/api/v1"+path, &in)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if token := h.tokens[who]; token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for _, k := range key {
		r.Header.Set("Idempotency-Key", k)
	}
	res, err := h.app.Test(r, -1)
	must(h.t, err)
	defer func() { _ = res.Body.Close() }()
	var out bytes.Buffer
	_, err = out.ReadFrom(res.Body)
	must(h.t, err)
	var problem struct {
		Code string `json:"code"`
	}
	_ = json.Unmarshal(out.Bytes(), &problem)
	return res.StatusCode, problem.Code, out.Bytes()
}

// does asks and wants success; what came is decoded into out.
func (h *hall) does(who, method, path string, body, out any) {
	h.t.Helper()
	status, code, raw := h.ask(who, method, path, body)
	if status/100 != 2 {
		h.t.Fatalf("%s: %s %s answers %d %s: %s", who, method, path, status, code, raw)
	}
	if out != nil {
		must(h.t, json.Unmarshal(raw, out))
	}
}

// cannot wants a refusal.
func (h *hall) cannot(who, method, path string, body any, status int, code string) {
	h.t.Helper()
	if got, c, raw := h.ask(who, method, path, body); got != status || c != code {
		h.t.Errorf("%s: %s %s answers %d %s, want %d %s: %s", who, method, path, got, c, status, code, raw)
	}
}

// dealNow is a deal as somebody reads it.
type dealNow struct {
	Status   string `json:"status"`
	Standing int64  `json:"standing"`
	Leader   string `json:"leader"`
	Me       *struct {
		Active       bool                     `json:"active"`
		Orders       []string                 `json:"orders"`
		SecondChance *market.SecondChanceView `json:"secondChance"`
	} `json:"me"`
	Outcome struct {
		Result    string `json:"result"`
		UnitPrice int64  `json:"unitPrice"`
		Count     int    `json:"awardCount"`
		Awards    []struct {
			To    string `json:"to"`
			Total int64  `json:"total"`
			Order string `json:"order"`
			Mine  bool   `json:"mine"`
		} `json:"awards"`
	} `json:"outcome"`
}

func (h *hall) read(who, id string) (d dealNow) {
	h.t.Helper()
	h.does(who, http.MethodGet, "/deals/"+id, nil, &d)
	return d
}

// sold is an auction that bob won at 210 with up to 500; ann bid up to 200, before her cem up to 150. A reserve of 0 is none.
func (h *hall) sold(reserve int64, backups ...string) (id string) {
	h.t.Helper()
	in := map[string]any{"title": "Film camera", "category": h.Categories()[0].ID, "condition": "good", "format": "english", "startPrice": 10_000, "durationSeconds": 86_400,
		"softClose": map[string]any{"windowSeconds": 0, "extendSeconds": 0}}
	if reserve > 0 {
		in["reservePrice"] = reserve
	}
	var d struct {
		ID string `json:"id"`
	}
	h.does("seller", http.MethodPost, "/listings", in, &d)
	for _, b := range []struct {
		who string
		max int64
	}{{"cem", 15_000}, {"ann", 20_000}, {"bob", 50_000}} {
		h.does(b.who, http.MethodPost, "/listings/"+d.ID+"/bids", map[string]any{"max": b.max, "backup": slices.Contains(backups, b.who)}, nil)
	}
	h.later(24 * time.Hour)
	must(h.t, h.CloseDue(h.t.Context(), d.ID))
	return d.ID
}

// orderOf is somebody's order of a deal.
func (h *hall) orderOf(who, id string) market.OrderView {
	h.t.Helper()
	me := h.read(who, id).Me
	if me == nil || len(me.Orders) != 1 {
		h.t.Fatalf("%s has %+v in %s", who, me, id)
	}
	var o market.OrderView
	h.does(who, http.MethodGet, "/orders/"+me.Orders[0], nil, &o)
	return o
}

// tick does what is due for the orders of a deal, and what the sweep does, twice.
func (h *hall) tick() {
	h.t.Helper()
	for range 2 {
		due, err := h.Engine().DueOrders(h.t.Context(), h.Market.Now(), 100)
		must(h.t, err)
		for _, o := range due {
			must(h.t, h.TickOrder(h.t.Context(), o.ID))
		}
		_, err = h.SweepChances(h.t.Context(), 100)
		must(h.t, err)
	}
}

// told writes the news of every order of a deal, as the outbox's job does, and gives what somebody was told of late.
func (h *hall) told(who, id string) []string {
	h.t.Helper()
	page, err := h.Engine().FindOrders(h.t.Context(), store.Query{Index: "deal", Eq: []any{id}})
	must(h.t, err)
	must(h.t, h.MailOrders(h.t.Context(), page.Docs))
	all, _ := h.whats(h.people[who])
	return all
}

// audited recomputes the log as a stranger would, and the books.
func (h *hall) audited(id string, awards int) {
	h.t.Helper()
	var b bytes.Buffer
	must(h.t, h.Engine().WriteLog(h.t.Context(), id, -1, &b))
	t, err := deal.VerifyBytes(b.Bytes(), registry.All())
	if err != nil {
		h.t.Fatalf("the log: %v\n%s", err, b.Bytes())
	}
	n := 0
	for _, l := range t.Lines {
		if l.Kind == deal.Awarded {
			n++
		}
	}
	if n != awards {
		h.t.Errorf("%d awards stand in the log, want %d", n, awards)
	}
	report, err := h.Engine().VerifyLedger(h.t.Context())
	must(h.t, err)
	if len(report.Findings) > 0 {
		h.t.Errorf("the books: %+v", report.Findings)
	}
}

// goesTo wants the deal to be somebody's at a price, for everybody.
func (h *hall) goesTo(id, who, pseudonym string, price int64) {
	h.t.Helper()
	for _, reader := range []string{"", "seller", who, "eve"} {
		d := h.read(reader, id)
		a := d.Outcome.Awards
		if d.Status != "settled" || d.Leader != pseudonym || d.Standing != price || d.Outcome.UnitPrice != price || d.Outcome.Count != 1 || len(a) != 1 || a[0].To != pseudonym || a[0].Total != price || a[0].Mine != (reader == who) {
			h.t.Errorf("%q reads %+v, want it %s's at %d", reader, d, pseudonym, price)
		}
	}
	o := h.orderOf(who, id)
	if int64(o.Total) != price || o.Status != string(order.AwaitingPayment) || o.DueAt == nil || !o.DueAt.Std().Equal(h.now.Add(4*24*time.Hour)) {
		h.t.Errorf("the order of %s is %+v", who, o)
	}
}

const day = 24 * time.Hour

// TestABackupGetsItAtOnce when the winner lets the time pass, calls it off, or nobody looked for a while.
func TestABackupGetsItAtOnce(t *testing.T) {
	for name, c := range map[string]struct {
		end   func(h *hall, id string)
		falls bool // at once, without any tick
	}{
		"called off": {func(h *hall, id string) {
			h.later(time.Hour)
			h.does("bob", http.MethodPost, "/orders/"+h.orderOf("bob", id).ID+"/cancel", map[string]any{}, nil)
		}, true},
		"lapsed":                   {func(h *hall, _ string) { h.later(4 * day); h.tick() }, false},
		"looked at 48 hours later": {func(h *hall, _ string) { h.later(6 * day); h.tick() }, false},
		"lapsed by its own tick": {func(h *hall, id string) {
			h.later(4 * day)
			must(h.t, h.TickOrder(h.t.Context(), h.orderOf("bob", id).ID))
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHall(t)
			id := h.sold(0, "ann")
			c.end(h, id)
			h.goesTo(id, "ann", "p2", 16_000)
			if got := h.told("ann", id); !slices.Contains(got, "won_next") || slices.Contains(got, "won") || slices.Contains(got, "second_chance") {
				t.Errorf("ann was told %v", got)
			}
			if got := h.told("seller", id); !slices.Contains(got, "sold_next") || slices.Contains(got, "lapsed_seller") || slices.Contains(got, "cancelled_seller") {
				t.Errorf("the seller was told %v", got)
			}
			h.audited(id, 2)
			before := h.raw(engine.Deals) + h.raw(engine.Orders) + h.raw(market.Chances)
			h.tick()
			if h.raw(engine.Deals)+h.raw(engine.Orders)+h.raw(market.Chances) != before {
				t.Error("another tick changed something")
			}
			if d := h.read("bob", id); d.Me.Active || h.orderOf("bob", id).Status != string(order.Cancelled) {
				t.Errorf("bob has %+v", d.Me)
			}
		})
	}
}

// TestABackupStandsForTwoDays: a millisecond later it is an offer.
func TestABackupStandsForTwoDays(t *testing.T) {
	h := newHall(t)
	id := h.sold(0, "ann")
	h.later(6*day + time.Millisecond)
	h.tick()
	if d := h.read("ann", id); d.Me.SecondChance == nil || d.Leader != "p3" {
		t.Errorf("ann reads %+v", d)
	}
	h.audited(id, 1)
}

// offered is an auction that bob did not pay, offered to ann at 160.
func (h *hall) offered() (id string) {
	h.t.Helper()
	id = h.sold(0, "cem")
	h.later(4 * day)
	h.tick()
	return id
}

// TestASecondChanceIsForOneAlone: only who is offered it sees it, and nobody else may answer.
func TestASecondChanceIsForOneAlone(t *testing.T) {
	h := newHall(t)
	id := h.offered()
	path := "/deals/" + id + "/second-chance"
	x := h.read("ann", id).Me.SecondChance
	if x == nil || x.Price != 16_000 || x.Deal != id || x.Title != "Film camera" || !x.Until.Std().Equal(h.now.Add(60*day)) {
		t.Fatalf("ann is offered %+v", x)
	}
	for _, who := range []string{"", "seller", "bob", "cem", "eve"} {
		if _, _, raw := h.ask(who, http.MethodGet, "/deals/"+id, nil); strings.Contains(string(raw), "secondChance") {
			t.Errorf("%q sees it: %s", who, raw)
		}
		status, code, _ := h.ask(who, http.MethodPost, path, map[string]any{"accept": true})
		if who == "" && status != 401 || who != "" && (status != 404 || code != "not_found") {
			t.Errorf("%q answers it: %d %s", who, status, code)
		}
	}
	h.cannot("cem", http.MethodPost, path, map[string]any{"accept": 7}, 404, "not_found")
	h.cannot("ann", http.MethodPost, path, map[string]any{}, 422, "invalid")
	var list []market.SecondChanceView
	h.does("ann", http.MethodGet, "/second-chances", nil, &list)
	if len(list) != 1 || list[0] != *x {
		t.Errorf("ann's list: %+v", list)
	}
	h.does("cem", http.MethodGet, "/second-chances", nil, &list)
	if len(list) != 0 {
		t.Errorf("cem's list: %+v", list)
	}
	if got := h.told("ann", id); !slices.Contains(got, "second_chance") {
		t.Errorf("ann was told %v", got)
	}
	if got := h.told("cem", id); slices.Contains(got, "second_chance") {
		t.Errorf("cem was told %v", got)
	}
	if got := h.told("seller", id); !slices.Contains(got, "chance_open") || slices.Contains(got, "lapsed_seller") {
		t.Errorf("the seller was told %v", got)
	}
	h.audited(id, 1)
}

// TestASecondChanceIsTaken once, in time, and answered again under its key.
func TestASecondChanceIsTaken(t *testing.T) {
	h := newHall(t)
	id := h.offered()
	path := "/deals/" + id + "/second-chance"
	h.long(60*day - time.Millisecond)
	status, code, first := h.ask("ann", http.MethodPost, path, map[string]any{"accept": true}, "k1")
	if status != 201 {
		t.Fatalf("taking it: %d %s %s", status, code, first)
	}
	h.goesTo(id, "ann", "p2", 16_000)
	h.later(time.Hour)
	if status, _, again := h.ask("ann", http.MethodPost, path, map[string]any{"accept": true}, "k1"); status != 201 || !bytes.Equal(first, again) {
		t.Errorf("under the same key: %d %s, first %s", status, again, first)
	}
	for _, accept := range []bool{true, false} {
		h.cannot("ann", http.MethodPost, path, map[string]any{"accept": accept}, 409, "conflict")
	}
	if h.read("ann", id).Me.SecondChance != nil {
		t.Error("it is offered still")
	}
	if got := h.told("seller", id); !slices.Contains(got, "sold_next") || slices.Contains(got, "chance_over") {
		t.Errorf("the seller was told %v", got)
	}
	h.audited(id, 2)

	// ann does not pay either: cem's backup is long over, so he is asked, and pays the start price.
	h.later(4 * day)
	h.tick()
	if x := h.read("cem", id).Me.SecondChance; x == nil || x.Price != 10_000 {
		t.Fatalf("cem is offered %+v", x)
	}
	h.does("cem", http.MethodPost, path, map[string]any{"accept": true}, nil)
	h.goesTo(id, "cem", "p1", 10_000)
	h.audited(id, 3)
	h.later(4 * day)
	h.tick()
	if got := h.told("seller", id); !slices.Contains(got, "chance_nobody") {
		t.Errorf("with nobody left the seller was told %v", got)
	}
	h.audited(id, 3)
}

// TestASecondChanceIsAnsweredOnce: of many answers at once one counts, and every other hears which.
func TestASecondChanceIsAnsweredOnce(t *testing.T) {
	h := newHall(t)
	id := h.offered()
	got := make([]error, 12)
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() {
			_, _, got[i] = h.AnswerChance(t.Context(), h.people["ann"], market.Key{}, id, market.ChanceInput{Accept: i%2 == 0})
		})
	}
	all.Wait()
	won := -1
	for i, err := range got {
		switch {
		case err == nil && won < 0:
			won = i
		case err == nil:
			t.Errorf("answers %d and %d both count", won, i)
		default:
			h.refused("another answer", err, fault.CodeConflict)
		}
	}
	if won < 0 {
		t.Fatalf("no answer counts: %v", got)
	}
	if awards := 1 + (won+1)%2; awards == 2 {
		h.goesTo(id, "ann", "p2", 16_000)
		h.audited(id, 2)
	} else {
		h.audited(id, 1)
	}
}

// TestASecondChanceIsNotTaken: said so, or never answered. Nobody else is asked, and nothing changes in the deal.
func TestASecondChanceIsNotTaken(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(h *hall, path string)
		status int
		code   string
	}{
		"declined": {func(h *hall, path string) {
			var v market.AnsweredView
			h.does("ann", http.MethodPost, path, map[string]any{"accept": false}, &v)
			if v.Accepted || v.Order != nil {
				h.t.Errorf("answered %+v", v)
			}
		}, 409, "conflict"},
		"run out":                {func(h *hall, _ string) { h.long(60 * day); h.tick() }, 422, "closed"},
		"run out, not yet swept": {func(h *hall, _ string) { h.long(60 * day) }, 422, "closed"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHall(t)
			id := h.offered()
			was := h.raw(engine.Deals) + h.raw(engine.Orders) + h.raw(engine.Standings)
			path := "/deals/" + id + "/second-chance"
			c.answer(h, path)
			h.cannot("ann", http.MethodPost, path, map[string]any{"accept": true}, c.status, c.code)
			if h.read("ann", id).Me.SecondChance != nil {
				t.Error("it is offered still")
			}
			h.tick()
			if got := h.told("seller", id); !slices.Contains(got, "chance_over") {
				t.Errorf("the seller was told %v", got)
			}
			if h.read("cem", id).Me.SecondChance != nil {
				t.Error("cem is asked, too")
			}
			if h.raw(engine.Deals)+h.raw(engine.Orders)+h.raw(engine.Standings) != was {
				t.Error("something changed in the deal")
			}
			h.audited(id, 1)
		})
	}
}

// TestTheReserveHoldsForTheNext: nobody is offered what his bid does not reach.
func TestTheReserveHoldsForTheNext(t *testing.T) {
	for reserve, want := range map[int64]string{20_000: "second_chance", 20_100: ""} {
		h := newHall(t)
		id := h.sold(reserve)
		h.later(4 * day)
		h.tick()
		x := h.read("ann", id).Me.SecondChance
		if (x != nil) != (want != "") || x != nil && int64(x.Price) != reserve {
			t.Errorf("with a reserve of %d ann is offered %+v", reserve, x)
		}
		if got := h.told("seller", id); slices.Contains(got, "chance_nobody") != (want == "") {
			t.Errorf("with a reserve of %d the seller was told %v", reserve, got)
		}
		h.audited(id, 1)
	}
}

// TestGoingOnAfterACrash: the order ended and the process died; whoever comes next goes on.
func TestGoingOnAfterACrash(t *testing.T) {
	errDied := errors.New("died")
	for name, goOn := range map[string]func(h *hall, orderID string){
		"the sweep":                  func(h *hall, _ string) { _, err := h.SweepChances(h.t.Context(), 100); must(h.t, err) },
		"the next tick of the order": func(h *hall, id string) { must(h.t, h.TickOrder(h.t.Context(), id)) },
	} {
		for backup, awards := range map[string]int{"ann": 2, "": 1} {
			t.Run(name+" "+backup, func(t *testing.T) {
				h := newHall(t)
				id := h.sold(0, backup)
				first := h.orderOf("bob", id).ID
				h.later(4 * day)
				commits := 0
				h.before = func() error {
					if commits++; commits > 1 {
						return errDied
					}
					return nil
				}
				must(t, h.TickOrder(t.Context(), first)) // what fails behind the end of the order is only logged
				h.before = nil
				if o := h.orderOf("bob", id); o.Status != string(order.Cancelled) || !strings.Contains(h.log.String(), "going on where a winner did not pay") {
					t.Fatalf("the order is %+v; logged %s", o, h.log.String())
				}
				if d := h.read("ann", id); d.Leader != "p3" || d.Me.SecondChance != nil {
					t.Fatalf("before anybody went on ann reads %+v", d)
				}
				h.later(time.Minute)
				goOn(h, first)
				goOn(h, first)
				if backup != "" {
					h.goesTo(id, "ann", "p2", 16_000)
				} else if x := h.read("ann", id).Me.SecondChance; x == nil || x.Price != 16_000 {
					t.Errorf("ann is offered %+v", x)
				}
				h.audited(id, awards)
			})
		}
	}
}

// TestWhoElseCancelsIsNoFall: what a moderator calls off goes to nobody.
func TestWhoElseCancelsIsNoFall(t *testing.T) {
	h := newHall(t)
	id := h.sold(0, "ann")
	mod := h.people["eve"]
	mod.Role = "moderator"
	_, _, err := h.StepOrder(t.Context(), mod, market.Key{}, h.orderOf("bob", id).ID, "cancel", market.OrderInput{})
	must(t, err)
	h.tick()
	if rows := h.raw(market.Chances); rows != "" || h.read("ann", id).Leader != "p3" {
		t.Errorf("it went on: %s", rows)
	}
	if got := h.told("seller", id); !slices.Contains(got, "cancelled_seller") {
		t.Errorf("the seller was told %v", got)
	}
}
