package store

import (
	"errors"
	"fmt"
	"strings"
)

// What can go wrong, for errors.Is. See also *ConflictError and *DuplicateError.
var (
	ErrNotFound     = errors.New("store: no such document")
	ErrNoIndex      = errors.New("store: no such index")
	ErrNoCollection = errors.New("store: no such collection")
	ErrCursor       = errors.New("store: not a cursor of this index")
	ErrReadOnly     = errors.New("store: a snapshot cannot be written to")
	ErrClosed       = errors.New("store: closed")

	// ErrUnavailable: the database did not answer, or other writers won every try. Nothing was changed.
	ErrUnavailable = errors.New("store: unavailable")

	// ErrUnknown: the commit was sent and nobody knows whether it happened.
	ErrUnknown = errors.New("store: outcome of the commit unknown")
)

// ConflictError says that documents were changed or removed since they were read.
type ConflictError struct {
	Coll string
	IDs  []string // those whose stored version is not the one that was read
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("store: %s changed since it was read: %s", e.Coll, strings.Join(e.IDs, ", "))
}

// DuplicateError says that an _id or another unique key is taken.
type DuplicateError struct {
	Coll  string
	Index string // ByID or the name of a unique index
}

func (e *DuplicateError) Error() string {
	return fmt.Sprintf("store: %s has that %s already", e.Coll, e.Index)
}

// Harmless reports whether an error of a call leaves the transaction it was made in as it was.
func Harmless(err error) bool {
	return err == nil || errors.Is(err, ErrNotFound) || errors.Is(err, ErrNoIndex) || errors.Is(err, ErrNoCollection) || errors.Is(err, ErrCursor)
}
