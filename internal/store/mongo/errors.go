package mongo

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"haggle/internal/store"
)

// Labels that servers and the driver put on errors.
const (
	transientLabel = "TransientTransactionError"
	unknownLabel   = "UnknownTransactionCommitResult"
)

func labelled(err error, label string) bool {
	var l mongo.LabeledError
	return errors.As(err, &l) && l.HasErrorLabel(label)
}

// codeSnapshotUnavailable: the snapshot is older than the collection.
const codeSnapshotUnavailable = 246

// translate turns errors of the driver into those of the port. The original stays in the chain, with its labels.
func translate(ctx context.Context, coll string, err error) error {
	var server mongo.ServerError
	switch {
	case err == nil:
		return nil
	case mongo.IsDuplicateKeyError(err):
		return duplicate(coll, err)
	case ctx.Err() != nil:
		return fmt.Errorf("store: mongo: %w (%w)", ctx.Err(), err)
	case errors.Is(err, mongo.ErrClientDisconnected):
		return fmt.Errorf("%w: %w", store.ErrClosed, err)
	case labelled(err, transientLabel), mongo.IsNetworkError(err), mongo.IsTimeout(err), !errors.As(err, &server) && selection(err),
		server != nil && server.HasErrorCode(codeSnapshotUnavailable):
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	return fmt.Errorf("store: mongo: %w", err)
}

// selection reports whether no server could be found: the driver has no type for it outside its own packages.
func selection(err error) bool {
	return strings.Contains(err.Error(), "server selection") || strings.Contains(err.Error(), "connection")
}

// duplicate reads the index out of "E11000 duplicate key error collection: db.things index: email dup key: { … }".
func duplicate(coll string, err error) error {
	_, name, _ := strings.Cut(err.Error(), " index: ")
	name, _, _ = strings.Cut(name, " dup key")
	if name == "_id_" {
		name = store.ByID
	}
	return &store.DuplicateError{Coll: coll, Index: name}
}
