// Package order is the life of an order: a table of states, who may move it, by when, and what money moves.
//
// A step is pure: it takes the order, who acts and the time, and gives the order after it and the moves of money that
// the caller books in the same transaction. What the table does not allow is refused and changes nothing.
//
// Most callers need two functions: [Step] and [Can].
package order
