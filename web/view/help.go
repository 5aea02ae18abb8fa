package view

import (
	"strconv"

	"github.com/a-h/templ"

	"haggle/internal/deal"
	"haggle/internal/deal/english"
	"haggle/internal/market"
	"haggle/internal/money"
	"haggle/internal/order"
	"haggle/internal/reputation"
	"haggle/web/worked"
)

// HelpPage is the page of one topic, or the list of all.
type HelpPage struct {
	Topic  Topic
	Played worked.Set
	Fee    int64 // basis points
	LogKey string
	Origin string

	Operator, Contact string          // who runs the site; empty: not said
	Text              templ.Component // the operator's own text of this topic; nil: ours
}

// Topic is one subject of the help pages.
type Topic struct {
	ID   string    // in its address
	Key  string    // of its words: help.KEY, help.KEY.what, help.KEY.1 …
	Kind deal.Kind // the way to trade it is about; "": none
	Icon string
	Law  bool // a text that its operator answers for
}

// Topics lists every subject in order.
func Topics() []Topic {
	return []Topic{
		{ID: "auctions", Key: "auction", Kind: deal.English, Icon: "auction"}, {ID: "fixed-price", Key: "fixed", Kind: deal.Fixed, Icon: "fixed"},
		{ID: "requests", Key: "request", Kind: deal.Request, Icon: "request"}, {ID: "group-buys", Key: "group", Kind: deal.Group, Icon: "group"},
		{ID: "escrow", Key: "escrow", Icon: "escrow"}, {ID: "fees", Key: "fees", Icon: "free"},
		{ID: "reputation", Key: "reputation", Icon: "star"}, {ID: "verify", Key: "verify", Icon: "proof"}, {ID: "safety", Key: "safety", Icon: "warn"},
		{ID: "terms", Key: "terms", Icon: "check", Law: true}, {ID: "privacy", Key: "privacy", Icon: "eye", Law: true},
	}
}

// FindTopic finds a subject by what stands in its address.
func FindTopic(id string) (Topic, bool) {
	for _, t := range Topics() {
		if t.ID == id {
			return t, true
		}
	}
	return Topic{}, false
}

// HelpURL is the page that explains a way to trade.
func HelpURL(kind deal.Kind) string {
	for _, t := range Topics() {
		if t.Kind == kind {
			return "/help/" + t.ID
		}
	}
	return "/help"
}

// helpShelf is a row of topics on the index.
type helpShelf struct {
	Key    string
	Topics []Topic
}

func helpShelves() []helpShelf {
	all := Topics()
	return []helpShelf{{"help.ways", all[:4]}, {"help.around", all[4:9]}, {"help.house", all[9:]}}
}

// helpLines are the keys of a topic's sentences, as many as there are.
func helpLines(p *Page, t Topic) []string {
	var keys []string
	for i := 1; ; i++ {
		key := "help." + t.Key + "." + strconv.Itoa(i)
		if !p.Has(key) {
			return keys
		}
		keys = append(keys, key)
	}
}

// HelpFacts are the numbers that the sentences of help name, all out of the rules themselves.
func HelpFacts(p *Page, m HelpPage) []any {
	s := m.Played
	operator, contact := m.Operator, m.Contact
	if operator == "" {
		operator = p.T("help.operator.none")
	}
	if contact == "" {
		contact = p.T("help.contact.none")
	}
	return []any{
		"site", p.Site, "operator", operator, "contact", contact, "fee", p.Percent(m.Fee),
		"window", p.Long(s.Auction.Window), "extend", p.Long(s.Auction.Extend), "buyNow", p.Percent(english.BuyNowLeast * 100),
		"lastHours", p.Long(english.LastHours), "retractable", p.Long(english.Retractable), "longestAuction", p.Long(market.LongestAuction),
		"longestOther", p.Long(market.LongestOther), "lapsePause", p.Long(s.Fixed.LapsePause), "lastPhase", p.Long(s.Group.LongestLastPhase),
		"payAuction", p.Long(s.Auction.PayWithin), "payFixed", p.Long(s.Fixed.PayWithin), "payRequest", p.Long(s.Request.PayWithin),
		"backup", p.Long(market.BackupStands), "chance", p.Long(market.ChanceStands),
		"shipDays", order.ShippingDays, "deliverDays", order.CompleteAfterDelivery, "shippedDays", order.CompleteAfterShipping,
		"extension", order.ExtensionDays, "dispute", p.Long(order.DisputeWithin),
		"feedback", p.Long(reputation.GiveWithin), "hide", p.Long(reputation.HideFor), "halfLife", p.Long(reputation.HalfLife), "maxValue", int64(reputation.MaxValue),
	}
}

// somebody is the name of a person of the examples.
func somebody(p *Page, number string) string { return p.T("help.who." + number) }

// shownAs is a deal of an example as the ladder wants it.
func shownAs(kind deal.Kind, public deal.Public) market.DealView {
	return market.DealView{Kind: kind, Status: deal.Open, Public: public}
}

// orWord is an amount, or a word where there is none.
func orWord(p *Page, a money.Amount, key string) string {
	if a > 0 {
		return p.Money(a)
	}
	return p.T(key)
}

// fact is one line of a step of an example.
type fact struct{ Key, Value string }

// helpStep is one step of an example: who, and what came of it.
type helpStep struct {
	Who   string
	Facts []fact
}

func auctionSteps(p *Page, a worked.Auction) []helpStep {
	var steps []helpStep
	for _, b := range a.Bids {
		steps = append(steps, helpStep{somebody(p, b.By), []fact{{"help.col.max", p.Money(b.Max)}, {"help.col.price", p.Money(b.Price)},
			{"help.col.leads", somebody(p, b.Leader)}, {"help.col.next", p.Money(b.Minimum)}}})
	}
	return steps
}

func requestSteps(p *Page, r worked.Request) []helpStep {
	var steps []helpStep
	for _, q := range r.Quotes {
		steps = append(steps, helpStep{somebody(p, q.By), []fact{{"help.col.quote", p.Money(q.Price)}, {"help.col.rank", p.Int(q.Rank)}, {"help.col.best", p.Money(q.Best)}}})
	}
	return steps
}

func groupSteps(p *Page, g worked.Group) []helpStep {
	var steps []helpStep
	for _, j := range g.Joined {
		steps = append(steps, helpStep{somebody(p, j.By), []fact{{"help.col.pieces", p.Int(j.Pieces)}, {"help.col.ceiling", orWord(p, j.Ceiling, "help.none")},
			{"help.col.held", p.Money(j.Hold)}, {"help.col.sum", p.Int(j.Sum)}, {"help.col.each", orWord(p, j.Price, "help.notYet")}}})
	}
	return steps
}

func shareSteps(p *Page, g worked.Group) []helpStep {
	var steps []helpStep
	for _, s := range g.Shares {
		steps = append(steps, helpStep{somebody(p, s.By), []fact{{"help.col.pieces", p.Int(s.Pieces)}, {"help.col.held", p.Money(s.Held)},
			{"help.col.pays", p.Money(s.Pays)}, {"help.col.back", p.Money(s.Back)}}})
	}
	return steps
}

func trustSteps(p *Page, list []worked.Trust) []helpStep {
	var steps []helpStep
	for _, t := range list {
		good := p.Int(t.Good)
		if t.Same {
			good = p.T("help.reputation.same", "n", t.Good)
		}
		steps = append(steps, helpStep{"", []fact{{"help.col.good", good}, {"help.col.bad", p.Int(t.Bad)}, {"help.col.counted", p.Int(t.Score.N)},
			{"help.col.least", p.Percent(int64(t.Score.Value*100) * 100)}}})
	}
	return steps
}

// late is the bid of the example that moved the end.
func late(a worked.Auction) worked.Bid { return a.Bids[len(a.Bids)-1] }

// groupArgs are the numbers of the sentence that tells what a group's first member is told.
func groupArgs(p *Page, g worked.Group) []any {
	best := g.Before.IfMore[len(g.Before.IfMore)-1]
	return []any{"from1", g.Tiers[0].From, "price1", g.Tiers[0].UnitPrice, "from2", g.Tiers[1].From, "price2", best.UnitPrice,
		"who", somebody(p, g.Joined[0].By), "n", g.Joined[0].Pieces, "hold", g.Before.Hold, "more", best.Pieces}
}

// topicTone is the accent of a topic: that of its way to trade.
func topicTone(t Topic) string {
	if t.Kind == "" {
		return "help-plain"
	}
	return tone(t.Kind)
}
