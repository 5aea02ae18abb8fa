//go:build unix

package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"haggle/internal/testenv"
)

// all is more acts than there are.
const all = 1000

// TestCrashAtEveryStep kills the site at every step of every act that calls the payment gateway: before the intent is
// stored, behind it, before and behind the call, before and behind the commit. Then the client repeats its request
// under its key: it is answered once, money moved once, on the gateway's side and on ours, and the sweep leaves no
// intent open. All acts take some minutes: a seed draws some of them.
func TestCrashAtEveryStep(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		crashAtEveryStep(t, &stepper{market: &market{t: t, site: testenv.ServeCrashing(t, "--limits=off")}}, testenv.Draw(3, all, all))
	})
	t.Run("mongo", func(t *testing.T) {
		uri := strings.Replace(testenv.Mongod(t), "/?", "/every_step?", 1)
		args := []string{"--limits=off", "--mongo=" + uri, "--secret=0123456789abcdef0123456789abcdef"}
		crashAtEveryStep(t, &stepper{market: &market{t: t, args: args, site: testenv.ServeCrashing(t, args...)}, mongo: uri}, testenv.Draw(1, 2, all))
	})
}

// theSteps are the points of an act that calls the gateway once.
func theSteps(call string) []string {
	return []string{"before commit", "after commit", "before " + call, "after " + call, "before commit", "after commit"}
}

// stepper is a market that dies at a point, and what is known of its deaths.
type stepper struct {
	*market
	mongo string // its database; empty: SQLite

	amount  int64            // of the latest trial: no two have the same
	named   map[int64]string // trials by their amount
	moved   map[int64]int64  // what each trial leaves at the gateway
	kills   int
	known   int // answered before the kill: the answer was on its way
	unknown int // not answered, and repeated
	lost    int // trials whose money did not move as often as it should, on either side
	doubled int // … or more often
}

// orders tell the site at which point to die or to wait, and by how much its clock is ahead.
type orders struct {
	Kill, Hold int
	Ahead      time.Duration
}

func (s *stepper) file(name string) string { return filepath.Join(s.site.Data, name) }

// arm writes new orders, and forgets what followed from the earlier ones.
func (s *stepper) arm(o orders) {
	s.t.Helper()
	for _, f := range []string{"crash.json", "crash-held", "crash-killed", "crash-go"} {
		_ = os.Remove(s.file(f))
	}
	raw, err := json.Marshal(o)
	if err == nil {
		err = os.WriteFile(s.file("crash.new"), raw, 0o600)
	}
	if err == nil {
		err = os.Rename(s.file("crash.new"), s.file("crash.json"))
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// trial is one act, to be killed at one point.
type trial struct {
	request sent
	status  int    // of the answer
	rival   func() // acts while the site waits at the point of act.hold
	holds   func() // looks at what the act has left, once it is answered
}

// act is a kind of act with a gateway call.
type act struct {
	name   string
	points []string // all of them, in order
	hold   int      // where the rival acts; 0: there is none
	first  int      // the first point to be killed at
	lasts  int64    // what of its amount the gateway keeps: 1 all, 0 none, -1 it is paid out
	try    func(amount int64) trial
}

func crashAtEveryStep(t *testing.T, s *stepper, most int) {
	s.named, s.moved, s.amount = map[int64]string{}, map[int64]int64{}, 20_000
	acts := s.acts()
	if most < len(acts) {
		crashSeed(t).Shuffle(len(acts), func(i, j int) { acts[i], acts[j] = acts[j], acts[i] })
		acts = acts[:most]
	}
	for _, a := range acts {
		t.Log(a.name)
		s.act(a)
	}
	s.sweep(acts)
	s.bothSides()
	s.balanced()
	t.Logf("%d trials, %d kills: %d requests acknowledged nevertheless, %d unknown and repeated, %d kills in the sweep; %d lost, %d doubled",
		len(s.named), s.kills, s.known, s.unknown, s.kills-s.known-s.unknown, s.lost, s.doubled)
}

// act kills the act at each of its points, and lets it pass once unharmed behind its last one: so there is no other.
func (s *stepper) act(a act) {
	for n := a.first; n <= len(a.points)+1; n++ {
		s.amount += 100
		where := "nowhere"
		if n <= len(a.points) {
			where = fmt.Sprintf("%s (point %d)", a.points[n-1], n)
		}
		name := fmt.Sprintf("%s, killed %s", a.name, where)
		s.named[s.amount], s.moved[s.amount] = name, a.lasts*s.amount
		x := a.try(s.amount)
		s.arm(orders{Kill: n, Hold: a.hold})
		s.send(name, a, &x)
		if died := s.site.Gone(0); died != (n <= len(a.points)) {
			s.t.Fatalf("%s: died %v; answer %v", name, died, x.request.ack)
		} else if died {
			s.again(name, a, n, &x)
		}
		s.arm(orders{})
		s.answered(name, x)
	}
}

// send sends the request; while the site waits inside it the rival acts.
func (s *stepper) send(name string, a act, x *trial) {
	done := make(chan struct{})
	go func() { defer close(done); x.request.send() }()
	if a.hold > 0 {
		for end := time.Now().Add(insisting); ; time.Sleep(5 * time.Millisecond) {
			if _, err := os.Stat(s.file("crash-held")); err == nil {
				break
			}
			if time.Now().After(end) {
				s.t.Fatalf("%s: the site never waited", name)
			}
		}
		x.rival()
		if err := os.WriteFile(s.file("crash-go"), nil, 0o600); err != nil {
			s.t.Fatal(err)
		}
	}
	<-done
	// the answer and the death may come in any order
	if x.request.ack == nil {
		s.site.Gone(insisting)
	} else {
		s.site.Gone(300 * time.Millisecond)
	}
}

// again starts the site anew, and lets the client repeat what was not answered.
func (s *stepper) again(name string, a act, n int, x *trial) {
	at, err := os.ReadFile(s.file("crash-killed"))
	if err != nil || string(at) != a.points[n-1] {
		s.t.Fatalf("%s: it died at %q, %v\n%s", name, at, err, s.site.Log())
	}
	s.kills++
	s.arm(orders{})
	s.site.Start()
	if x.request.ack != nil {
		s.known++
	} else {
		s.unknown++
	}
	if x.request.ack == nil && !x.request.insist() {
		s.t.Fatalf("%s: not answered within %s", name, insisting)
	}
}

// answered holds the answer against the trial's, and against the answer to one more repetition.
func (s *stepper) answered(name string, x trial) {
	s.t.Helper()
	first := x.request.ack
	if first.status != x.status {
		s.t.Errorf("%s: %d, want %d: %s", name, first.status, x.status, first.body)
		return
	}
	again := x.request
	again.ack = nil
	if !again.insist() || again.ack.status != first.status {
		s.t.Errorf("%s: repeated, %+v", name, again.ack)
	} else if first.status < 300 && !bytes.Equal(first.body, again.ack.body) {
		s.t.Errorf("%s: answered %s, then %s", name, first.body, again.ack.body)
	}
	x.holds()
}

// sweepPatience is how long the sweep may take to close what is due.
const sweepPatience = 20 * time.Second

// sweep turns the market's clock on by as long as the sweep waits, and kills the site at each point of the sweep, too,
// until it has nothing to do. Every amount is paid out or given back by then.
func (s *stepper) sweep(acts []act) {
	s.t.Helper()
	if len(s.open()) == 0 {
		if len(acts) < len(s.acts()) {
			return // the drawn acts leave nothing to it
		}
		s.t.Fatal("no intent is open: the sweep is not tried")
	}
	for n := 1; ; n++ {
		s.site.Kill()
		s.arm(orders{Kill: n, Ahead: 2 * time.Minute})
		if err := s.site.TryStart(); err != nil { // it may die before it is ready
			s.t.Log(err)
		}
		for end := time.Now().Add(sweepPatience); !s.site.Gone(100 * time.Millisecond); {
			left := s.open()
			if len(left) == 0 {
				s.t.Logf("the sweep was killed at %d points", n-1)
				return
			}
			if time.Now().After(end) {
				s.t.Fatalf("still open: %v\n%s", left, s.site.Log())
			}
		}
		s.kills++
	}
}

// bothSides holds the gateway's journal against our ledger: for every trial the same, and what it is to be.
func (s *stepper) bothSides() {
	s.t.Helper()
	theirs, ours := s.gateway()
	for _, amount := range slices.Sorted(maps.Keys(s.named)) {
		want, a, b := s.moved[amount], theirs[amount], ours[amount]
		if a == want && b == want {
			continue
		}
		s.t.Errorf("%s: %d moved at the gateway, %d in the ledger, want %d", s.named[amount], a, b, want)
		if less := func(x int64) bool { return want > 0 && x < want || want < 0 && x > want }; less(a) || less(b) {
			s.lost++
		} else {
			s.doubled++
		}
	}
	for amount, moved := range theirs {
		if s.named[amount] == "" && moved != ours[amount] {
			s.t.Errorf("amounts of %d: %d moved at the gateway, %d in the ledger", amount, moved, ours[amount])
		}
	}
}
