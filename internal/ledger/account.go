package ledger

import "strings"

// Account names one account of the books.
type Account string

const (
	userPrefix    = "user:"
	escrowPrefix  = "escrow:"
	gatewayPrefix = "gateway:"
)

// Fee is the site's own income.
const Fee Account = "fee"

// Available is a person's free money.
func Available(user string) Account { return Account(userPrefix + user + ":available") }

// Held is what of a person's money is put aside for deals.
func Held(user string) Account { return Account(userPrefix + user + ":held") }

// Escrow is what was paid into an order that is not completed.
func Escrow(order string) Account { return Account(escrowPrefix + order) }

// Gateway is the world outside: what came in through a gateway, negative.
func Gateway(name string) Account { return Account(gatewayPrefix + name) }

// User splits the account of a person; ok is false for the site's own accounts.
func (a Account) User() (id string, held, ok bool) {
	rest, ok := strings.CutPrefix(string(a), userPrefix)
	if !ok {
		return "", false, false
	}
	if id, ok = strings.CutSuffix(rest, ":available"); ok {
		return id, false, id != ""
	}
	id, ok = strings.CutSuffix(rest, ":held")
	return id, true, ok && id != ""
}

// Order gives the order of an escrow account.
func (a Account) Order() (id string, ok bool) {
	id, ok = strings.CutPrefix(string(a), escrowPrefix)
	return id, ok && id != ""
}

// isGateway says whether the account is the world outside.
func (a Account) isGateway() bool {
	name, ok := strings.CutPrefix(string(a), gatewayPrefix)
	return ok && name != ""
}
