package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"haggle/internal/blob"
)

// openPhotos opens the place of the photos. A bucket that is down is no obstacle: the market trades on without photos.
func (h *house) openPhotos(ctx context.Context) error {
	bucket, err := blob.At(ctx, h.site.PhotosAt())
	if err != nil {
		return fmt.Errorf("--photos: %w", err)
	}
	h.blobs = bucket
	h.later(bucket.Close)
	return nil
}

// photosEvery is how often a probe asks the bucket: a service counts its requests.
const photosEvery = 15 * time.Second

// photosProbe looks whether photos can be read, and remembers that for a while.
func (h *house) photosProbe() func(context.Context) error {
	var mu sync.Mutex
	var until time.Time
	var last error
	return func(ctx context.Context) error {
		mu.Lock()
		defer mu.Unlock()
		if now := time.Now(); now.After(until) {
			last = unreachable(h.blobs.Ready(ctx))
			until = now.Add(photosEvery)
		}
		return last
	}
}
