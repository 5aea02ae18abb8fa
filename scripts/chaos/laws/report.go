// Package laws says what must hold of a store, whatever broke while it was written.
package laws

import (
	"fmt"
	"strings"
)

// Names of the laws.
const (
	Kept    = "kept"    // nothing lost: whatever was acknowledged is there, as it was acknowledged
	Once    = "once"    // nothing twice: a key has one effect, and nothing is there that nobody asked for
	Chains  = "chains"  // logs are gapless, and hashed and chained right
	Books   = "books"   // money: transfers, balances, holds, standings, escrow and fees agree
	Settled = "settled" // what is due is settled, once
	Prices  = "prices"  // who won, at what price; ceilings, caps and stock
	Gateway = "gateway" // the gateway's own book agrees with the ledger
	Drained = "drained" // what has to be told was told
)

// Violation is one thing that must not be. A late one may heal by itself.
type Violation struct {
	What string `json:"what"`
	Late bool   `json:"late,omitempty"`
}

// Law is what was looked at for one law, and what was found.
type Law struct {
	Name       string      `json:"name"`
	Looked     []Looked    `json:"looked"`
	Violations []Violation `json:"violations"`
}

// Looked is how many of something were looked at.
type Looked struct {
	At    string `json:"at"`
	Count int    `json:"count"`
}

func (l *Law) breaks(format string, args ...any) {
	l.Violations = append(l.Violations, Violation{What: fmt.Sprintf(format, args...)})
}

// late notes what may heal by itself.
func (l *Law) late(format string, args ...any) {
	l.Violations = append(l.Violations, Violation{What: fmt.Sprintf(format, args...), Late: true})
}

// saw counts something that was looked at.
func (l *Law) saw(what string, n int) {
	for i := range l.Looked {
		if l.Looked[i].At == what {
			l.Looked[i].Count += n
			return
		}
	}
	l.Looked = append(l.Looked, Looked{what, n})
}

// Report is what all laws say.
type Report struct {
	OK           bool  `json:"ok"`
	Acknowledged int   `json:"acknowledged"` // requests that clients were told were done
	Refused      int   `json:"refused"`
	Unknown      int   `json:"unknown"` // requests whose clients were never told
	Done         int   `json:"done"`    // unknown ones that were done nevertheless
	Laws         []Law `json:"laws"`
}

// Waiting says that all that is wrong may heal by itself.
func (r Report) Waiting() bool {
	late := false
	for _, l := range r.Laws {
		for _, v := range l.Violations {
			if !v.Late {
				return false
			}
			late = true
		}
	}
	return late
}

// Count is how often a law is broken.
func (r Report) Count(law string) int {
	for _, l := range r.Laws {
		if l.Name == law {
			return len(l.Violations)
		}
	}
	return 0
}

// shown bounds how many violations of one law are printed.
const shown = 20

// String is a line a law and a line a violation.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "requests  %d acknowledged, %d refused, %d unknown of which %d were done\n", r.Acknowledged, r.Refused, r.Unknown, r.Done)
	for _, l := range r.Laws {
		var at []string
		for _, x := range l.Looked {
			at = append(at, fmt.Sprintf("%d %s", x.Count, x.At))
		}
		fmt.Fprintf(&b, "%-9s %s: %d violations\n", l.Name, strings.Join(at, ", "), len(l.Violations))
		for i, v := range l.Violations {
			if i == shown {
				fmt.Fprintf(&b, "  … and %d more\n", len(l.Violations)-shown)
				break
			}
			fmt.Fprintf(&b, "  BROKEN %s\n", v.What)
		}
	}
	return b.String()
}
