package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"

	"haggle/internal/blob"
	"haggle/internal/config"
	"haggle/internal/market"
	"haggle/internal/store/archive"
)

// savePhotos adds every photo. They are written once, before a document names them, so those of the documents' moment are
// there; later ones do no harm.
func savePhotos(ctx context.Context, site *config.Site, w *archive.Writer) error {
	if site.Photos == "" {
		if _, err := os.Stat(site.PhotosAt()); errors.Is(err, fs.ErrNotExist) { // no photo was ever stored
			return nil
		}
	}
	bucket, err := blob.At(ctx, site.PhotosAt())
	if err != nil {
		return err
	}
	defer bucket.Close()
	return bucket.Each(ctx, func(key string, data []byte) error {
		if _, photo := market.PhotoVariant(path.Base(key)); !photo {
			return nil // it is being written
		}
		return w.Blob(key, data)
	})
}
