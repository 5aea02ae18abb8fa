// Package market holds the use cases of haggle: one file per act, named as the act is named in every other layer
// (place_bid.go, submit_quote.go, pledge.go …). An act checks who may do it, gives the entry to the engine or moves
// an order or a wallet in one transaction, and answers with a view: the complete object as pages and API show it.
//
// The API marshals views as they are, so their JSON names are the promised ones. Amounts are minor units, times
// RFC 3339 UTC with milliseconds ([Time]).
//
// Acts that change something take the [Key] of the request; with it a repeated call gets the first answer again.
package market
