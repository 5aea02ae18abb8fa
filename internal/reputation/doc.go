// Package reputation turns feedback into one score a role.
//
// A score is a careful guess: the lower bound (5 %) of the share of good experiences, as a Beta distribution knows it
// after the weighted feedback. One good trade is not trusted like a hundred. It always comes with n, and opens into the
// list of what was counted and how.
//
// Most callers need two functions: [Recompute] and [Tally].Score. The numbers here are weights, never money.
package reputation
