// Package deal holds what all ways to trade share: the terms, entries and outcome of a deal, the rule that clears it
// (a [Mechanism]), and the public log that lets a stranger recompute it.
//
// Everything here is pure: no clock, no store, no randomness of its own. What a function needs comes in, what it
// decides goes out. One sub-folder per mechanism (english, fixed, request, group) implements [Mechanism]; package
// registry lists them.
//
// Most readers need two functions: [Mechanism].Enter, which accepts or refuses one entry, and [Verify], which
// recomputes a log.
package deal
