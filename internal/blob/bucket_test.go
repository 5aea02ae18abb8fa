package blob_test

import (
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"haggle/internal/blob"
	"haggle/internal/fault"
)

// stores are the buckets that keep every promise below.
func stores(t *testing.T, test func(*testing.T, blob.Store)) {
	t.Run("folder", func(t *testing.T) {
		b, err := blob.Folder(filepath.Join(t.TempDir(), "made", "here"))
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		test(t, b)
	})
	t.Run("service", func(t *testing.T) {
		test(t, newService(t).open(t, "photos"))
	})
}

func read(t *testing.T, s blob.Store, key string) (string, blob.Object) {
	t.Helper()
	o, err := s.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Body.Close()
	data, err := io.ReadAll(o.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data), o
}

func TestStore(t *testing.T) {
	stores(t, func(t *testing.T, s blob.Store) {
		const key = "photos/ab12/320.jpg"
		if found, err := s.Exists(t.Context(), key); found || err != nil {
			t.Errorf("exists before: %v, %v", found, err)
		}
		if _, err := s.Get(t.Context(), key); !fault.Is(err, fault.CodeNotFound) {
			t.Errorf("get before: %v", err)
		}
		for range 2 {
			if err := s.Put(t.Context(), key, []byte("pixels")); err != nil {
				t.Fatal(err)
			}
		}
		data, o := read(t, s, key)
		if data != "pixels" || o.Size != 6 || o.Type != "image/jpeg" || o.Modified.IsZero() {
			t.Errorf("got %q, %+v", data, o)
		}
		if found, err := s.Exists(t.Context(), key); !found || err != nil {
			t.Errorf("exists: %v, %v", found, err)
		}
		for range 2 {
			if err := s.Delete(t.Context(), key); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Get(t.Context(), key); !fault.Is(err, fault.CodeNotFound) {
			t.Errorf("get after delete: %v", err)
		}
	})
}

func TestKeysCannotLeaveTheBucket(t *testing.T) {
	stores(t, func(t *testing.T, s blob.Store) {
		for _, key := range []string{
			"", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", ".hidden", "a/.b", "A.jpg", "a b", "a\x00", "a\n",
			"漢.jpg", strings.Repeat("a", 201),
		} {
			if err := s.Put(t.Context(), key, []byte("x")); !fault.Is(err, fault.CodeInvalid) {
				t.Errorf("put %q: %v", key, err)
			}
			if _, err := s.Get(t.Context(), key); !fault.Is(err, fault.CodeNotFound) {
				t.Errorf("get %q: %v", key, err)
			}
		}
	})
}

func TestEachSeesEveryBlob(t *testing.T) {
	stores(t, func(t *testing.T, s blob.Store) {
		want := map[string]string{"a/1.jpg": "one", "a/2.jpg": "two", "b.jpg": "three"}
		for key, data := range want {
			if err := s.Put(t.Context(), key, []byte(data)); err != nil {
				t.Fatal(err)
			}
		}
		got := map[string]string{}
		each := func(key string, data []byte) error { got[key] = string(data); return nil }
		if err := s.(*blob.Bucket).Each(t.Context(), each); err != nil || !maps.Equal(got, want) {
			t.Errorf("saw %v, %v", got, err)
		}
		enough := errors.New("enough")
		if err := s.(*blob.Bucket).Each(t.Context(), func(string, []byte) error { return enough }); !errors.Is(err, enough) {
			t.Errorf("an error of the caller: %v", err)
		}
	})
}

// unmount takes a folder away as a lost mount does.
func unmount(t *testing.T, dir string) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
}

func TestFolderHoldsTheBlobsAlone(t *testing.T) {
	dir := t.TempDir()
	b, err := blob.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Put(t.Context(), "a/b.jpg", []byte("x")); err != nil {
		t.Fatal(err)
	}
	var files []string
	_ = filepath.Walk(dir, func(p string, i os.FileInfo, _ error) error {
		if !i.IsDir() {
			files = append(files, p)
		}
		return nil
	})
	if len(files) != 1 || files[0] != filepath.Join(dir, "a", "b.jpg") {
		t.Errorf("files: %v", files)
	}
	again, err := blob.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if data, _ := read(t, again, "a/b.jpg"); data != "x" {
		t.Errorf("after a restart: %q", data)
	}
}
