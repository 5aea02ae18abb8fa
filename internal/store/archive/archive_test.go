package archive_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
	"haggle/internal/store/archive"
	"haggle/internal/store/sqlite"
)

var bg = context.Background()

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func doc(t testing.TB, id string, pad int) bson.Raw {
	t.Helper()
	raw, err := bson.Marshal(bson.D{{Key: "_id", Value: id}, {Key: "version", Value: int64(1)}, {Key: "pad", Value: strings.Repeat("x", pad)}})
	ok(t, err)
	return raw
}

// written is an archive of some documents and photos; large ones make several blocks.
func written(t testing.TB, pad int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := archive.NewWriter(&b, archive.Header{Schema: 7, Program: "the test", Engine: "none"})
	ok(t, err)
	for i := range 5 {
		ok(t, w.Document("deals", doc(t, fmt.Sprint("d", i), pad)))
	}
	ok(t, w.Document("orders", doc(t, "o", 0)))
	ok(t, w.Blob("photos/a.jpg", []byte{1, 2, 3}))
	_, err = w.Close()
	ok(t, err)
	return b.Bytes()
}

func TestAnArchiveGivesBackWhatItTook(t *testing.T) {
	for _, pad := range []int{0, 700_000} {
		var got []string
		h, sum, err := archive.Read(bytes.NewReader(written(t, pad)), archive.Visitor{
			Header: func(h archive.Header) error { got = append(got, h.Program); return nil },
			Document: func(coll string, d bson.Raw) error {
				got = append(got, coll+"/"+d.Lookup("_id").StringValue())
				return nil
			},
			Blob: func(key string, data []byte) error { got = append(got, fmt.Sprint(key, data)); return nil },
		})
		ok(t, err)
		if s := fmt.Sprint(got); s != "[the test deals/d0 deals/d1 deals/d2 deals/d3 deals/d4 orders/o photos/a.jpg[1 2 3]]" {
			t.Error(s)
		}
		if h.Schema != 7 || h.Format != archive.Format || sum.Documents != 6 || sum.Blobs != 1 || sum.Collections["deals"] != 5 || len(sum.Digest) != 64 {
			t.Errorf("%+v, %+v", h, sum)
		}
	}
}

// TestEveryByteCounts flips a bit of every byte, and cuts the file at every byte.
func TestEveryByteCounts(t *testing.T) {
	whole := written(t, 0)
	for at := range whole {
		flipped := bytes.Clone(whole)
		flipped[at] ^= 1 << (at % 8)
		damaged(t, fmt.Sprint("a bit of byte ", at), flipped)
		damaged(t, fmt.Sprint("cut at ", at), whole[:at])
	}
	damaged(t, "something behind it", append(bytes.Clone(whole), 0))
	damaged(t, "twice", append(bytes.Clone(whole), whole...))
}

func damaged(t *testing.T, what string, file []byte) *archive.Damage {
	t.Helper()
	_, _, err := archive.Check(bytes.NewReader(file))
	var d *archive.Damage
	if !errors.As(err, &d) || !errors.Is(err, archive.ErrDamaged) || d.At > int64(len(file)) {
		t.Fatalf("%s: %v", what, err)
	}
	return d
}

// blocks cuts an archive into its blocks, the first line apart.
func blocks(t testing.TB, file []byte) (line []byte, out [][]byte) {
	t.Helper()
	n := bytes.IndexByte(file, '\n') + 1
	line, file = file[:n], file[n:]
	for len(file) > 0 {
		size := 4 + sha256.Size + int(binary.BigEndian.Uint32(file))
		out, file = append(out, file[:size]), file[size:]
	}
	return line, out
}

// TestBlocksStayInTheirOrder swaps, leaves out and repeats whole blocks, each of them sound, and says where.
func TestBlocksStayInTheirOrder(t *testing.T) {
	line, all := blocks(t, written(t, 700_000))
	if len(all) < 4 {
		t.Fatalf("%d blocks", len(all))
	}
	put := func(bs ...[]byte) []byte { return bytes.Join(append([][]byte{line}, bs...), nil) }
	rest := bytes.Join(all[3:], nil)
	for name, file := range map[string][]byte{
		"swapped":  put(all[0], all[2], all[1], rest),
		"left out": put(all[0], all[2], rest),
		"repeated": put(all[0], all[1], all[1], all[2], rest),
	} {
		if d := damaged(t, name, file); d.Block < 2 || d.Block > 3 || d.Why != "its checksum is another" {
			t.Errorf("%s: %v", name, d)
		}
	}
	flipped := put(all...)
	at := len(flipped) - len(all[len(all)-1]) - 1 // in the last block but one
	flipped[at] ^= 1
	if d := damaged(t, "a bit", flipped); d.Block != len(all)-1 || d.At > int64(at) || !strings.HasPrefix(d.After, "deals/d") {
		t.Errorf("a bit of block %d at %d: %v", len(all)-1, at, d)
	}
}

// TestAHugeLengthAllocatesNothing: a block claims more than there is.
func TestAHugeLengthAllocatesNothing(t *testing.T) {
	file := written(t, 0)
	n := bytes.IndexByte(file, '\n') + 1
	for _, length := range []uint32{90 << 20, 1 << 31} {
		binary.BigEndian.PutUint32(file[n:], length)
		damaged(t, fmt.Sprint("a length of ", length), file)
	}
}

func TestAStoreGoesThroughAnArchive(t *testing.T) {
	open := func(specs ...store.Spec) store.Engine {
		e, err := sqlite.Open(t.TempDir(), store.Hooks{})
		ok(t, err)
		t.Cleanup(func() { _ = e.Close() })
		ok(t, e.Ensure(bg, specs))
		return e
	}
	deals, more := store.Spec{Name: "deals", Indexes: []store.Index{{Name: "v", Fields: []store.Field{{Path: "version"}}}}}, store.Spec{Name: "more"}
	from := open(deals, more)
	for i := range 1300 {
		ok(t, from.Insert(bg, "deals", doc(t, fmt.Sprintf("d%05d", i), i%50)))
	}
	ok(t, from.Insert(bg, "more", doc(t, "m", 10)))
	var b bytes.Buffer
	header := func(context.Context) (archive.Header, error) { return archive.Header{Schema: 1}, nil }
	sum, err := archive.Save(bg, from, &b, header, nil)
	ok(t, err)
	into := open(deals, more)
	ok(t, archive.Empty(bg, into, nil))
	l := &archive.Loader{Engine: into}
	_, _, err = archive.Read(bytes.NewReader(b.Bytes()), archive.Visitor{Document: func(coll string, d bson.Raw) error { return l.Document(bg, coll, d) }})
	ok(t, err)
	ok(t, l.Flush(bg))
	got, err := archive.Digest(bg, into, nil)
	ok(t, err)
	if got.Digest != sum.Digest || got.Documents != 1301 {
		t.Errorf("%+v, want %+v", got, sum)
	}
	if n, err := into.Count(bg, "deals", store.Query{Index: "v"}); err != nil || n != 1300 {
		t.Errorf("%d in the index, %v", n, err)
	}
	if err := archive.Empty(bg, into, nil); err == nil || err.Error() != "there are documents in deals" {
		t.Errorf("it is empty: %v", err)
	}
	ok(t, archive.Clear(bg, into, func(_, id string) bool { return id == "m" }))
	if err := archive.Empty(bg, into, func(_, id string) bool { return id == "m" }); err != nil {
		t.Error(err)
	}
	if archive.Empty(bg, into, nil) == nil {
		t.Error("what was to be kept is gone")
	}
}

func TestCreateWritesAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	write := func(s string, err error) error {
		return archive.Create(path, func(f *os.File) error {
			_, e := io.WriteString(f, s)
			return errors.Join(e, err)
		})
	}
	broken := errors.New("broken")
	if err := write("half", broken); !errors.Is(err, broken) {
		t.Error(err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	ok(t, write("whole", nil))
	if err := write("other", nil); !errors.Is(err, os.ErrExist) {
		t.Error(err)
	}
	b, err := os.ReadFile(path)
	ok(t, err)
	info, err := os.Stat(path)
	ok(t, err)
	if left, _ := os.ReadDir(dir); string(b) != "whole" || info.Mode().Perm() != 0o600 || len(left) != 1 {
		t.Errorf("%q, mode %v, %d files", b, info.Mode(), len(left))
	}
}
