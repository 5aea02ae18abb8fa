package main

import (
	"context"
	"fmt"
	"strings"

	"haggle/internal/config"
	"haggle/internal/ledger"
)

// ledgerCmd groups what can be asked of the books.
type ledgerCmd struct {
	Verify ledgerVerify `cmd:"" help:"Hold balances, holds and escrow against the journal, beside a running server."`
}

// ledgerVerify checks the invariants of the books, as they are at one moment.
type ledgerVerify struct{ config.Site }

// booksFound is what the audit of the books found.
type booksFound struct {
	OK       bool   `json:"ok"`
	Currency string `json:"currency"`
	ledger.Report
}

func (b booksFound) String() string {
	n := b.Counts
	s := fmt.Sprintf("%d transfers, %d balances, %d open holds, %d orders in %s", n.Transfers, n.Balances, n.OpenHolds, n.Orders, b.Currency)
	if b.OK {
		return "the books balance: " + s
	}
	lines := []string{"the books do not balance: " + s}
	for _, f := range b.Findings {
		lines = append(lines, fmt.Sprintf("%s %s: want %d, got %d (%s)", f.Code, f.Subject, f.Want, f.Got, f.Detail))
	}
	return strings.Join(lines, "\n")
}

// Run audits the books.
func (c *ledgerVerify) Run(ctx context.Context, t *terminal) error {
	b, err := openBooks(ctx, &c.Site, c.Logger())
	if err != nil {
		return err
	}
	defer b.close()
	found, err := b.audit(ctx)
	if err != nil {
		return err
	}
	return t.verdict(found, found.OK)
}

func (b *books) audit(ctx context.Context) (booksFound, error) {
	r, err := b.engine.VerifyLedger(ctx)
	return booksFound{OK: err == nil && r.OK(), Currency: b.currency.Code, Report: r}, err
}
