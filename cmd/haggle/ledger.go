package main

import (
	"context"
	"fmt"
	"strings"

	"haggle/internal/config"
)

// ledgerCmd groups what can be asked of the books.
type ledgerCmd struct {
	Verify ledgerVerify `cmd:"" help:"Hold balances, holds and escrow against the journal, beside a running server."`
}

// ledgerVerify checks the invariants of the books, as they are at one moment.
type ledgerVerify struct{ config.Site }

// booksFound is what the audit of the books found.
type booksFound struct {
	OK        bool     `json:"ok"`
	Currency  string   `json:"currency"`
	Transfers int      `json:"transfers"`
	Balances  int      `json:"balances"`
	Holds     int      `json:"holds"`
	Orders    int      `json:"orders"`
	Findings  []string `json:"findings"`
}

func (b booksFound) String() string {
	s := fmt.Sprintf("%d transfers, %d balances, %d holds, %d orders in %s", b.Transfers, b.Balances, b.Holds, b.Orders, b.Currency)
	if b.OK {
		return "the books balance: " + s
	}
	return fmt.Sprintf("the books do not balance: %s\n%s", s, strings.Join(b.Findings, "\n"))
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
	a, err := b.engine.AuditBooks(ctx)
	if err != nil {
		return booksFound{}, err
	}
	found := booksFound{Currency: b.currency.Code, Transfers: a.Transfers, Balances: a.Balances, Holds: a.Holds, Orders: a.Escrows, Findings: a.Findings()}
	found.OK = len(found.Findings) == 0
	if found.OK {
		found.Findings = []string{}
	}
	return found, nil
}
