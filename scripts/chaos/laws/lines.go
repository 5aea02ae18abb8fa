package laws

import (
	"strings"

	"haggle/scripts/chaos/rows"
)

// lines holds the other direction: whatever is there was asked for, once.
func (j *judge) lines() {
	law := j.law[Once]
	rowAt := map[place]rows.Entry{}
	for _, e := range j.p.Entries {
		at := place{e.Deal, e.Seq}
		if twin, twice := rowAt[at]; twice {
			law.breaks("entries %s and %s are both line %d of deal %s", twin.ID, e.ID, e.Seq, e.Deal)
		}
		rowAt[at] = e
		if e.Seq < 0 || e.Seq >= int64(len(j.logs[e.Deal])) {
			law.breaks("entry %s is line %d of deal %s, which has %d", e.ID, e.Seq, e.Deal, len(j.logs[e.Deal]))
		}
	}
	law.saw("entry rows", len(j.p.Entries))
	for _, d := range j.deals() {
		who := map[string]string{}
		for _, s := range j.p.Standings[d.ID] {
			who[s.Account] = s.Pseudonym
		}
		entered := int64(0)
		for _, l := range j.logs[d.ID] {
			at := place{d.ID, l.Seq}
			if l.Kind != "entered" && l.Kind != "opened" {
				continue
			}
			row, ok := rowAt[at]
			if !ok {
				law.breaks("line %d of deal %s has no entry row", l.Seq, d.ID)
			}
			j.claimed(at, row)
			if l.Kind == "entered" {
				entered++
				if who[row.Account] != l.Who {
					law.breaks("line %d of deal %s is by %s, its entry row by %q", l.Seq, d.ID, l.Who, who[row.Account])
				}
			}
		}
		law.saw("entered lines", int(entered))
	}
	j.deposits()
}

// claimed holds that a request asked for a line: the one whose answer names it, by the account that the row names.
func (j *judge) claimed(at place, row rows.Entry) {
	if j.Acks == nil {
		return
	}
	a, ok := j.asked[at]
	switch {
	case !ok:
		j.law[Once].breaks("nobody asked for line %d of deal %s", at.seq, at.deal)
	case a.ack.Account != row.Account:
		j.law[Once].breaks("line %d of deal %s is by %s, %s asked for it", at.seq, at.deal, row.Account, a.id)
	}
}

// deposits holds that there are no more of them than requests: those that were told, and those of unknown end.
func (j *judge) deposits() {
	if j.Acks == nil {
		return
	}
	unknown, known := map[string]int{}, map[string]bool{}
	for _, a := range j.Acks {
		if a.Path == "/wallet/deposits" && a.Known() {
			known[a.ID()] = true
		}
	}
	counted := map[string]bool{}
	for _, a := range j.Acks {
		if a.Path == "/wallet/deposits" && !known[a.ID()] && !counted[a.ID()] {
			counted[a.ID()] = true
			unknown[a.Account]++
		}
	}
	for _, t := range byKey(j.p.Transfers) {
		intent, ok := strings.CutPrefix(t.ID, "deposit:")
		if !ok {
			continue
		}
		j.law[Once].saw("deposits", 1)
		account := j.p.Intents[intent].Account
		if j.intent[intent] != "" {
			continue
		}
		if unknown[account]--; unknown[account] < 0 {
			j.law[Once].breaks("nobody asked for deposit %s of %s", intent, account)
		}
	}
}
