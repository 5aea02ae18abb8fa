package laws

import (
	"maps"
	"slices"
	"time"

	"haggle/scripts/chaos/acks"
	"haggle/scripts/chaos/canon"
	"haggle/scripts/chaos/rows"
)

// Config is what a judgement is made of.
type Config struct {
	Acks  []acks.Ack    // nil: there is no journal, and kept and once say nothing of it
	Now   time.Time     // when the picture was taken
	Stale time.Duration // older than this nothing may wait to be done
	Final bool          // nothing may wait at all: the site has been idle
}

// judge looks at one picture.
type judge struct {
	Config
	p      *rows.Picture
	logs   map[string][]canon.Line
	law    map[string]*Law
	report Report

	asked  map[place]asked // which request made a line
	intent map[string]string
}

// place is a line of a log.
type place struct {
	deal string
	seq  int64
}

// asked is the request that a line answers.
type asked struct {
	id  string // account and key
	ack acks.Ack
}

var order = []string{Kept, Once, Chains, Books, Settled, Prices, Gateway, Drained}

// Judge holds a picture against every law.
func Judge(p *rows.Picture, c Config) Report {
	j := &judge{Config: c, p: p, logs: map[string][]canon.Line{}, law: map[string]*Law{}, asked: map[place]asked{}, intent: map[string]string{}}
	for _, name := range order {
		j.law[name] = &Law{Name: name, Looked: []Looked{}, Violations: []Violation{}}
	}
	j.chains() // first: the others read the lines
	j.requests()
	j.lines()
	j.books()
	j.settled()
	j.prices()
	j.gateway()
	j.drained()
	j.report.OK = true
	for _, name := range order {
		j.report.Laws = append(j.report.Laws, *j.law[name])
		j.report.OK = j.report.OK && len(j.law[name].Violations) == 0
	}
	return j.report
}

// deals are the deals in order of their ids, so that a report is the same each time.
func (j *judge) deals() []rows.Deal { return byKey(j.p.Deals) }

func byKey[V any](m map[string]V) []V {
	out := make([]V, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, m[k])
	}
	return out
}
