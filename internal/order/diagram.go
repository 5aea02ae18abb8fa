package order

import (
	"fmt"
	"strings"
)

// Diagram draws the table for the documents, in Mermaid's language.
func Diagram() string {
	var b strings.Builder
	fmt.Fprintf(&b, "stateDiagram-v2\n    [*] --> %s\n", AwaitingPayment)
	for _, r := range table {
		for _, from := range r.from {
			to := r.to
			if to == "" {
				to = from
			}
			fmt.Fprintf(&b, "    %s --> %s: %s (%s)\n", from, to, r.act, names(r.by))
			if r.act == Refund {
				fmt.Fprintf(&b, "    %s --> %s: %s all (%s)\n", from, Refunded, r.act, names(r.by))
			}
		}
	}
	return b.String()
}

func names(sides []Side) string {
	out := make([]string, len(sides))
	for i, s := range sides {
		out[i] = string(s)
	}
	return strings.Join(out, ", ")
}
