package chaos

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"haggle/internal/testenv"
	"haggle/scripts/chaos/laws"
)

// rounds is how often a fault of usual length is injected: HAGGLE_CHAOS, else as the size of the sample says.
func rounds() int {
	if n, err := strconv.Atoi(os.Getenv("HAGGLE_CHAOS")); err == nil && n > 0 {
		return n
	}
	return testenv.Draw(1, 2, 9)
}

// due says whether a fault is injected in a round: one that takes long only in the first two, and then in every third.
func (f fault) due(round int) bool { return !f.long || round < 2 || round%3 == 0 }

// seed is of the whole run; each fault has one made of it.
var seed = func() uint64 {
	if s, err := strconv.ParseUint(os.Getenv("HAGGLE_SEED"), 10, 64); err == nil {
		return s
	}
	return uint64(time.Now().UnixNano()) % 1_000_000_000
}()

// seedOf is the seed of one fault.
func seedOf(name string, round int) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %s %d", seed, name, round)
	return h.Sum64() % 1_000_000_000
}

// fault is a way to fail.
type fault struct {
	name    string
	groups  int           // that settle meanwhile
	ahead   time.Duration // how long opening them may take
	walkers bool          // some savers do not ask again
	long    bool          // takes half a minute
	inject  func(f *fate) // breaks something at a seeded moment and mends it
}

// fate is one fault at one time.
type fate struct {
	t     testing.TB
	r     *rand.Rand
	batch *batch
	says  string // what was hit
}

// soon waits for a seeded while.
func (f *fate) soon(least, most time.Duration) {
	time.Sleep(least + time.Duration(f.r.Int64N(int64(most-least))))
}

func (f *fate) until(at time.Time) { time.Sleep(time.Until(at)) }

// world is a site and its crowd, and how to judge it.
type world struct {
	t     testing.TB
	site  *site
	crowd *crowd
	store []string // the checker's arguments
	logs  func() string
}

// run lets the crowd trade, injects a fault, waits until everybody knows what became of his requests, and has the checker
// judge what is there.
func (w *world) run(f fault, round int) {
	w.t.Helper()
	began := time.Now()
	row := outcome{Fault: f.name, Seed: seedOf(f.name, round), Injected: 1}
	fate := &fate{t: w.t, r: rand.New(rand.NewPCG(row.Seed, 0))}
	s := w.site
	acknowledged, refused, unknown := s.acknowledged.Load(), s.refused.Load(), s.unknown.Load()
	fate.batch = w.crowd.open(max(6, f.groups), max(2*time.Second, f.ahead), fate.r)
	l := w.crowd.start(fate.batch, row.Seed, f.walkers)
	f.inject(fate)
	fate.until(fate.batch.closes.Add(500 * time.Millisecond))
	fate.soon(300*time.Millisecond, 800*time.Millisecond)
	l.end()
	report := judge(w.t, w.store...)
	row.Acknowledged = s.acknowledged.Load() - acknowledged
	row.Refused = s.refused.Load() - refused
	row.Unknown = s.unknown.Load() - unknown
	mistakes, why := s.told()
	row.Mistakes = int64(len(mistakes))
	w.note(&row, report)
	w.t.Logf("%s, in %.1f s (%s; answers that said nothing: %s)", row, time.Since(began).Seconds(), cmp.Or(fate.says, "done"), why)
	w.mistakes(f.name, mistakes)
	if row.Acknowledged == 0 {
		w.t.Errorf("%s: nothing was acknowledged: it shows nothing", f.name)
	}
	if !report.OK {
		w.t.Fatalf("after %s (seed %d):\n%s", f.name, row.Seed, report)
	}
}

// mistakes holds that whatever failed, no answer said that the program is wrong. What its log says of such an answer is
// printed with it.
func (w *world) mistakes(fault string, mistakes []string) {
	w.t.Helper()
	for i, m := range mistakes {
		if i == 5 {
			w.t.Errorf("… and %d more", len(mistakes)-i)
			break
		}
		w.t.Errorf("after %s: %s\n%s", fault, m, w.logged(m))
	}
}

var errorID = regexp.MustCompile(`"id":"(\w+)"`)

// logged are the log's lines about an answer.
func (w *world) logged(answer string) string {
	id := errorID.FindStringSubmatch(answer)
	if id == nil {
		return ""
	}
	var found []string
	for line := range strings.Lines(w.logs()) {
		if strings.Contains(line, id[1]) {
			found = append(found, line)
		}
	}
	return strings.Join(found, "")
}

// note counts what a report says.
func (w *world) note(row *outcome, r laws.Report) {
	row.Lost, row.Doubled = int64(r.Count(laws.Kept)), int64(r.Count(laws.Once))
	for _, l := range r.Laws {
		if l.Name != laws.Kept && l.Name != laws.Once {
			row.Broken += int64(len(l.Violations))
		}
	}
	results.add(*row)
}

// last judges the idle site: nothing may wait any more.
func (w *world) last() {
	w.t.Helper()
	began := time.Now()
	report := judge(w.t, append([]string{"--final", "--patience=100s"}, w.store...)...)
	w.t.Logf("idle after %.1f s:\n%s", time.Since(began).Seconds(), report)
	if !report.OK {
		w.t.Error("the idle site is not sound")
	}
	results.end(report)
}
