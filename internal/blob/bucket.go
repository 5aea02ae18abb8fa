package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
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

// At opens the bucket at an address: a folder, or a bucket of a service (see CheckAddress), which need not answer yet.
func At(ctx context.Context, address string) (*Bucket, error) {
	if !isService(address) {
		return Folder(address)
	}
	p, err := parseS3(address)
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	return openS3(ctx, p)
}

// Put stores data under key.
func (b *Bucket) Put(ctx context.Context, key string, data []byte) error {
	if err := check(key); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, writeBound)
	defer cancel()
	opts := &blob.WriterOptions{ContentType: typeOf(key)}
	if err := b.bucket.Upload(ctx, key, bytes.NewReader(data), opts); err != nil {
		return down("put", key, err)
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
			return down("put", key, err)
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
	ctx, cancel := context.WithTimeout(ctx, readBound)
	r, err := b.bucket.NewReader(ctx, key, nil)
	if err != nil {
		cancel()
		return Object{}, b.missing("get", key, err)
	}
	return Object{Body: &body{r, cancel}, Type: typeOf(key), Size: r.Size(), Modified: r.ModTime().UTC()}, nil
}

// body ends the bound on reading it when it is closed.
type body struct {
	io.ReadCloser
	cancel context.CancelFunc
}

func (b *body) Close() error {
	defer b.cancel()
	return b.ReadCloser.Close()
}

// Exists says whether the key is there.
func (b *Bucket) Exists(ctx context.Context, key string) (bool, error) {
	if check(key) != nil {
		return false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, answerBound)
	defer cancel()
	found, err := b.bucket.Exists(ctx, key)
	if err != nil {
		return false, down("exists", key, err)
	}
	return found, nil
}

// Delete removes the blob.
func (b *Bucket) Delete(ctx context.Context, key string) error {
	if err := check(key); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, writeBound)
	defer cancel()
	if err := b.bucket.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return down("delete", key, err)
	}
	return nil
}

// Each calls fn with every blob, in order of their keys. An error of fn ends it and is returned as it is.
func (b *Bucket) Each(ctx context.Context, fn func(key string, data []byte) error) error {
	for list := b.bucket.List(nil); ; {
		o, err := list.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return down("list", "", err)
		}
		if check(o.Key) != nil { // not ours
			continue
		}
		data, err := b.bucket.ReadAll(ctx, o.Key)
		if err != nil {
			return b.missing("get", o.Key, err)
		}
		if err := fn(o.Key, data); err != nil {
			return err
		}
	}
}

// Ready says whether the bucket is there and lets itself be read; not whether it lets itself be written.
func (b *Bucket) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, answerBound)
	defer cancel()
	if b.dir != "" {
		_, err := os.Stat(b.dir)
		return err
	}
	there, err := b.bucket.IsAccessible(ctx)
	if err == nil && !there {
		err = errors.New("there is no such bucket")
	}
	if err != nil {
		return fmt.Errorf("blob: %w", err)
	}
	return nil
}

// Close leaves the bucket.
func (b *Bucket) Close() error { return b.bucket.Close() }

// retryAfter is what those are told, in seconds, whose bucket does not answer.
const retryAfter = 5

// down refuses as unavailable what the bucket did not do.
func down(what, key string, err error) error {
	return fault.New(fault.CodeUnavailable, fault.Params{"retryAfter": int64(retryAfter)}).Because(fmt.Errorf("blob: %s %s: %w", what, key, err))
}

// missing tells a blob that is not there from a bucket that does not answer, or is gone as a whole.
func (b *Bucket) missing(what, key string, err error) error {
	if gcerrors.Code(err) != gcerrors.NotFound || noBucket(err) {
		return down(what, key, err)
	}
	if b.dir != "" {
		if gone := b.Ready(context.Background()); gone != nil {
			return down(what, key, gone)
		}
	}
	return fault.New(fault.CodeNotFound, nil).Because(err)
}

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
