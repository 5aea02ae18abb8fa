package bleve

import (
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"time"

	"haggle/internal/search"
)

// row is what filters, facets and orders need of one deal. Its strings are numbers of the generation's lists.
type row struct {
	id         string
	version    int64
	price      int64 // 0 = none shown
	created    int64 // Unix milliseconds
	closes     int64 // Unix milliseconds; never for what stays open
	popularity int64
	length     int32 // characters of the title

	kind, status, condition, owner, category uint32
}

const never = math.MaxInt64

// pathSeparator joins the ids of a category path; no id has it.
const pathSeparator = "\x1f"

// stored is a row as it lies on disk.
type stored struct {
	id      string
	numbers [5]int64  // version, price, created, closes, popularity
	strings [5]string // kind, status, condition, owner, category path
	title   string
}

// storedOf is a deal's row.
func storedOf(d search.Document) stored {
	return stored{
		id:      d.ID,
		numbers: [5]int64{d.Version, int64(d.Price), d.CreatedAt.UnixMilli(), closing(d.ClosesAt), d.Popularity},
		strings: [5]string{d.Kind, d.Status, d.Condition, d.Owner, strings.Join(d.Path(), pathSeparator)},
		title:   d.Title,
	}
}

func (s stored) encode() []byte {
	var out []byte
	for _, n := range s.numbers {
		out = binary.AppendVarint(out, n)
	}
	for _, w := range []string{s.id, s.strings[0], s.strings[1], s.strings[2], s.strings[3], s.strings[4], s.title} {
		out = binary.AppendUvarint(out, uint64(len(w)))
		out = append(out, w...)
	}
	return out
}

func closing(t time.Time) int64 {
	if t.IsZero() {
		return never
	}
	return t.UnixMilli()
}

var errRow = errors.New("search: a stored row is damaged")

func decodeRow(raw []byte) (stored, error) {
	var s stored
	for i := range s.numbers {
		n, size := binary.Varint(raw)
		if size <= 0 {
			return stored{}, errRow
		}
		s.numbers[i], raw = n, raw[size:]
	}
	for _, word := range []*string{&s.id, &s.strings[0], &s.strings[1], &s.strings[2], &s.strings[3], &s.strings[4], &s.title} {
		n, size := binary.Uvarint(raw)
		if size <= 0 || n > uint64(len(raw)-size) {
			return stored{}, errRow
		}
		*word = string(raw[size : size+int(n)])
		raw = raw[size+int(n):]
	}
	return s, nil
}
