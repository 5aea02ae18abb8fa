// Package blob keeps bytes under a key: the photos of the market. A bucket is a folder, or an S3-compatible service by
// its URL.
//
// Blobs are written once and never changed: a key names its content.
package blob

import (
	"context"
	"io"
	"time"
)

// Store is a bucket. What it does not do because it is down is refused as `unavailable`. A key is made of lower-case letters, digits, `-`, `_`, `.` and `/`, and its ending tells the type.
type Store interface {
	// Put stores data under key, durably: nil means that it outlives a crash. Repeating it is harmless.
	Put(ctx context.Context, key string, data []byte) error

	// Get opens the blob; not_found when there is none. The caller closes the body.
	Get(ctx context.Context, key string) (Object, error)

	// Exists says whether the key is there.
	Exists(ctx context.Context, key string) (bool, error)

	// Delete removes the blob; one that is not there is no error.
	Delete(ctx context.Context, key string) error

	// Ready says whether the bucket is there and lets itself be read.
	Ready(ctx context.Context) error

	Close() error
}

// Object is an open blob.
type Object struct {
	Body     io.ReadCloser
	Type     string // media type, by the key's ending
	Size     int64  // bytes
	Modified time.Time
}
