// Package ledger is double entry bookkeeping: accounts, transfers whose postings sum to zero, and holds.
//
// A transfer is never changed; a correction is a new one. Its id says what it is for, so that doing a thing twice is
// noticed. Money is put aside by a hold (reserve), which ends once: posted (captured) or released.
//
// Most callers need two functions: a constructor such as [Pay] or [HoldChange], and [Apply]. Who doubts the books reads
// all of them into an [Audit].
package ledger
