package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"haggle/internal/config"
	"haggle/internal/market"
	"haggle/internal/store"
	"haggle/internal/store/archive"
	"haggle/internal/store/migrate"
)

// backup copies the store, as it is at one moment, and the photos into a new file.
type backup struct {
	File string `arg:"" help:"New file; one that exists is not overwritten."`
	config.Site
}

// copied says what is in a backup, and what is not.
type copied struct {
	OK    bool   `json:"ok"`
	File  string `json:"file"`
	Bytes int64  `json:"bytes"`
	archive.Header
	archive.Summary
	Not string `json:"not"`
}

func (b copied) String() string {
	return fmt.Sprintf("%s holds %d documents of version %d and %d photos (%d bytes, digest %.16s); keep %s, too",
		b.File, b.Documents, b.Schema, b.Blobs, b.Bytes, b.Digest, b.Not)
}

// Run writes the copy, durable when it returns.
func (c *backup) Run(ctx context.Context, t *terminal) error {
	if err := thereIs(&c.Site); err != nil {
		return err
	}
	s, err := openEngine(ctx, &c.Site)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := c.mayCopy(ctx, s); err != nil {
		return err
	}
	out := copied{OK: true, File: c.File, Not: "the secret"}
	err = archive.Create(c.File, func(f *os.File) error {
		header := func(ctx context.Context) (archive.Header, error) {
			out.Header, err = header(ctx, s)
			return out.Header, err
		}
		out.Summary, err = archive.Save(ctx, s, f, header, func(w *archive.Writer) error { return savePhotos(ctx, &c.Site, w) })
		return err
	})
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	info, err := os.Stat(c.File)
	if err != nil {
		return err
	}
	out.Bytes = info.Size()
	return t.say(out)
}

// mayCopy refuses a store that nobody ever served, and one that is newer than this program. An older one is copied as it
// is: before a migration, say.
func (c *backup) mayCopy(ctx context.Context, s store.Engine) error {
	if err := knowVersion(ctx, s); err != nil {
		return err
	}
	if _, err := readSite(ctx, s); err != nil {
		return err
	}
	var off *migrate.VersionError
	err := migrate.Gate(ctx, s, market.Migrations().Known())
	if errors.As(err, &off) && off.Store < off.Known {
		return nil
	}
	return err
}

// header says where a backup of a store comes from; the version is read in the backup's own snapshot.
func header(ctx context.Context, s store.Engine) (archive.Header, error) {
	state, err := migrate.Read(ctx, s)
	return archive.Header{Schema: state.Schema, Program: program(), Engine: s.Name(), At: time.Now().UTC().Truncate(time.Millisecond)}, err
}
