package view

import (
	"strconv"
	"strings"

	"haggle/internal/deal"
	"haggle/internal/market"
	"haggle/internal/money"
)

// DealPage is one deal as its reader sees it, with the form he may be in the middle of.
type DealPage struct {
	Deal    market.DealView
	Terms   Terms
	History []market.HistoryLine // newest first
	Free    *money.Amount        // the reader's free money; nil for a guest
	Act     string               // the act whose form was sent: bid, buy, buy_now, quote, pledge, …
	Form    Form
	Preview *deal.Preview     // the answer to "what would this mean for me"
	Origin  string            // address of the site, for commands to copy
	LogKey  string            // the key that log heads are signed with
	Order   *market.OrderView // the reader's first order from it; nil: none
	Watched bool              // it is on the reader's watchlist
	Draft   bool              // it is not open yet: only its owner sees it, inside the form that opens it
}

// form is the state of one act's form: what was typed, when it is the one that was sent.
func (m DealPage) form(act string) Form {
	if m.Act == act {
		return m.Form
	}
	return Form{}
}

// previewing says that the reader is looking at the preview of this act.
func (m DealPage) previewing(act string) bool { return m.Act == act && m.Preview != nil }

// mine says that the reader opened this deal.
func (m DealPage) mine() bool { return m.Deal.Me != nil && m.Deal.Me.Role == string(deal.Owner) }

// in says that the reader has a standing entry.
func (m DealPage) in() bool { return m.Deal.Me != nil && m.Deal.Me.Active && !m.mine() }

// leads says that the reader leads an auction.
func (m DealPage) leads() bool {
	return m.in() && m.Deal.Kind == deal.English && m.Deal.Me.Leading != nil && *m.Deal.Me.Leading
}

func (m DealPage) open() bool { return m.Deal.Status == deal.Open }

// action is the address of an act. It ends where the forms are, so that the answer is shown there.
func (m DealPage) action(act string) string { return m.Deal.URL + "/" + act + "#act" }

// tag is the price of a deal in one place: what it is called, how much, and under which name it is kept up to date.
type tag struct {
	caption string
	amount  *money.Amount
	live    string
	words   string // instead of an amount
}

func priceTag(p *Page, d market.DealView) tag {
	if t, ok := outcomeTag(p, d); ok {
		return t
	}
	switch d.Kind {
	case deal.English:
		return auctionTag(p, d)
	case deal.Request:
		return requestTag(p, d)
	case deal.Group:
		return groupTag(p, d)
	default:
		return tag{caption: p.T("price.fixed"), amount: d.Price, live: "price"}
	}
}

func outcomeTag(p *Page, d market.DealView) (tag, bool) {
	if price := soldAt(d); price != nil {
		return tag{caption: p.T("price.sold." + tone(d.Kind)), amount: price}, true
	}
	return tag{}, false
}

// auctionTag says what an auction stands at, or stood at when it was over: a card knows no outcome.
func auctionTag(p *Page, d market.DealView) tag {
	now, started := standing(d)
	switch {
	case !started:
		return tag{caption: p.T("price.starts"), amount: d.Minimum, live: "minimum"}
	case d.Status == deal.Settled:
		return tag{caption: p.T("price.sold.auction"), amount: &now}
	case d.Status.Final():
		return tag{caption: p.T("price.last"), amount: &now}
	}
	return tag{caption: p.T("price.standing"), amount: &now, live: "standing"}
}

func requestTag(p *Page, d market.DealView) tag {
	switch {
	case d.NamedPrice != nil:
		return tag{caption: p.T("price.named"), amount: d.NamedPrice}
	case d.Me != nil && d.Me.NamedPrice != nil:
		return tag{caption: p.T("price.namedHidden"), amount: d.Me.NamedPrice}
	case value(d.Funded):
		return tag{caption: p.T("price.hidden"), words: p.T("price.funded")}
	}
	return tag{caption: p.T("price.hidden"), words: p.T("price.sealed")}
}

func groupTag(p *Page, d market.DealView) tag {
	if d.UnitPrice != nil && value(d.Tier) > 0 && d.Status == deal.Settled {
		return tag{caption: p.T("price.sold.group"), amount: d.UnitPrice}
	}
	if d.UnitPrice != nil && value(d.Tier) > 0 {
		return tag{caption: p.T("price.now"), amount: d.UnitPrice, live: "unitPrice"}
	}
	if len(d.Tiers) == 0 {
		return tag{caption: p.T("price.from")}
	}
	caption := "price.from"
	if d.Status.Final() {
		caption = "price.wouldBe"
	}
	return tag{caption: p.T(caption), amount: &d.Tiers[0].UnitPrice}
}

// lineup is what a person is called in a kind of deal: the owner, and those who enter.
var lineup = map[deal.Kind][2]string{
	deal.English: {"who.seller", "who.bidder"},
	deal.Fixed:   {"who.seller", "who.buyer"},
	deal.Request: {"who.requester", "who.quoter"},
	deal.Group:   {"who.organiser", "who.member"},
}

// who is how a log's pseudonym is called on a page: Bidder 3, the seller, you.
func who(p *Page, d market.DealView, pseudonym string) string {
	switch {
	case pseudonym == "":
		return p.T("who.nobody")
	case d.Me != nil && pseudonym == d.Me.Pseudonym, pseudonym == "owner" && d.Me != nil && d.Me.Role == string(deal.Owner):
		return p.T("who.you")
	case pseudonym == "owner":
		return p.T(lineup[d.Kind][0])
	case pseudonym == "site":
		return p.Site
	}
	return p.T(lineup[d.Kind][1], "n", strings.TrimPrefix(pseudonym, "p"))
}

// quotes lists the quotes of a request whose prices the rule shows, the last of each seller, cheapest first.
func quotes(lines []market.HistoryLine) []market.HistoryLine {
	seen := map[string]bool{}
	var list []market.HistoryLine
	for _, l := range lines {
		if _, open := amountOf(l.Body, "unitPrice"); !open || actOf(l) != string(deal.Quote) || seen[l.Who] {
			continue
		}
		seen[l.Who] = true
		list = append(list, l)
	}
	sortQuotes(list)
	return list
}

func verifyCommand(m DealPage) string {
	return "curl -H 'Accept: application/jsonl' " + m.Origin + logAddress(m) + " -o deal.jsonl\nhaggle verify deal.jsonl"
}

func logAddress(m DealPage) string { return "/api/v1/deals/" + m.Deal.ID + "/log" }

func idOf(n int64) string { return strconv.FormatInt(n, 10) }

// moneyOf is a count as a factor of an amount.
func moneyOf(n *int64) money.Amount { return money.Amount(value(n)) }
