// Package migrate brings a store from one version of its documents to the next.
//
// A store carries its version in the collection Collection; one that does not say is of version 1. A program has a List
// of migrations, and knows the versions up to the last one. It refuses a store that is newer (Gate), and one that is
// older until Run has brought it up.
//
// A migration walks one collection in order of _id and rewrites its documents some hundred at a time. A chunk and the
// place that the walk has reached are one transaction, so a process may be killed at any moment, and another, or the same
// one later, goes on behind the last chunk. Of several processes one walks, by a lease; the others wait, and take over
// when it is silent for a while. The lease only saves work: what makes two walkers harmless is that both must replace
// the one row that says where the walk is.
//
// Documents must not be written in the old form behind the walk. So the version aimed at is announced first; programs
// that run on the store look (Watch) and write nothing from then on, and the walk begins when they have had time to.
package migrate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
)

// Collection holds the store's version, and the place of a migration that is under way.
const Collection = "meta"

// Spec declares it.
func Spec() store.Spec { return store.Spec{Name: Collection, Shape: shape{}} }

// Chunk is the most documents of one transaction.
const Chunk = 500

// Migration makes a store of Version out of one of the version before.
type Migration struct {
	Version int    // from 2, without a gap
	Name    string // in words, for whoever waits for it

	// Collection is walked. Needs declares it and every other collection that Step uses, as they are to be afterwards.
	Collection string
	Needs      []store.Spec

	// Step rewrites some documents of the collection, by the store's own methods with the context, which carries the
	// transaction. It may run again, after everything it did was undone. A document that is in the new form already (Step
	// put it behind the walk's place, say) it leaves as it is.
	Step func(ctx context.Context, s store.Engine, docs []bson.Raw) error
}

// List is all migrations of a program, in order.
type List []Migration

// Known is the version that the program is written for.
func (l List) Known() int { return 1 + len(l) }

// Check refuses a list that leaves a version out.
func (l List) Check() error {
	for i, m := range l {
		if m.Version != i+2 {
			return fmt.Errorf("migration %q makes version %d, and stands where version %d is made", m.Name, m.Version, i+2)
		}
	}
	return nil
}

// State is what a store says of itself.
type State struct {
	ID      string    `bson:"_id"`
	Version int64     `bson:"version"` // of this row
	Schema  int       `bson:"schema"`  // of the documents
	Aim     int       `bson:"aim"`     // above Schema while a migration is under way
	Program string    `bson:"program"` // that wrote this row
	At      time.Time `bson:"at"`
}

// shape is what all rows of the collection have in common.
type shape struct {
	ID      string `bson:"_id"`
	Version int64  `bson:"version"`
}

const stateID = "schema"

// VersionError says that a program and a store do not fit.
type VersionError struct {
	Store   int    // version of the store, or the one that it is being brought to
	Known   int    // version of this program
	Program string // that wrote the store; empty: unknown
	Under   bool   // a migration to Store is under way
}

func (e *VersionError) Error() string {
	by := ""
	if e.Program != "" {
		by = ", written by " + e.Program
	}
	switch {
	case e.Store > e.Known && e.Under:
		return fmt.Sprintf("this store is being brought to version %d%s; this program knows up to %d", e.Store, by, e.Known)
	case e.Store > e.Known:
		return fmt.Sprintf("this store is of version %d%s; this program knows up to %d", e.Store, by, e.Known)
	}
	return fmt.Sprintf("this store is of version %d%s; this program needs version %d: `haggle migrate` brings it there", e.Store, by, e.Known)
}

// Read says of which version a store is. The collection must be known (Ensure).
func Read(ctx context.Context, s store.Engine) (State, error) {
	row, err := store.NewCollection[State](s, Collection).Get(ctx, stateID)
	if errors.Is(err, store.ErrNotFound) {
		return State{ID: stateID, Schema: 1, Aim: 1}, nil
	}
	return row, err
}

// Gate is nil where a program that knows a version fits the store; else a *VersionError.
func Gate(ctx context.Context, s store.Engine, known int) error {
	st, err := Read(ctx, s)
	if err != nil {
		return err
	}
	return st.fits(known)
}

func (s State) fits(known int) error {
	switch {
	case s.Schema > known, s.Schema < known && s.Aim <= known:
		return &VersionError{Store: s.Schema, Known: known, Program: s.Program}
	case s.Aim > known:
		return &VersionError{Store: s.Aim, Known: known, Program: s.Program, Under: true}
	}
	return nil
}

// Stamp writes the version into a store that has no row yet: one that is new is of the newest. It answers false where
// there was one.
func Stamp(ctx context.Context, s store.Engine, version int, program string) (first bool, err error) {
	err = s.Insert(ctx, Collection, must(store.Encode(State{ID: stateID, Version: 1, Schema: version, Aim: version, Program: program, At: time.Now()})))
	var twice *store.DuplicateError
	if errors.As(err, &twice) {
		return false, nil
	}
	return err == nil, err
}

func must(raw bson.Raw, err error) bson.Raw {
	if err != nil {
		panic(err) // a struct of ours always encodes
	}
	return raw
}
