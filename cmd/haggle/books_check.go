package main

import (
	"context"
	"time"

	"haggle/workers"
)

// Bounds of the check of the books that runs beside the market.
const (
	booksEvery = time.Hour
	booksBound = 10 * time.Minute
)

// booksChore holds the books against their invariants now and then, as `haggle ledger verify` does.
func (h *house) booksChore() workers.Chore {
	return workers.Chore{Name: "books", Every: booksEvery, Do: h.checkBooks}
}

// checkBooks tells metrics and log what it found. Amounts and accounts are for whoever runs the command.
func (h *house) checkBooks(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, booksBound)
	defer cancel()
	report, err := h.engine.VerifyLedger(ctx)
	if err != nil {
		return err
	}
	h.metrics.findings.Set(float64(len(report.Findings)))
	h.metrics.checked.Set(float64(time.Now().Unix()))
	for _, f := range report.Findings {
		h.log.Error("THE BOOKS DO NOT BALANCE: run `haggle ledger verify`", "finding", f.Code, "of", len(report.Findings))
	}
	return nil
}
