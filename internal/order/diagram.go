package order

import (
	"fmt"
	"strings"
)

// Diagram draws the table for the documents, in Mermaid's language: who may do what and when, where it leads, and in
// square brackets what it says about whom.
func Diagram() string {
	var b strings.Builder
	fmt.Fprintf(&b, "stateDiagram-v2\n    [*] --> %s\n", AwaitingPayment)
	for _, r := range table {
		for _, from := range r.from {
			to := r.to
			if to == "" {
				to = from
			}
			fmt.Fprintf(&b, "    %s --> %s: %s\n", from, to, r.label(string(r.act)))
			if r.act == Refund || r.act == Resolve {
				fmt.Fprintf(&b, "    %s --> %s: %s\n", from, Refunded, r.label(string(r.act)+" all"))
			}
		}
	}
	return b.String()
}

// label is what a row writes at its arrow.
func (r row) label(act string) string {
	s := act + " (" + names(r.by)
	if r.when.name != "" {
		s += ", " + r.when.name
	}
	s += ")"
	if r.mark != "" {
		s += " [" + string(r.mark) + "]"
	}
	return s
}

func names(sides []Side) string {
	out := make([]string, len(sides))
	for i, s := range sides {
		out[i] = string(s)
	}
	return strings.Join(out, ", ")
}
