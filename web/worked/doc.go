// Package worked plays the examples of the help pages: small deals that are opened, entered and cleared by the very
// rules that decide real ones, and orders that go through the table of real ones. Whatever number an example shows came
// out of a rule; nothing of it is typed.
//
// Most callers need one function: [New].
package worked
