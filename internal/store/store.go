// Package store is the port to the database: documents in named collections, found by declared indexes, changed in
// transactions.
//
// Most callers need two things. A [Collection] reads and writes values of one Go type:
//
//	deals := store.NewCollection[Deal](engine, "deals")
//	d, err := deals.Get(ctx, id)
//
// and [Engine.Tx] makes several changes one:
//
//	err := engine.Tx(ctx, func(ctx context.Context) error {
//		out = nil // fn may run again: it first resets what it fills
//		d, err := deals.Get(ctx, id)
//		…
//		return deals.Replace(ctx, store.Changed[Deal]{ID: d.ID, Version: read, Doc: d})
//	})
//
// A document is BSON whichever engine keeps it, its "_id" is a string, and what is replaced by compare-and-set carries
// its version as an int64 in the field "version". Engines: store/sqlite (one file) and store/mongo (a replica set).
// store/storetest is the contract as tests; both engines pass it.
package store

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Engine keeps documents. It is safe for use by many goroutines and, over one database, by many processes.
//
// A call whose context comes from Tx belongs to that transaction: it sees the transaction's own writes, and others see
// them only after the commit. A read with any other context sees everything whose commit was acknowledged before. A
// write with any other context is a transaction of its own: it happens as a whole or not at all.
//
// Once a call inside a transaction has failed with anything but ErrNotFound, ErrNoIndex, ErrNoCollection or ErrCursor the
// transaction is lost: later calls in it answer the same error, and Tx never commits it, whatever fn returns.
//
// Every method may answer ErrUnavailable, ErrClosed, ErrNoCollection or the context's error besides those it names.
type Engine interface {
	// Name says which engine this is: "sqlite" or "mongo".
	Name() string

	// Ensure makes the collections of specs exist with exactly the indexes declared, filling new ones from the documents
	// that are there. Collections not named are left alone. It changes nothing where everything is in place, may run in
	// several processes at once, and must come before any other use of a collection. What it cannot mend (see Inspect) it
	// refuses by name.
	Ensure(ctx context.Context, specs []Spec) error

	// Tx runs fn in a transaction and commits it. fn may run several times (after a write conflict everything it did is
	// undone first), so its first line resets what it fills, and it has no effects outside the store.
	//
	// An error of fn rolls back and is returned as it is. ErrUnknown: nobody knows whether the commit happened; look, or
	// repeat with the same keys. Any other error: nothing was changed.
	//
	// The context that fn gets carries the transaction and ends with it. Tx inside Tx joins the outer one: fn runs once,
	// and its error fails the whole. Tx inside Snapshot is refused with ErrReadOnly.
	Tx(ctx context.Context, fn func(ctx context.Context) error) error

	// Snapshot runs fn once with a context whose reads all show one moment, over all collections, while others go on
	// writing. Writing there is refused with ErrReadOnly. Inside Tx it is the transaction's own view.
	Snapshot(ctx context.Context, fn func(ctx context.Context) error) error

	// Get reads one document; ErrNotFound where there is none.
	Get(ctx context.Context, coll, id string) (bson.Raw, error)

	// GetMany reads documents by id in one round trip, each once, in no particular order. Missing ones are left out.
	GetMany(ctx context.Context, coll string, ids []string) ([]bson.Raw, error)

	// Find reads a page of documents in the order of an index. ErrNoIndex where q names none that is declared; ErrCursor
	// where q.After is not the Next of a page of that index.
	Find(ctx context.Context, coll string, q Query) (Page, error)

	// FindIn reads every document in which the first field of an index is one of some strings, in one round trip and in the
	// order of the index, each once. ErrNoIndex as Find. There are no pages: the caller knows that they are few.
	FindIn(ctx context.Context, coll, index string, values []string) ([]bson.Raw, error)

	// Count counts what q finds over all pages; Limit, After and Desc do not matter. ErrNoIndex as Find.
	Count(ctx context.Context, coll string, q Query) (int64, error)

	// Insert stores new documents in one round trip. *DuplicateError where an _id or a unique key is taken.
	Insert(ctx context.Context, coll string, docs ...bson.Raw) error

	// Replace stores documents in place of the versions that were read, in one round trip. *ConflictError where any of
	// them is gone or has another version; *DuplicateError where a unique key is taken.
	Replace(ctx context.Context, coll string, docs ...Versioned) error

	// Put stores documents by _id in one round trip, whether or not they are there. *DuplicateError where a unique key
	// is taken.
	Put(ctx context.Context, coll string, docs ...bson.Raw) error

	// Delete removes documents by id in one round trip; those that are not there do not matter.
	Delete(ctx context.Context, coll string, ids ...string) error

	// Scan calls fn with every document of a collection in order of _id. It reads in chunks, so it shows one moment only
	// inside Snapshot or Tx. An error of fn ends it and is returned as it is.
	Scan(ctx context.Context, coll string, fn func(bson.Raw) error) error

	// Now is the database's clock at the moment of the return, as well as it can be known (half the round trip added),
	// in UTC, truncated to milliseconds.
	Now(ctx context.Context) (time.Time, error)

	// Dump calls fn with every document of every collection that is there, whether or not Ensure was told of it, as they
	// are at one moment, in order of the collections' names and of _id, while others go on writing. An error of fn ends it
	// and is returned as it is.
	Dump(ctx context.Context, fn func(coll string, doc bson.Raw) error) error

	// Inspect says where the database is not what Ensure would leave, in no particular order, and changes nothing.
	Inspect(ctx context.Context, specs []Spec) ([]Difference, error)

	// Close waits for running transactions and releases everything. Later calls answer ErrClosed.
	Close() error
}

// Difference is a point in which a database is not what was declared.
type Difference struct {
	Coll  string
	What  string // in words
	Mends bool   // Ensure mends it; else it refuses
}

func (d Difference) String() string { return d.Coll + ": " + d.What }

// Versioned is a document that replaces the version that was read.
type Versioned struct {
	ID      string
	Version int64    // as read
	Doc     bson.Raw // its "_id" is ID, its "version" is Version+1
}

// Hooks let a test cut the wire where it hurts. Production leaves them nil.
type Hooks struct {
	// BeforeCommit runs after fn and before the commit. Its error rolls back and becomes the result of Tx; an
	// ErrUnavailable counts as a write conflict, after which fn runs again.
	BeforeCommit func(ctx context.Context) error

	// AfterCommit runs after a commit that happened. Its error stands for an answer lost on the way back: Tx reports
	// ErrUnknown.
	AfterCommit func(ctx context.Context) error
}
