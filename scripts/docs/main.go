// Command docs writes the documents that are made from code: the table of refusals, and the life of an order in
// ARCHITECTURE.md. `make check` fails where they are stale.
package main

import (
	"fmt"
	"os"
	"strings"

	"haggle/internal/fault"
	"haggle/internal/order"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "docs:", err)
		os.Exit(1)
	}
}

func run() error {
	if err := os.WriteFile("scripts/refusals.md", []byte(refusals()), 0o644); err != nil {
		return err
	}
	return replace("ARCHITECTURE.md", "order", "```mermaid\n"+order.Diagram()+"```\n")
}

// refusals is the table of every code, in order of precedence.
func refusals() string {
	var b strings.Builder
	b.WriteString("# Every refusal\n\nMade from `internal/fault` by `make generate`. Where several fit, the first row is the answer.\n\n")
	b.WriteString("| code | status | numbers | meaning |\n|---|---|---|---|\n")
	for _, m := range fault.Table() {
		fmt.Fprintf(&b, "| `%s` | %d | %s | %s |\n", m.Code, m.Status, strings.Join(m.Params, ", "), m.Text)
	}
	return b.String()
}

// replace puts text between the markers <!-- name --> and <!-- /name --> of a file.
func replace(file, name, text string) error {
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(old), "<!-- "+name+" -->\n")
	_, after, ok2 := strings.Cut(rest, "<!-- /"+name+" -->")
	if !ok || !ok2 {
		return fmt.Errorf("%s has no section %q", file, name)
	}
	return os.WriteFile(file, []byte(before+"<!-- "+name+" -->\n"+text+"<!-- /"+name+" -->"+after), 0o644)
}
