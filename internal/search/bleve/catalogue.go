package bleve

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// catalogue is the small file that says which generation of a folder answers, and by which schema it was built.
// Its lock keeps other processes out of the folder.
type catalogue struct{ db *bbolt.DB }

var (
	catalogueBucket = []byte("haggle")
	keyGeneration   = []byte("generation")
	keySchema       = []byte("schema")
)

// lockWait is how long another process may take to let go of the folder.
const lockWait = 2 * time.Second

func openCatalogue(folder string) (*catalogue, error) {
	path := filepath.Join(folder, "catalogue.db")
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockWait})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, fmt.Errorf("search: %s is in use by another process", folder)
	}
	if err != nil { // damaged: what it said can be rebuilt
		if err := os.Remove(path); err != nil {
			return nil, err
		}
		if db, err = bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockWait}); err != nil {
			return nil, err
		}
	}
	return &catalogue{db}, nil
}

// read gives the generation's number, 0 if there is none, and the schema it was built by, empty if it was not.
func (c *catalogue) read() (generation uint64, schema string, err error) {
	err = c.db.View(func(tx *bbolt.Tx) error {
		b := tx.Bucket(catalogueBucket)
		if b == nil {
			return nil
		}
		if raw := b.Get(keyGeneration); len(raw) == 8 {
			generation = binary.BigEndian.Uint64(raw)
		}
		schema = string(b.Get(keySchema))
		return nil
	})
	return generation, schema, err
}

func (c *catalogue) write(generation uint64, schema string) error {
	return c.db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists(catalogueBucket)
		if err != nil {
			return err
		}
		if err := b.Put(keyGeneration, binary.BigEndian.AppendUint64(nil, generation)); err != nil {
			return err
		}
		return b.Put(keySchema, []byte(schema))
	})
}

func (c *catalogue) close() error { return c.db.Close() }
