// Package english is the rule of the English auction with proxy bidding: a bid is a maximum, and the standing price is
// a function of the maxima alone.
//
//	standing = max(start; min(M1, M2 + increment(M2)) if there is an M2; the reserve if M1 ≥ reserve)
//
// M1 is the highest maximum (of equal ones the earlier leads), M2 the highest of another bidder. A reserve is hidden
// and only "met" or "not met" is shown; a buy-now price ends the auction while it is offered; bids near the end move
// the deadline (soft close).
//
// Decided where the field leaves room:
//   - The owner may end early whenever there is a leader, also while he could still cancel.
//   - Of one bidder's bids in force the newest 32 can come back when later ones are retracted; older ones cannot.
//   - A bidder without a bid in force who retracts is answered not_found.
//
// Most readers need two files: price.go and bid.go.
package english
