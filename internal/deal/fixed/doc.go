// Package fixed is the rule of a fixed-price listing: a price, a stock, and pieces held for half an hour while their
// buyer pays.
//
// A purchase takes its pieces out of the stock at once and begins an order. The site then says that it was paid, which
// writes its award, or that it lapsed, which puts the pieces back. The listing ends sold with the payment of its last
// piece; at its deadline, where it has one, sold when anything was paid, and not before every purchase is paid or has
// lapsed.
//
// Decided where the field leaves room:
//   - The owner may cancel a listing while no purchase stands in it, paid or not (lapsed ones do not stand). Otherwise
//     he ends it early: the deadline becomes now, what was bought may still be paid, and what was paid stays sold.
//   - A moderator may always cancel; purchases not yet paid are void with it, paid ones stay orders.
//   - A purchase called off before its 30 minutes are over gives its pieces back at once and is not counted on its buyer.
//   - A second lapse of one buyer, and every further one, keeps him out of this listing for 24 h from that lapse.
//   - Best offers are accepted as a term and stored, but not offered: nothing shows them.
//
// Most readers need two files: enter_buy.go and settle.go.
package fixed
