// Package engine clears deals: it takes entries, lets the deal's mechanism judge them, and stores what follows in one
// durable commit, before anybody is told.
//
// Entries wait in a queue per deal; deals hash to lanes; each lane has one committer, and one commit carries the
// waiting entries of all its deals (group commit). The previous commit is the timer: a lone entry never waits for
// company. Correctness rests on none of this: every commit compares the version of each deal it writes, so two
// processes that commit to one deal cannot both win.
//
// At its deadline a deal is decided in one small commit, and what follows (log lines, orders, captures, releases) is
// written in chunks that any process can go on with.
//
// Most callers need two functions: [Engine].Open and [Engine].Submit.
package engine
