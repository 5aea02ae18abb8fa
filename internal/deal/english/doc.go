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
//   - A bidder without a bid in force who retracts is answered not_found.
//   - Retracting one by one, a bidder cannot go back further than his newest 32 counting bids of the last hour
//     (withdrawal_locked): a standing is bounded, and a price is never computed from a part of the bids.
//   - "The last maximum of the winner", which stays closed where it can, is that of his last bid line, whether or not
//     that bid was retracted or counted.
//
// Most readers need two files: price.go, the formula, and bid.go, what a bid does. audit.go is the way into the
// verifier.
package english
