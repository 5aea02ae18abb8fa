// Package sandboxbook keeps the memory of the sandbox gateway in the site's store, so that all processes of a site have one
// gateway. A gateway is somebody else's computer: what it decided is a commit of its own, never part of one of the market's.
package sandboxbook

import (
	"context"
	"errors"
	"time"

	"haggle/internal/pay/sandbox"
	"haggle/internal/store"
)

// Collection holds one document for each call that the gateway decided.
const Collection = "sandbox"

// Specs declares the collection. A place in a chain is taken once, however many processes call at once.
func Specs() []store.Spec {
	return []store.Spec{{Name: Collection, Shape: sandbox.Record{}, Indexes: []store.Index{
		{Name: "chain", Fields: []store.Field{{Path: "root"}, {Path: "seq"}}, Unique: true},
		{Name: "fails", Fields: []store.Field{{Path: "failsAt"}}, Sparse: true},
	}}}
}

// Book is a sandbox.Storage over a store that has the collections of Specs. It belongs to the store's owner, who closes it.
type Book struct {
	records *store.Collection[sandbox.Record]
}

// Open makes the book of a store.
func Open(s store.Engine) *Book { return &Book{store.NewCollection[sandbox.Record](s, Collection)} }

// Chain gives the records of the chain that intent belongs to, in order of Seq; empty when there is none.
func (b *Book) Chain(ctx context.Context, intent string) ([]sandbox.Record, error) {
	r, err := b.records.Get(apart{ctx}, intent)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return b.all(ctx, store.Query{Index: "chain", Eq: []any{r.Root}})
}

// Append adds a record in a commit of its own; sandbox.ErrTaken where its intent or its place is taken.
func (b *Book) Append(ctx context.Context, r sandbox.Record) error {
	err := b.records.Insert(apart{ctx}, r)
	var twice *store.DuplicateError
	if errors.As(err, &twice) {
		return sandbox.ErrTaken
	}
	return err
}

// Late gives the records with from ≤ FailsAt ≤ to, in order of FailsAt.
func (b *Book) Late(ctx context.Context, from, to time.Time) ([]sandbox.Record, error) {
	return b.all(ctx, store.Query{Index: "fails", From: store.AtLeast(from), To: store.AtMost(to)})
}

func (b *Book) all(ctx context.Context, q store.Query) (out []sandbox.Record, err error) {
	for {
		page, err := b.records.Find(apart{ctx}, q)
		if err != nil {
			return nil, err
		}
		out = append(out, page.Docs...)
		if q.After = page.Next; q.After == "" {
			return out, nil
		}
	}
}

// apart is a context without the transaction that it may carry: the gateway's commit is its own.
type apart struct{ context.Context }

func (apart) Value(any) any { return nil }
