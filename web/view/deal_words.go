package view

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"haggle/internal/deal"
	"haggle/internal/market"
	"haggle/internal/money"
)

// line is a sentence and how it is meant: good, wrong, held or plain.
type line struct{ tone, text string }

// ownLine says where the reader stands in a deal, and what he can do.
func ownLine(p *Page, d market.DealView) line {
	switch {
	case d.Me == nil || d.Me.Role == string(deal.Owner):
		return line{}
	case d.Outcome != nil:
		return ownOutcome(p, d)
	case !d.Me.Active:
		return line{}
	case d.Kind == deal.English:
		return ownBid(p, d)
	case d.Kind == deal.Request:
		return ownQuote(p, d)
	case d.Kind == deal.Group:
		return line{"held", ownPledge(p, d)}
	}
	return line{}
}

func ownBid(p *Page, d market.DealView) line {
	if value(d.Me.Leading) && d.Standing != nil {
		return line{"good", p.T("own.lead", "now", *d.Standing, "max", value(d.Me.Maximum))}
	}
	if d.Minimum != nil {
		text := p.T("own.outbid", "minimum", *d.Minimum)
		if d.Me.Maximum != nil {
			text += p.T("text.join") + p.T("own.yourMax", "max", *d.Me.Maximum)
		}
		return line{"wrong", text}
	}
	return line{}
}

func ownQuote(p *Page, d market.DealView) line {
	if d.Me.UnitPrice == nil {
		return line{"good", p.T("own.quoteSealed")}
	}
	if d.Me.Rank != nil {
		return line{"good", p.T("own.quoteRank", "amount", *d.Me.UnitPrice, "rank", *d.Me.Rank)}
	}
	return line{"good", p.T("own.quote", "amount", *d.Me.UnitPrice)}
}

func ownPledge(p *Page, d market.DealView) string {
	text := p.T("own.joined")
	if d.Me.Quantity != nil {
		text = p.N("own.pledge", *d.Me.Quantity)
		if more := value(d.Me.Tolerance); more > 0 {
			text = p.N("own.pledgeMore", *d.Me.Quantity, "more", more)
		}
	}
	if d.Me.Ceiling != nil && d.UnitPrice != nil && *d.UnitPrice > *d.Me.Ceiling {
		text += p.T("text.join") + p.T("own.tooDear", "now", *d.UnitPrice, "ceiling", firstAccepted(d))
	}
	if d.Me.Hold != nil && d.ClosesAt != nil {
		text += p.T("text.join") + pledgeHold(p, d)
	}
	return text
}

// pledgeHold says what is held for the reader's part, and for how many pieces at which price.
func pledgeHold(p *Page, d market.DealView) string {
	hold, day := *d.Me.Hold, p.Day(d.ClosesAt.Std())
	if pieces, each := d.HeldFor(hold); pieces > 0 && hold == each*money.Amount(pieces) {
		if i := acceptedTier(d); i >= 0 && d.Tiers[i].UnitPrice < each {
			dearest := d.Tiers[i].UnitPrice
			return p.T("own.pledgeMost", "amount", dearest, "pieces", pieces, "total", dearest*money.Amount(pieces), "hold", hold, "ceiling", each, "day", day)
		}
		return p.T("own.pledgeHoldFor", "amount", hold, "day", day, "pieces", pieces, "ceiling", each)
	}
	return p.T("own.pledgeHold", "amount", hold, "day", day)
}

// firstAccepted is the dearest step that the reader accepts; their ceiling where there is none.
func firstAccepted(d market.DealView) money.Amount {
	if i := acceptedTier(d); i >= 0 {
		return d.Tiers[i].UnitPrice
	}
	return *d.Me.Ceiling
}

// acceptedTier is where the first step stands that the reader's ceiling accepts, where he has one; negative where none is.
func acceptedTier(d market.DealView) int {
	if d.Me.Ceiling == nil {
		return min(0, len(d.Tiers)-1)
	}
	return slices.IndexFunc(d.Tiers, func(t deal.TierState) bool { return t.UnitPrice <= *d.Me.Ceiling })
}

func ownOutcome(p *Page, d market.DealView) line {
	for _, a := range d.Outcome.Awards {
		if a.Mine {
			text := p.N("own.won."+tone(d.Kind), a.Quantity, "amount", a.UnitPrice, "total", a.Total)
			if held, back := cameBack(d, a); back > 0 {
				text += p.T("text.join") + p.T("own.wonBack", "amount", back, "held", held)
			}
			return line{"good", text}
		}
	}
	if !d.Me.Active || d.Me.SecondChance != nil {
		return line{}
	}
	if d.Kind == deal.Group && d.Outcome.Result != deal.Sold {
		if d.Me.Hold == nil || *d.Me.Hold == 0 {
			return line{"plain", p.T("own.freeAll")}
		}
		return line{"plain", p.T("own.free", "amount", *d.Me.Hold)}
	}
	return line{"plain", p.T("own.lost." + tone(d.Kind))}
}

// cameBack is what was held for the reader's part of a group, and how much of that he got back for an award; zeros where
// fees are in it, too.
func cameBack(d market.DealView, a market.AwardView) (held, back money.Amount) {
	if d.Kind != deal.Group || d.Me.Quantity == nil || d.Me.Ceiling == nil || len(d.Tiers) == 0 || value(TermsOf(d).Fees) != (market.FeesInput{}) {
		return 0, 0
	}
	held, err := money.Mul(min(*d.Me.Ceiling, d.Tiers[0].UnitPrice), *d.Me.Quantity+value(d.Me.Tolerance))
	if err != nil {
		return 0, 0
	}
	return held, held - a.Total
}

func outcomeLine(p *Page, d market.DealView) string {
	o := d.Outcome
	switch {
	case o.Result == deal.ResultCancel:
		return p.T("outcome.cancelled")
	case o.Result != deal.Sold:
		reason := "outcome.failed." + string(o.Reason)
		if key := reason + "." + tone(d.Kind); p.Has(key) {
			return p.T(key)
		}
		return p.Or(reason, "outcome.failed")
	case o.UnitPrice != nil && d.Kind == deal.Group:
		return p.N("outcome.group", o.Pieces, "amount", *o.UnitPrice)
	}
	if price := soldAt(d); price != nil {
		if pieces := awarded(o.Awards); d.Kind == deal.Request && pieces > 1 && int64(len(o.Awards)) == o.AwardCount {
			return p.N("outcome.request", pieces, "amount", *price, "total", *price*money.Amount(pieces))
		}
		return p.T("outcome.soldFor", "amount", *price)
	}
	return p.T("outcome.sold")
}

func awarded(awards []market.AwardView) (pieces int64) {
	for _, a := range awards {
		pieces += a.Quantity
	}
	return pieces
}

// soldAt is the one price that a deal was sold at; nil where it was not, or its awards differ.
func soldAt(d market.DealView) *money.Amount {
	o := d.Outcome
	if o == nil || o.Result != deal.Sold {
		return nil
	}
	if o.UnitPrice != nil || len(o.Awards) == 0 {
		return o.UnitPrice
	}
	price := o.Awards[0].UnitPrice
	if int64(len(o.Awards)) < o.AwardCount || slices.ContainsFunc(o.Awards, func(a market.AwardView) bool { return a.UnitPrice != price }) {
		return nil
	}
	return &price
}

// endedAt is when a deal was closed: what the log says, else when it was to close, unless that has not come yet.
func endedAt(d market.DealView, history []market.HistoryLine) *market.Time {
	for _, l := range slices.Backward(history) { // the first one: what falls through later is closed again
		if l.Kind == deal.Closed {
			return &l.At
		}
	}
	if d.ClosesAt == nil || d.ClosesAt.Std().After(d.Now.Std()) {
		return nil
	}
	return d.ClosesAt
}

// shownAwards are the awards a page lists: the first twenty, and the reader's own.
func shownAwards(all []market.AwardView) []market.AwardView {
	const most = 20
	if len(all) <= most {
		return all
	}
	shown := slices.Clone(all[:most])
	for _, a := range all[most:] {
		if a.Mine {
			shown = append(shown, a)
		}
	}
	return shown
}

func fundedLine(p *Page, d market.DealView) string {
	if d.NamedPrice == nil {
		return p.T("request.funded")
	}
	return p.T("request.fundedAmount", "amount", *d.NamedPrice*max(1, moneyOf(d.Quantity)))
}

// entryLines say how many have entered and how many people they are, and what is the lowest quote where quotes are shown.
func entryLines(p *Page, m DealPage) []string {
	d := m.Deal
	lines := []string{entryCount(p, d)}
	if d.BuyNowPrice != nil && m.open() && !m.mine() {
		lines = append(lines, p.T("buyNow.offer", "amount", *d.BuyNowPrice))
	}
	people := map[deal.Kind]string{deal.English: "count.bidders", deal.Request: "count.sellers"}[d.Kind]
	if n := entrants(m.History); people != "" && n > 0 && n < d.Entries {
		lines[0] = p.T("count.by", "count", lines[0], "people", p.N(people, n))
	}
	if d.Kind == deal.Request && d.Rule == "open" && d.Best != nil && m.open() {
		lines = append(lines, p.T("request.best", "amount", *d.Best))
	}
	return lines
}

// entrants counts those who entered, where the lines tell of all of them; else 0.
func entrants(lines []market.HistoryLine) int64 {
	if len(lines) == 0 || lines[len(lines)-1].Kind != deal.Opened {
		return 0
	}
	seen := map[string]bool{}
	for _, l := range lines {
		if l.Kind == deal.Entered {
			seen[l.Who] = true
		}
	}
	return int64(len(seen))
}

// groupLine says where a group stands and what the next step takes.
func groupLine(p *Page, d market.DealView) string {
	next, missing, ok := nextTier(d)
	switch {
	case d.Status != deal.Open:
		return ""
	case !ok:
		return p.T("group.best")
	case reachedTier(d) == 0:
		return p.N("group.toMinimum", missing, "amount", next.UnitPrice)
	}
	if missing < next.From-next.Pieces {
		return p.N("group.toNextFilled", missing, "amount", next.UnitPrice)
	}
	return p.N("group.toNext", missing, "amount", next.UnitPrice)
}

// fillLine says how many pieces of the step that is reached are ordered, where that is not what is wanted: more, since
// members would take some to fill a case, or only whole cases of it.
func fillLine(p *Page, m DealPage) string {
	d := m.Deal
	if reachedTier(d) == 0 || !m.open() {
		return ""
	}
	step := d.Tiers[reachedTier(d)-1]
	switch ordered := groupRule(d, m.Terms).Ordered(step); {
	case ordered > step.Pieces:
		return p.N("group.fill", ordered-step.Pieces, "ordered", ordered)
	case ordered < step.Pieces:
		return p.N("group.whole", ordered)
	}
	return ""
}

// plusFees says in short that a group adds something to its price; empty where it does not.
func plusFees(p *Page, t Terms) string {
	switch f := value(t.Fees); {
	case f == market.FeesInput{}:
		return ""
	case f == market.FeesInput{PerPiece: f.PerPiece}:
		return p.T("price.plus", "amount", f.PerPiece)
	case f == market.FeesInput{PerMember: f.PerMember}:
		return p.T("price.plusMember", "amount", f.PerMember)
	case f == market.FeesInput{Bill: f.Bill}:
		return p.T("price.plusBill", "amount", f.Bill)
	}
	return p.T("price.plusFees")
}

// shortFees says in short what a group adds to its price, for a piece where that can be said.
func shortFees(p *Page, d market.DealView, t Terms) string {
	if each := pieceFees(p, d, t); each > 0 {
		return p.T("price.plus", "amount", each)
	}
	return plusFees(p, t)
}

// conditionWords name the condition a thing is in, or is wanted in.
func conditionWords(p *Page, d market.DealView) string {
	words := p.Or("condition."+d.Condition, "condition.other")
	if d.Kind == deal.Request {
		return p.T("deal.wantedIn", "condition", words)
	}
	return words
}

// pieceFees is what is added to the price of a piece as the group stands, the bill split by what would be ordered; 0 where
// it cannot be said for one piece alone.
func pieceFees(p *Page, d market.DealView, t Terms) money.Amount {
	f := t.Fees
	if f == nil || f.PerMember > 0 {
		return 0
	}
	if f.Bill == 0 {
		return f.PerPiece
	}
	ordered, rule := int64(0), groupRule(d, t)
	if at := reachedTier(d); at > 0 {
		ordered = rule.Ordered(d.Tiers[at-1])
	}
	if ordered == 0 {
		return 0
	}
	return f.PerPiece + rule.BillShare(p.Currency, 1, ordered)
}

// feesLine says what is added to a group's price, and with a price for a piece alone what a piece costs in all.
func feesLine(p *Page, m DealPage) string {
	t := m.Terms
	if t.Fees == nil {
		return ""
	}
	tag := priceTag(p, m.Deal)
	switch each := pieceFees(p, m.Deal, m.Terms); {
	case tag.amount == nil || each == 0:
	case t.Fees.Bill > 0:
		return p.T("group.fees.bill", "bill", t.Fees.Bill, "amount", each, "total", *tag.amount+each)
	default:
		return p.T("group.fees.piece", "amount", each, "total", *tag.amount+each)
	}
	var list []string
	for _, fee := range []struct {
		key    string
		amount money.Amount
	}{{"group.fee.piece", t.Fees.PerPiece}, {"group.fee.member", t.Fees.PerMember}, {"group.fee.bill", t.Fees.Bill}} {
		if fee.amount > 0 {
			list = append(list, p.T(fee.key, "amount", fee.amount))
		}
	}
	if len(list) == 0 {
		return ""
	}
	return p.T("group.fees", "list", strings.Join(list, p.T("list.separator")))
}

func deliveryWords(p *Page, ways []string) string {
	words := make([]string, len(ways))
	for i, w := range ways {
		if words[i] = p.T("delivery." + w); words[i] == "delivery."+w {
			words[i] = w
		}
	}
	return strings.Join(words, p.T("list.separator"))
}

func sortedNames(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

// scoreFor is the owner's reputation in the role he has in this deal.
func scoreFor(d market.DealView) (market.ScoreView, bool) {
	role := map[deal.Kind]string{deal.English: "seller", deal.Fixed: "seller", deal.Request: "buyer", deal.Group: "organiser"}[d.Kind]
	for _, s := range d.Owner.Reputation {
		if s.Role == role {
			return s, true
		}
	}
	return market.ScoreView{}, false
}

// fewRatings is how many ratings a score needs before it tells more of the person than of their number.
const fewRatings = 20

// scoreShort is a score with the number of feedbacks behind it.
func scoreShort(p *Page, s market.ScoreView) string {
	short := p.N("score.short", s.N, "good", s.Positive, "score", scorePoints(s.Score))
	short = p.T("score.as", "role", p.Or("role."+s.Role, "role.other"), "short", short)
	if s.N < fewRatings {
		return p.T("score.few", "short", short)
	}
	return short
}

// scorePoints is a score from 0 to 100.
func scorePoints(score float64) string { return strconv.Itoa(int(score*100 + 0.5)) }

func scorePercent(score float64) string { return scorePoints(score) + "%" }

func decimals(p *Page) string {
	if _, frac, ok := strings.Cut(p.Number(0), "."); ok {
		return strconv.Itoa(len(frac))
	}
	return "0"
}
