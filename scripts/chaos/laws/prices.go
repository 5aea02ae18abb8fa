package laws

import (
	"encoding/json"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/scripts/chaos/rows"
)

// prices decides every deal that is over a second time, from what clients said that they asked for and from what stands.
func (j *judge) prices() {
	for _, d := range j.deals() {
		switch d.Kind {
		case "group":
			j.group(d)
		case "english":
			j.auction(d)
		case "fixed":
			j.stock(d)
		}
	}
}

type groupTerms struct {
	Tiers []struct {
		From      int64 `bson:"from"`
		UnitPrice int64 `bson:"unitPrice"`
	} `bson:"tiers"`
	Minimum  int64 `bson:"minimum"`
	Cap      int64 `bson:"cap"`
	CaseSize int64 `bson:"caseSize"`
}

type pledge struct {
	Quantity int64 `bson:"quantity"`
	Ceiling  int64 `bson:"ceiling"`
}

// group holds a group buy: the cap always; once over, one price for all, that of the cheapest tier whose people reach it,
// and nobody above his ceiling. Cases are not computed again.
func (j *judge) group(d rows.Deal) {
	law := j.law[Prices]
	var t groupTerms
	if err := bson.Unmarshal(j.p.Papers[d.ID].Terms, &t); err != nil {
		law.breaks("group %s has no terms: %v", d.ID, err)
		return
	}
	standing, sum := map[string]pledge{}, int64(0)
	for _, s := range j.p.Standings[d.ID] {
		var p pledge
		if err := bson.Unmarshal(s.Values, &p); err != nil || !s.Active {
			continue
		}
		standing[s.Account] = p
		sum += p.Quantity
		j.ceiling(law, d, s, p)
	}
	law.saw("groups", 1)
	if t.Cap > 0 && sum > t.Cap {
		law.breaks("group %s: %d pieces are pledged, above the cap of %d", d.ID, sum, t.Cap)
	}
	if !d.Final() || d.Status == "cancelled" {
		return
	}
	tier, price := reached(t, standing)
	if t.CaseSize == 0 && (d.Decision.Tier != tier || tier > 0 && d.Decision.UnitPrice != price || (tier > 0) != (d.Status == "settled")) {
		law.breaks("group %s is %s at tier %d for %d; its pledges reach tier %d at %d", d.ID, d.Status, d.Decision.Tier, d.Decision.UnitPrice, tier, price)
		return
	}
	for _, a := range j.p.Awards[d.ID] {
		law.saw("members who pay", 1)
		p := standing[a.Account]
		switch {
		case a.UnitPrice != d.Decision.UnitPrice || a.Total != a.UnitPrice*a.Quantity:
			law.breaks("group %s: %s pays %d × %d = %d where the price is %d", d.ID, a.To, a.Quantity, a.UnitPrice, a.Total, d.Decision.UnitPrice)
		case a.UnitPrice > p.Ceiling:
			law.breaks("group %s: %s pays %d, above his ceiling of %d", d.ID, a.To, a.UnitPrice, p.Ceiling)
		case t.CaseSize == 0 && a.Quantity != p.Quantity:
			law.breaks("group %s: %s gets %d pieces of the %d he pledged", d.ID, a.To, a.Quantity, p.Quantity)
		}
	}
	if t.CaseSize == 0 && tier > 0 {
		j.everyone(law, d, standing, price)
	}
}

// everyone holds that all whose ceilings reach the price get their pieces.
func (j *judge) everyone(law *Law, d rows.Deal, standing map[string]pledge, price int64) {
	want := 0
	for _, p := range standing {
		if p.Ceiling >= price {
			want++
		}
	}
	if got := len(j.p.Awards[d.ID]); got != want {
		law.breaks("group %s: %d get their pieces, %d pay the price", d.ID, got, want)
	}
}

// ceiling holds a standing pledge against what its maker asked for, where the journal has it.
func (j *judge) ceiling(law *Law, d rows.Deal, s rows.Standing, p pledge) {
	a, ok := j.asked[place{d.ID, s.Seq}]
	if !ok {
		return
	}
	var want struct{ Quantity, Ceiling int64 }
	if err := json.Unmarshal(a.ack.Body, &want); err != nil || want.Quantity != p.Quantity || want.Ceiling != 0 && want.Ceiling != p.Ceiling {
		law.breaks("group %s: %s asked for %s, %d up to %d each stand", d.ID, a.id, a.ack.Body, p.Quantity, p.Ceiling)
	}
}

// reached is the cheapest tier (from 1) that those reach who would pay its price; 0: none.
func reached(t groupTerms, standing map[string]pledge) (tier, price int64) {
	for i, x := range slices.Backward(t.Tiers) {
		pieces := int64(0)
		for _, p := range standing {
			if p.Ceiling >= x.UnitPrice {
				pieces += p.Quantity
			}
		}
		if pieces > 0 && pieces >= max(x.From, t.Minimum) {
			return int64(i + 1), x.UnitPrice
		}
	}
	return 0, 0
}

// bid is a maximum that a client asked for and that is in the log.
type bid struct {
	account  string
	max, seq int64
}

// auction holds that the highest maximum won, the earlier of equal ones, at a price between the second one's and his own.
// It says nothing where some maximum is not in the journal, or bids were taken back.
func (j *judge) auction(d rows.Deal) {
	law := j.law[Prices]
	var bids []bid
	for _, l := range j.logs[d.ID] {
		if l.Kind == "changed" || l.Kind == "entered" && l.Body["counts"] == false {
			return
		}
		if l.Kind != "entered" {
			continue
		}
		a, ok := j.asked[place{d.ID, l.Seq}]
		var want struct{ Max int64 }
		if !ok || json.Unmarshal(a.ack.Body, &want) != nil || want.Max == 0 {
			return
		}
		bids = append(bids, bid{a.ack.Account, want.Max, l.Seq})
	}
	if !d.Final() || len(bids) == 0 || d.Status == "cancelled" {
		return
	}
	law.saw("auctions", 1)
	top, second := bid{}, bid{}
	for _, b := range bids {
		if b.max > top.max {
			top = b
		}
	}
	for _, b := range bids {
		if b.account != top.account && b.max > second.max {
			second = b
		}
	}
	awards := j.p.Awards[d.ID]
	switch {
	case len(awards) != 1:
		law.breaks("auction %s with %d bids has %d awards", d.ID, len(bids), len(awards))
	case awards[0].Account != top.account:
		law.breaks("auction %s went to %s, not to the highest maximum, line %d", d.ID, awards[0].To, top.seq)
	case awards[0].UnitPrice > top.max || awards[0].UnitPrice < second.max:
		law.breaks("auction %s: the price %d is not between %d and %d", d.ID, awards[0].UnitPrice, second.max, top.max)
	}
}

// stock holds a listing: its pieces are left, held or sold, and no more are sold than there were.
func (j *judge) stock(d rows.Deal) {
	law := j.law[Prices]
	var t struct {
		Quantity *int64 `bson:"quantity"`
	}
	var s struct {
		Left   int64 `bson:"left"`
		Unpaid int64 `bson:"unpaid"`
		Sold   int64 `bson:"sold"`
	}
	if bson.Unmarshal(j.p.Papers[d.ID].Terms, &t) != nil || bson.Unmarshal(d.State, &s) != nil {
		law.breaks("listing %s has no terms or no state", d.ID)
		return
	}
	pieces := int64(1)
	if t.Quantity != nil {
		pieces = *t.Quantity
	}
	ordered := int64(0)
	for _, o := range j.p.Orders {
		if o.Deal == d.ID && o.Status != "cancelled" {
			ordered += o.Quantity
		}
	}
	law.saw("listings", 1)
	if s.Left < 0 || s.Left+s.Unpaid+s.Sold != pieces || ordered != s.Unpaid+s.Sold {
		law.breaks("listing %s of %d pieces: %d left, %d held, %d sold, %d in orders", d.ID, pieces, s.Left, s.Unpaid, s.Sold, ordered)
	}
}
