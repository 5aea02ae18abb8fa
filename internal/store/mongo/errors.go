package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"

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

// passing are the codes of servers that will soon take the same call, or whose successor will: stepping down, shutting
// down, starting, unreachable behind another, or with a snapshot older than the collection (246).
var passing = []int{6, 7, 89, 91, 134, 189, 246, 262, 9001, 10107, 11600, 11602, 13435, 13436}

// ErrTooOld ends a Snapshot or a Dump that took longer than the server keeps what it shows: five minutes, unless its
// minSnapshotHistoryWindowInSeconds says otherwise.
var ErrTooOld = errors.New("store: mongo: the snapshot is older than the server remembers (minSnapshotHistoryWindowInSeconds)")

const codeSnapshotTooOld = 239

// translate turns errors of the driver into those of the port. The original stays in the chain, with its labels.
func translate(ctx context.Context, coll string, err error) error {
	switch {
	case err == nil:
		return nil
	case mongo.IsDuplicateKeyError(err):
		return duplicate(coll, err)
	case ctx.Err() != nil:
		return fmt.Errorf("store: mongo: %w (%w)", ctx.Err(), err)
	case hasCode(err, codeSnapshotTooOld):
		return fmt.Errorf("%w: %w", ErrTooOld, err)
	case errors.Is(err, mongo.ErrClientDisconnected):
		return fmt.Errorf("%w: %w", store.ErrClosed, err)
	case unavailable(err):
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	return fmt.Errorf("store: mongo: %w", err)
}

// unavailable reports whether the server could not be reached or had other things to do.
func unavailable(err error) bool {
	var connection topology.ConnectionError
	return labelled(err, transientLabel) || mongo.IsNetworkError(err) || mongo.IsTimeout(err) ||
		noServer(err) || notSent(err) || errors.As(err, &connection) || hasCode(err, passing...)
}

// notSent reports whether a call found no connection, for another call's had just failed and the driver had given up the rest.
func notSent(err error) bool {
	var cleared driver.RetryablePoolError
	return errors.As(err, &cleared)
}

// noServer reports whether a call waited for a server and none came.
func noServer(err error) bool {
	var selection topology.ServerSelectionError
	return errors.As(err, &selection)
}

// hasCode reports whether a server answered one of these codes.
func hasCode(err error, codes ...int) bool {
	var server mongo.ServerError
	return errors.As(err, &server) && slices.ContainsFunc(codes, server.HasErrorCode)
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
