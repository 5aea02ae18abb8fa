package laws

import (
	"fmt"
	"time"

	"haggle/scripts/chaos/canon"
	"haggle/scripts/chaos/rows"
)

// slack is how long after its deadline a deal may still be unsettled while the site works.
const slack = 5 * time.Second

// results are the final statuses by what closed lines say.
var results = map[string]string{"sold": "settled", "failed": "failed", "cancelled": "cancelled"}

// settled holds that every deal that is due is over, and was settled once.
func (j *judge) settled() {
	law := j.law[Settled]
	perDeal := map[string]int{}
	for _, o := range j.p.Orders {
		perDeal[o.Deal]++
	}
	for _, d := range j.deals() {
		due := d.ClosesAt != nil && j.Now.After(d.ClosesAt.Add(slack))
		var closed, awarded []canon.Line
		for _, l := range j.logs[d.ID] {
			switch l.Kind {
			case "closed":
				closed = append(closed, l)
			case "awarded":
				awarded = append(awarded, l)
			}
		}
		if len(j.p.Awards[d.ID]) != len(awarded) {
			law.breaks("deal %s has %d awards in its log and %d in rows", d.ID, len(awarded), len(j.p.Awards[d.ID]))
		}
		switch {
		case d.Final():
			law.saw("settled deals", 1)
			j.over(law, d, closed, awarded)
			if d.Kind != "fixed" && perDeal[d.ID] != len(awarded) {
				law.breaks("deal %s has %d orders for %d awards", d.ID, perDeal[d.ID], len(awarded))
			}
		case due:
			law.late("deal %s is %s, %s after its deadline", d.ID, d.Status, j.Now.Sub(*d.ClosesAt).Round(time.Second))
		case len(closed) > 0:
			law.breaks("deal %s is %s, and its log has a closed line", d.ID, d.Status)
		}
	}
}

// over holds a deal that is over: one closed line, at the end, which says what the deal and the awards say.
func (j *judge) over(law *Law, d rows.Deal, closed, awarded []canon.Line) {
	if len(closed) != 1 || closed[0].Seq != d.Seq {
		law.breaks("deal %s is %s with %d closed lines, the log ends at %d", d.ID, d.Status, len(closed), d.Seq)
		return
	}
	body := closed[0].Body
	result, _ := body["result"].(string)
	count, _ := canon.Int(body["awards"])
	awards := j.p.Awards[d.ID]
	switch {
	case d.Decision == nil || d.NextAt != nil:
		law.breaks("deal %s is %s without a decision, or still waits for something", d.ID, d.Status)
		return
	case results[result] != d.Status || d.Decision.Result != result:
		law.breaks("deal %s is %s, was decided %s and closed %s", d.ID, d.Status, d.Decision.Result, result)
	case count != d.Decision.Awards || int(count) != len(awarded):
		law.breaks("deal %s: %d awards were decided, %d closed, %d are in the log", d.ID, d.Decision.Awards, count, len(awarded))
	}
	if len(awards) != len(awarded) {
		return
	}
	for i, a := range awards {
		law.saw("awards", 1)
		if said, row := saidOf(awarded[i]), fmt.Sprintf("%s %d × %d = %d", a.To, a.Quantity, a.UnitPrice, a.Total); said != row || a.Rank != int64(i+1) {
			law.breaks("deal %s, award %d: the log says %s, the row %s", d.ID, i+1, said, row)
		}
		o, ok := j.p.Orders[a.Order]
		if !ok || o.Deal != d.ID || o.Quantity != a.Quantity || o.UnitPrice != a.UnitPrice || o.Total != a.Total+o.Fees {
			law.breaks("deal %s, award %d: its order %s is %+v", d.ID, i+1, a.Order, o)
		}
	}
}

func saidOf(l canon.Line) string {
	to, _ := l.Body["to"].(string)
	quantity, _ := canon.Int(l.Body["quantity"])
	price, _ := canon.Int(l.Body["unitPrice"])
	total, _ := canon.Int(l.Body["total"])
	return fmt.Sprintf("%s %d × %d = %d", to, quantity, price, total)
}
