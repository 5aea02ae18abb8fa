package chaos

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"haggle/scripts/chaos/laws"
)

// outcome is what came of one fault, or of all of one name.
type outcome struct {
	Fault                                                                     string
	Seed                                                                      uint64
	Injected, Acknowledged, Refused, Unknown, Lost, Doubled, Broken, Mistakes int64
}

func (o outcome) String() string {
	return fmt.Sprintf("%s (seed %d): injected %d, acknowledged %d, unknown %d, lost %d, doubled %d, other laws broken %d, answers 500 %d",
		o.Fault, o.Seed, o.Injected, o.Acknowledged, o.Unknown, o.Lost, o.Doubled, o.Broken, o.Mistakes)
}

// plus adds the counts of another.
func (o *outcome) plus(x outcome) {
	o.Injected += x.Injected
	o.Acknowledged += x.Acknowledged
	o.Refused += x.Refused
	o.Unknown += x.Unknown
	o.Lost += x.Lost
	o.Doubled += x.Doubled
	o.Broken += x.Broken
	o.Mistakes += x.Mistakes
}

// tally is what came of a whole run.
type tally struct {
	mu    sync.Mutex
	began time.Time
	order []string
	sums  map[string]*outcome
	seen  map[string]int // what the checker looked at in the end
}

var results = &tally{began: time.Now(), sums: map[string]*outcome{}, seen: map[string]int{}}

func (a *tally) add(o outcome) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s, ok := a.sums[o.Fault]
	if !ok {
		s = &outcome{Fault: o.Fault}
		a.sums[o.Fault] = s
		a.order = append(a.order, o.Fault)
	}
	s.plus(o)
}

func (a *tally) end(r laws.Report) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, l := range r.Laws {
		for _, x := range l.Looked {
			a.seen[l.Name+", "+x.At] += x.Count
		}
	}
}

// table is the result as Markdown.
func (a *tally) table() string {
	var b strings.Builder
	b.WriteString("| fault | injected | acknowledged | unknown at first | lost | doubled | other laws broken | answers 500 |\n|---|--:|--:|--:|--:|--:|--:|--:|\n")
	all := &outcome{Fault: "all"}
	for _, name := range a.order {
		all.plus(*a.sums[name])
		a.sums[name].cells(&b)
	}
	all.cells(&b)
	return b.String()
}

func (o outcome) cells(b *strings.Builder) {
	fmt.Fprintf(b, "| %s | %d | %d | %d | %d | %d | %d | %d |\n", o.Fault, o.Injected, o.Acknowledged, o.Unknown, o.Lost, o.Doubled, o.Broken, o.Mistakes)
}

// write writes the result of a run to a file.
func (a *tally) write(path string, passed bool) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	verdict := "Every law held after every fault."
	if !passed {
		verdict = "**The run failed.**"
	}
	text := fmt.Sprintf(`# The last run of chaos

%s, seed %d, %s on %d processors (%s/%s). `+"`make chaos`"+` writes this page; `+"`HAGGLE_SEED=%d make chaos`"+` has the same moments again.
%s

%s
Lost: acknowledged, and not there, or not as acknowledged. Doubled: two effects of one key, or something that nobody asked for.
Answers 500: the program says that it made a mistake, where 503 would have been right; its client repeats the request all the same.
Unknown at first: the connection broke or the answer was 503; most clients then repeat the request under its key, some walk away.

In the end the checker had looked at %d entries and %d deposits that were acknowledged, %d lines of %d logs, %d transfers, %d
holds, %d deals that were settled with %d awards.
`, time.Now().UTC().Format("2006-01-02"), seed, time.Since(a.began).Round(time.Second), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, seed, verdict, a.table(),
		a.seen["kept, entries"], a.seen["kept, deposits"], a.seen["chains, lines"], a.seen["chains, deals"], a.seen["books, transfers"], a.seen["books, holds"],
		a.seen["settled, settled deals"], a.seen["settled, awards"])
	return os.WriteFile(path, []byte(text), 0o644)
}

// report prints the table of a run, and writes it where HAGGLE_CHAOS_RESULT names a file.
func (a *tally) report(passed bool) {
	if len(a.order) == 0 {
		return
	}
	fmt.Printf("chaos, seed %d:\n%s", seed, a.table())
	if path := os.Getenv("HAGGLE_CHAOS_RESULT"); path != "" && !testing.Short() {
		if err := a.write(path, passed); err != nil {
			fmt.Println("chaos:", err)
		}
	}
}
