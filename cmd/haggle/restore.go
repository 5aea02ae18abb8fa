package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/blob"
	"haggle/internal/config"
	"haggle/internal/market"
	"haggle/internal/store"
	"haggle/internal/store/archive"
	"haggle/internal/store/migrate"
)

// restore fills an empty store from a backup. Which engine the backup came from does not matter.
type restore struct {
	File  string `arg:"" type:"existingfile" help:"Backup to read."`
	Check bool   `help:"Change nothing; say whether the backup is whole."`
	config.Site
}

// restored says what came out of a backup.
type restored struct {
	OK   bool   `json:"ok"`
	File string `json:"file"`
	archive.Header
	archive.Summary
	Into string `json:"into,omitempty"`
}

func (r restored) String() string {
	s := fmt.Sprintf("%s is whole: %d documents of version %d and %d photos, of %s", r.File, r.Documents, r.Schema, r.Blobs, r.At.Format("2006-01-02 15:04:05Z"))
	if r.Into != "" {
		s += fmt.Sprintf("; %s holds the same (digest %.16s). It needs the secret of its site; the search copy is made at the next start, or by `haggle reindex`", r.Into, r.Digest)
	}
	return s
}

// Run reads the whole backup before it writes anything, and the store after it has written everything.
func (c *restore) Run(ctx context.Context, t *terminal) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	out := restored{OK: true, File: c.File}
	if out.Header, out.Summary, err = archive.Check(bufio.NewReaderSize(f, 1<<16)); err != nil {
		return fmt.Errorf("restore %s: %w", c.File, err)
	}
	if known := market.Migrations().Known(); out.Schema > known {
		return fmt.Errorf("restore: this backup is of version %d, written by %s; this program knows up to %d", out.Schema, out.Program, known)
	}
	if !c.Check {
		if _, err := f.Seek(0, 0); err != nil {
			return err
		}
		if err := c.fill(ctx, f, out); err != nil {
			return fmt.Errorf("restore: %w", err)
		}
		out.Into = place(&c.Site)
	}
	return t.say(out)
}

// fill takes everything into the store and holds it against the backup. Until then a mark in the store says that it is not
// whole: nobody serves from it, and a restore of the same backup begins again.
func (c *restore) fill(ctx context.Context, f *os.File, from restored) error {
	s, err := openEngine(ctx, &c.Site)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := c.begin(ctx, s, from); err != nil {
		return err
	}
	if err := s.Ensure(ctx, restoreSpecs(from)); err != nil {
		return err
	}
	if err := c.load(ctx, f, s); err != nil {
		return err
	}
	got, err := archive.Digest(ctx, s, isMark)
	if err != nil {
		return err
	}
	if got.Digest != from.Digest {
		return fmt.Errorf("%s does not hold what the backup does (digest %.16s, not %.16s); somebody else wrote to it", place(&c.Site), got.Digest, from.Digest)
	}
	return s.Delete(ctx, migrate.Collection, markID)
}

// restoreSpecs are the collections of a backup. Of an older version they get their indexes after the migration.
func restoreSpecs(from restored) (specs []store.Spec) {
	if from.Schema == market.Migrations().Known() {
		specs = allSpecs()
	}
	for name := range from.Collections {
		if !slices.ContainsFunc(specs, func(s store.Spec) bool { return s.Name == name }) {
			specs = append(specs, store.Spec{Name: name})
		}
	}
	return specs
}

func (c *restore) load(ctx context.Context, f *os.File, s store.Engine) error {
	photos, err := blob.At(ctx, c.PhotosAt())
	if err != nil {
		return err
	}
	defer photos.Close()
	l := &archive.Loader{Engine: s}
	_, _, err = archive.Read(bufio.NewReaderSize(f, 1<<16), archive.Visitor{
		Document: func(coll string, doc bson.Raw) error { return l.Document(ctx, coll, doc) },
		Blob:     func(key string, data []byte) error { return photos.Put(ctx, key, data) },
	})
	if err != nil {
		return err
	}
	return l.Flush(ctx)
}

// restoreMark stands in a store while a restore fills it.
type restoreMark struct {
	ID      string `bson:"_id"`
	Version int64  `bson:"version"`
	Digest  string `bson:"digest"` // of the backup
}

const markID = "restore"

func isMark(coll, id string) bool { return coll == migrate.Collection && id == markID }

// begin marks an empty store, or empties one that an earlier restore of the same backup has left.
func (c *restore) begin(ctx context.Context, s store.Engine, from restored) error {
	if err := s.Ensure(ctx, []store.Spec{migrate.Spec()}); err != nil {
		return err
	}
	marks := store.NewCollection[restoreMark](s, migrate.Collection)
	mark, err := marks.Get(ctx, markID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		if err := archive.Empty(ctx, s, nil); err != nil {
			return fmt.Errorf("%s is not empty: %w", place(&c.Site), err)
		}
		return marks.Insert(ctx, restoreMark{ID: markID, Version: 1, Digest: from.Digest})
	case err != nil:
		return err
	case mark.Digest != from.Digest:
		return fmt.Errorf("%s holds a part of another backup (digest %.16s)", place(&c.Site), mark.Digest)
	}
	return archive.Clear(ctx, s, isMark)
}

// refuseHalfRestored refuses a store that a restore has not finished.
func refuseHalfRestored(ctx context.Context, s store.Engine) error {
	_, err := store.NewCollection[restoreMark](s, migrate.Collection).Get(ctx, markID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	return errors.New("a restore into this store was not finished: repeat it")
}
