// Package locale holds what haggle says to people: one catalogue of messages per language and the printer that fills
// them with amounts, times and counts as that language writes them.
//
// A message is a string with {placeholders}; where the wording depends on a count it is an object with the forms
// "one" and "other". Both catalogues have the same keys and the same placeholders; a test holds that.
//
// Most callers need two functions: [Match] to choose a language, [New] to make a [Printer] for one request.
package locale
