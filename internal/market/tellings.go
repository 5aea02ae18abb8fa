package market

import "slices"

// Kinds of news that a person may choose about. What belongs to none of them comes always: what is about the account's
// security, and what asks for money by a time.
const (
	KindOutbid   = "outbid"   // somebody bids more
	KindQuotes   = "quotes"   // quotes to one's request
	KindWon      = "won"      // how deals end
	KindOrders   = "orders"   // an order moves
	KindMessages = "messages" // somebody writes
	KindWatched  = "watched"  // a deal on the watchlist, or one's group, gets on
	KindSearches = "searches" // something new fits a saved search

	// KindDigest stands for all kinds that come in the digest, in the address that turns it off.
	KindDigest = "digest"
)

// MailKinds lists the kinds in the order in which settings show them.
func MailKinds() []string {
	return []string{KindOutbid, KindQuotes, KindWon, KindOrders, KindMessages, KindWatched, KindSearches}
}

// telling says how one piece of news reaches a person. Everything in the table may be a mail.
type telling struct {
	kind   string // by which it is chosen; "": it comes always, at once
	notice bool   // it stands in the list of notices
	push   bool   // it goes to devices, unless the person says otherwise
	urgent bool   // it is of no use once its deal is over
}

var (
	letterOnly = telling{}
	vital      = telling{notice: true, push: true}
	routine    = telling{notice: true}
)

func told(kind string) telling   { return telling{kind: kind, notice: true, push: true} }
func tolled(kind string) telling { return telling{kind: kind, notice: true, push: true, urgent: true} }

// tellings is the one table of what people are told: which news, of which kind, and by which ways.
var tellings = map[string]telling{
	"confirm": letterOnly, "confirm_new": letterOnly, "reset": letterOnly, "digest": letterOnly, "pay_soon": letterOnly,
	"address_changed": routine, "password_changed": routine, "ways_cleared": routine,
	"passkey_added": routine, "passkey_removed": routine, "linked": routine, "unlinked": routine,
	"two_factor_on": routine, "two_factor_off": routine, "recovery_codes": routine,
	"token_added": routine, "token_removed": routine,
	"won": vital, "won_next": vital, "award_due": vital, "pay": vital, "deposit_failed": vital, "payment_failed": vital,

	"outbid": tolled(KindOutbid), "lost": told(KindOutbid), "no_sale": told(KindOutbid),
	"quote": told(KindQuotes), "quote_hidden": told(KindQuotes),
	"second_chance": told(KindWon), "sold_next": told(KindWon), "chance_open": told(KindWon), "chance_nobody": told(KindWon), "chance_over": told(KindWon),
	"sold": told(KindWon), "unsold": told(KindWon), "awarded": told(KindWon), "awarded_paid": told(KindWon), "award_paid": told(KindWon), "not_awarded": told(KindWon),
	"request_failed": told(KindWon), "request_failed_free": told(KindWon), "group_won": told(KindWon), "group_out": told(KindWon), "group_failed": told(KindWon),
	"group_sold": told(KindWon), "group_missed": told(KindWon), "called_off": told(KindWon), "called_off_free": told(KindWon),
	"paid": told(KindOrders), "shipped": told(KindOrders), "shipped_tracked": told(KindOrders), "completed": told(KindOrders), "completed_silent": told(KindOrders),
	"cancelled": told(KindOrders), "cancelled_back": told(KindOrders), "cancelled_seller": told(KindOrders), "lapsed": told(KindOrders), "lapsed_seller": told(KindOrders),
	"refunded": told(KindOrders), "refunded_seller": told(KindOrders), "disputed": told(KindOrders), "returned": told(KindOrders), "resolved": told(KindOrders),
	"message": told(KindMessages),
	"ending":  tolled(KindWatched), "tier": told(KindWatched),
	"saved": told(KindSearches),
}

// MailWhats lists every mail there is, in order.
func MailWhats() []string {
	all := make([]string, 0, len(tellings))
	for what := range tellings {
		all = append(all, what)
	}
	slices.Sort(all)
	return all
}

// NoticeWhats lists what may stand in the list of notices, in order.
func NoticeWhats() []string {
	return slices.DeleteFunc(MailWhats(), func(what string) bool { return !tellings[what].notice })
}

// KindOf is the kind of a piece of news; "" where it may not be turned off.
func KindOf(what string) string { return tellings[what].kind }
