package main

import (
	"context"
	"fmt"
	"os"

	"haggle/internal/config"
)

// backup copies the store, as it is at one moment, into a new file.
type backup struct {
	File string `arg:"" help:"New file; one that exists is not overwritten."`
	config.Site
}

// backedUp says what was written.
type backedUp struct {
	OK    bool   `json:"ok"`
	File  string `json:"file"`
	Bytes int64  `json:"bytes"`
	Not   string `json:"not"` // what is not in it
}

func (b backedUp) String() string {
	return fmt.Sprintf("%s holds the store (%d bytes); keep %s, too", b.File, b.Bytes, b.Not)
}

// Run writes the copy, durable when it returns.
func (c *backup) Run(ctx context.Context, t *terminal) error {
	b, err := openBooks(ctx, &c.Site, c.Logger())
	if err != nil {
		return err
	}
	defer b.close()
	if err := b.store.Backup(ctx, c.File); err != nil {
		return err
	}
	info, err := os.Stat(c.File)
	if err != nil {
		return err
	}
	return t.say(backedUp{OK: true, File: c.File, Bytes: info.Size(), Not: "the secret and the photos of " + c.Data})
}
