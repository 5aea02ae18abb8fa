package laws

import "time"

// drained holds that what has to be told was told: nothing waits in the outbox for long.
func (j *judge) drained() {
	law := j.law[Drained]
	for _, o := range j.p.Outbox {
		law.saw("outbox rows", 1)
		if age := j.Now.Sub(o.At); j.Final || age > j.Stale {
			law.late("%s waits in the outbox since %s", o.ID, age.Round(time.Second))
		}
	}
	if len(j.p.Outbox) == 0 {
		law.saw("outbox rows", 0)
	}
}
