// Package archive is a store in one file, whichever engine kept it: what `haggle backup` writes and `haggle restore`
// reads.
//
// Most callers need two things. Save writes everything of a store, as it is at one moment; Check reads a file from end to
// end and says whether it is whole, before Load takes it into another store.
//
// An archive is the line "haggle archive 1" and then blocks. A block is the length of its body in bytes (4, big-endian),
// a SHA-256 (32) and the body. The hash is over the hash of the block before (of the first: the hash of the first line),
// the length and the body, so that no byte, and no block, can be changed, swapped, left out or put in unnoticed. A body is
// BSON documents, one behind the other, deflated:
//
//	{header: {…}}             first, once
//	{coll, doc}               a document of a collection, in order of both
//	{blob, data}              a photo, whole
//	{end: {documents, …}}     last, once; nothing is behind it
package archive

import (
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Format is the number of the form that this package writes.
const Format = 1

const firstLine = "haggle archive 1\n"

// Bounds of a block, in bytes. A body holds records up to blockSize and one more; what claims to be longer than maxBlock
// is no block.
const (
	blockSize = 1 << 20
	maxBlock  = 96 << 20
)

// Header says where an archive comes from.
type Header struct {
	Format  int       `bson:"format" json:"format"`
	Schema  int       `bson:"schema" json:"schema"`   // version of the documents
	Program string    `bson:"program" json:"program"` // that wrote it
	Engine  string    `bson:"engine" json:"engine"`   // that kept them
	At      time.Time `bson:"at" json:"at"`           // when it was begun
}

// Summary is what an archive holds.
type Summary struct {
	Documents   int64            `bson:"documents" json:"documents"`
	Collections map[string]int64 `bson:"collections" json:"collections"` // how many documents each has
	Blobs       int64            `bson:"blobs" json:"blobs"`

	// Digest is over all documents, in order of collection and _id: two stores with the same digest hold the same.
	Digest string `bson:"digest" json:"digest"`
}

// record is one BSON document of a body.
type record struct {
	Header *Header  `bson:"header,omitempty"`
	Coll   string   `bson:"coll,omitempty"`
	Doc    bson.Raw `bson:"doc,omitempty"`
	Blob   string   `bson:"blob,omitempty"`
	Data   []byte   `bson:"data,omitempty"`
	End    *Summary `bson:"end,omitempty"`
}

// ErrDamaged says that a file is no whole archive; see *Damage.
var ErrDamaged = errors.New("not a whole archive")

// Damage says where an archive stops being one.
type Damage struct {
	At    int64  // byte of the file where the block begins
	Block int    // from 1; 0: the first line
	After string // the last sound record: collection/_id, photo; empty: none
	Why   string
}

func (d *Damage) Error() string {
	s := fmt.Sprintf("not a whole archive: block %d, at byte %d, %s", d.Block, d.At, d.Why)
	if d.After != "" {
		s += "; sound up to " + d.After
	}
	return s
}

// Unwrap makes a Damage an ErrDamaged.
func (d *Damage) Unwrap() error { return ErrDamaged }
