// Package group is the mechanism of a group buy: members pledge quantities against published tiers, and at the close
// everybody who takes part pays the same price, that of the cheapest tier which those who accept it can reach.
//
// A pledge may carry a ceiling, the highest unit price its maker accepts: a secret, opened only where he gets nothing.
// Goods that come in cases are ordered in whole ones; a tolerance says how many more pieces a member would take to
// fill a case.
//
// The running state is one row of sums per tier ([State]), so that an entry is judged without reading the crowd. The
// same few functions decide in [deal.Mechanism].Enter, at the close and in an audit: reached (the tier), cases (the
// pieces ordered) and allot (who gets them). Read those first.
package group
