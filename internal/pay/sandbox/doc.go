// Package sandbox is a payment gateway made of rules instead of banks, for trying haggle out and for its tests. It knows
// a handful of test cards, each of which always does the same; no money moves.
//
// Like a real gateway it remembers every intent, durably and apart from haggle's own store, so that a crash between the
// gateway's answer and haggle's commit looks as it does in life. What it decides lies in [Storage] as chains of records:
// a charge, an authorisation or a payout begins a chain, what is done with it later follows. A record is never changed;
// late failures are not written down at all but follow from the time.
//
// No card number is stored or logged, only its last four digits.
package sandbox
