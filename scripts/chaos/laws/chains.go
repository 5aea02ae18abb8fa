package laws

import (
	"fmt"
	"strings"

	"haggle/scripts/chaos/canon"
	"haggle/scripts/chaos/rows"
)

// chains reads every log and holds its form: numbers without a gap, hashes, links, times that never fall, pseudonyms in the
// order of their first appearance, and an end that is the deal's.
func (j *judge) chains() {
	law := j.law[Chains]
	for _, d := range j.deals() {
		lines := j.log(law, d)
		j.logs[d.ID] = lines
		law.saw("lines", len(lines))
		if len(lines) == 0 {
			law.breaks("deal %s has no log", d.ID)
			continue
		}
		if last := lines[len(lines)-1]; last.Seq != d.Seq || last.Hash != d.Hash {
			law.breaks("deal %s: its log ends at %d %.12s, the deal says %d %.12s", d.ID, last.Seq, last.Hash, d.Seq, d.Hash)
		}
	}
	law.saw("deals", len(j.p.Deals))
	for id, s := range j.p.Segments {
		law.saw("segments", len(s))
		if _, ok := j.p.Deals[id]; !ok {
			law.breaks("there is a log of %s, which is no deal", id)
		}
	}
}

func (j *judge) log(law *Law, d rows.Deal) (all []canon.Line) {
	next, prev, at := int64(0), canon.Zero, ""
	known := map[string]bool{"owner": true, "site": true}
	for _, s := range j.p.Segments[d.ID] {
		if s.From != next || s.To-s.From+1 != int64(len(s.Lines)) {
			law.breaks("deal %s: segment %s is from %d to %d with %d lines where %d is next", d.ID, s.ID, s.From, s.To, len(s.Lines), next)
		}
		for _, raw := range s.Lines {
			l, err := canon.Parse(raw)
			where := fmt.Sprintf("deal %s, line %d", d.ID, next)
			switch {
			case err != nil:
				law.breaks("%s: %v", where, err)
				return all
			case l.Deal != d.ID || l.Seq != next:
				law.breaks("%s says that it is line %d of %s", where, l.Seq, l.Deal)
			case l.Prev != prev:
				law.breaks("%s does not follow the line before", where)
			case l.At < at:
				law.breaks("%s is of %s, earlier than the line before", where, l.At)
			case !known[l.Who] && l.Who != fmt.Sprintf("p%d", len(known)-1):
				law.breaks("%s: %s appears out of turn", where, l.Who)
			case (l.Kind == "opened") != (l.Seq == 0):
				law.breaks("%s is %s", where, l.Kind)
			}
			if strings.HasPrefix(l.Who, "p") {
				known[l.Who] = true
			}
			all = append(all, l)
			next, prev, at = next+1, l.Hash, l.At
		}
	}
	return all
}
