package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"haggle/internal/store/archive"
)

// photoEnding is that of every finished photo; what ends otherwise is being written.
const photoEnding = ".jpg"

// savePhotos adds every photo of a folder. They are written once, before a document names them, so those of the documents'
// moment are there; later ones do no harm.
func savePhotos(folder string, w *archive.Writer) error {
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, photoEnding) {
			return err
		}
		key, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return w.Blob(filepath.ToSlash(key), data)
	})
	if errors.Is(err, fs.ErrNotExist) { // no photo was ever stored
		return nil
	}
	return err
}
