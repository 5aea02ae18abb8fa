package blob

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/gcerrors"

	"haggle/internal/fault"
)

// maxKey bounds a key, in bytes.
const maxKey = 200

// keys are plain path segments: no empty one, none that begins with a dot.
var keys = regexp.MustCompile(`^[a-z0-9_-][a-z0-9_.-]*(/[a-z0-9_-][a-z0-9_.-]*)*$`)

// Bucket is a Store on any service that gocloud.dev/blob knows.
type Bucket struct {
	bucket *blob.Bucket
	dir    string // the folder behind it; empty: a service
}

// Folder opens a bucket in a folder, which is made when missing. The folder holds the blobs and nothing else: their
// type is told by the key, so no side file is needed.
func Folder(dir string) (*Bucket, error) {
	b, err := fileblob.OpenBucket(dir, &fileblob.Options{
		CreateDir: true, DirFileMode: 0o700, NoTempDir: true, Metadata: fileblob.MetadataDontWrite,
	})
	if err != nil {
		return nil, fmt.Errorf("blob: folder %s: %w", dir, err)
	}
	return &Bucket{b, dir}, nil
}

// Open opens a bucket by its URL. Its scheme must be linked into the program.
func Open(ctx context.Context, url string) (*Bucket, error) {
	b, err := blob.OpenBucket(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	return &Bucket{bucket: b}, nil
}

// Put stores data under key.
func (b *Bucket) Put(ctx context.Context, key string, data []byte) error {
	if err := check(key); err != nil {
		return err
	}
	opts := &blob.WriterOptions{ContentType: typeOf(key)}
	if err := b.bucket.Upload(ctx, key, bytes.NewReader(data), opts); err != nil {
		return fmt.Errorf("blob: put %s: %w", key, err)
	}
	return b.sync(key)
}

// sync makes what was written to a folder outlive a crash: the file, then the name in its folder.
func (b *Bucket) sync(key string) error {
	if b.dir == "" {
		return nil
	}
	file := filepath.Join(b.dir, filepath.FromSlash(key))
	for _, name := range []string{file, filepath.Dir(file)} {
		if err := syncFile(name); err != nil {
			return fmt.Errorf("blob: put %s: %w", key, err)
		}
	}
	return nil
}

func syncFile(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// Get opens the blob.
func (b *Bucket) Get(ctx context.Context, key string) (Object, error) {
	if check(key) != nil {
		return Object{}, fault.New(fault.CodeNotFound, nil)
	}
	r, err := b.bucket.NewReader(ctx, key, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return Object{}, fault.New(fault.CodeNotFound, nil).Because(err)
	}
	if err != nil {
		return Object{}, fmt.Errorf("blob: get %s: %w", key, err)
	}
	return Object{Body: r, Type: typeOf(key), Size: r.Size(), Modified: r.ModTime().UTC()}, nil
}

// Exists says whether the key is there.
func (b *Bucket) Exists(ctx context.Context, key string) (bool, error) {
	if check(key) != nil {
		return false, nil
	}
	found, err := b.bucket.Exists(ctx, key)
	if err != nil {
		return false, fmt.Errorf("blob: exists %s: %w", key, err)
	}
	return found, nil
}

// Delete removes the blob.
func (b *Bucket) Delete(ctx context.Context, key string) error {
	if err := check(key); err != nil {
		return err
	}
	if err := b.bucket.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return fmt.Errorf("blob: delete %s: %w", key, err)
	}
	return nil
}

// Close leaves the bucket.
func (b *Bucket) Close() error { return b.bucket.Close() }

func check(key string) error {
	if len(key) > maxKey || !keys.MatchString(key) {
		return fault.Invalidf("key", "not a blob's key: %q", key)
	}
	return nil
}

// types are the media types of blobs, by the key's ending; the table does not depend on the machine.
var types = map[string]string{
	".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp", ".json": "application/json", ".pdf": "application/pdf",
	".txt": "text/plain; charset=utf-8",
}

func typeOf(key string) string {
	if t, known := types[path.Ext(key)]; known {
		return t
	}
	return "application/octet-stream"
}
