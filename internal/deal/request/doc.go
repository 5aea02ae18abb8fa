// Package request is the rule of a buyer's request: the buyer names a price, sellers quote, the buyer pays what the
// winning quote says.
//
// Four award rules are offered. [RuleFirst]: the first quote within the named price wins at once. [RuleOpen]: quotes
// are seen by all and may only fall until a soft-closing deadline. [RuleSealed]: quotes are committed and opened at
// the deadline. [RuleChoice]: the buyer picks. The named price may be hidden; then it is committed too, and no answer
// but an award at once under [RuleFirst] depends on it before the close.
//
// Decided where the field leaves room:
//   - A request with fewer sellers than it asks for, none included, fails with too_few_quotes and opens nothing.
//   - Where quotes came but none is within the named price it fails with reserve_not_met; where those within it were
//     all set aside as abnormally low, with below_minimum.
//   - A choice that nobody made by the deadline fails with owner_withdrew.
//   - Quotes bind. Under choice a seller may therefore replace his quote only by a cheaper one.
//   - Splitting belongs to the rules that rank, open and sealed; elsewhere a quote is for the whole quantity.
//
// Most readers need two files: quote.go, how a quote is judged, and rank.go, who gets what.
package request
