// Package demo fills an empty store with a market that looks lived in: people with histories, open deals of every kind, and
// ended ones with orders and feedback, half of it in English, half in Traditional Chinese. The photos are painted by package
// still.
//
// Everything is done by the market's own acts, in order of time, under a clock that begins two weeks ago and ends at the
// present. No row is written by hand, so all that holds for a market holds for this one. The script is fixed; only ids, salts
// and the present differ from one filling to the next.
//
// How it reads: people.go is the cast, script_*.go what they do, play_*.go how each kind of deal is played, life.go what
// becomes of orders, album.go where the photos come from.
//
// Most callers need two things: [Fill], and [Accounts] to sign in with.
package demo
