package archive

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

const prefixSize = 4 + sha256.Size

// link is the hash of a block: it holds the block to all before it.
func link(before [sha256.Size]byte, length, body []byte) (sum [sha256.Size]byte) {
	h := sha256.New()
	h.Write(before[:])
	h.Write(length)
	h.Write(body)
	h.Sum(sum[:0])
	return sum
}

// blockWriter writes blocks one behind the other.
type blockWriter struct {
	w        io.Writer
	sum      [sha256.Size]byte
	deflated bytes.Buffer
	flate    *flate.Writer
}

func newBlockWriter(w io.Writer) (*blockWriter, error) {
	f, err := flate.NewWriter(nil, flate.BestSpeed)
	if err != nil {
		return nil, err
	}
	_, err = io.WriteString(w, firstLine)
	return &blockWriter{w: w, sum: sha256.Sum256([]byte(firstLine)), flate: f}, err
}

func (b *blockWriter) write(records []byte) error {
	b.deflated.Reset()
	b.flate.Reset(&b.deflated)
	if _, err := b.flate.Write(records); err != nil {
		return err
	}
	if err := b.flate.Close(); err != nil {
		return err
	}
	body := b.deflated.Bytes()
	if len(body) > maxBlock {
		return fmt.Errorf("archive: a block of %d bytes", len(body))
	}
	length := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b.sum = link(b.sum, length, body)
	for _, part := range [][]byte{length, b.sum[:], body} {
		if _, err := b.w.Write(part); err != nil {
			return err
		}
	}
	return nil
}

// blockReader reads what a blockWriter wrote.
type blockReader struct {
	r     io.Reader
	sum   [sha256.Size]byte
	at    int64 // where the next block begins
	begun int64 // where the present one did
	block int   // the present one, from 1
}

// damage is an error without its place, which the reader knows.
type damage string

func (d damage) Error() string { return string(d) }

func newBlockReader(r io.Reader) (*blockReader, error) {
	b := &blockReader{r: r, sum: sha256.Sum256([]byte(firstLine)), at: int64(len(firstLine))}
	line := make([]byte, len(firstLine))
	if _, err := io.ReadFull(r, line); err != nil {
		return b, readError(err, "it is cut short")
	}
	if string(line) != firstLine {
		return b, damage("this is no archive of format 1")
	}
	return b, nil
}

// readError makes the end of the file a damage; other errors are the file's own.
func readError(err error, why string) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return damage(why)
	}
	return err
}

// next reads the records of the next block; io.EOF where the file ends before it.
func (b *blockReader) next() ([]byte, error) {
	b.begun, b.block = b.at, b.block+1
	prefix := make([]byte, prefixSize)
	if n, err := io.ReadFull(b.r, prefix); err != nil {
		if n == 0 && errors.Is(err, io.EOF) {
			return nil, io.EOF
		}
		return nil, readError(err, "it is cut short")
	}
	length := binary.BigEndian.Uint32(prefix)
	if length > maxBlock {
		return nil, damage("its length cannot be")
	}
	var body bytes.Buffer // grows with what is there, not with what the length claims
	if n, err := io.CopyN(&body, b.r, int64(length)); err != nil {
		return nil, readError(err, fmt.Sprintf("it is cut short: %d of %d bytes are there", n, length))
	}
	b.sum = link(b.sum, prefix[:4], body.Bytes())
	if !bytes.Equal(b.sum[:], prefix[4:]) {
		return nil, damage("its checksum is another")
	}
	b.at += prefixSize + int64(length)
	records, err := io.ReadAll(io.LimitReader(flate.NewReader(&body), maxBlock+1))
	if err != nil || len(records) > maxBlock {
		return nil, damage("it cannot be unpacked")
	}
	return records, nil
}
