package photo_test

import (
	"encoding/binary"
	"hash/crc32"
	"slices"
	"testing"
)

// tiff is an Exif block in big-endian order: the orientation and a text that must not survive.
func tiff(orientation uint16) []byte {
	b := []byte("MM\x00\x2a\x00\x00\x00\x08")
	b = binary.BigEndian.AppendUint16(b, 2)
	b = append(b, "\x01\x0e\x00\x02\x00\x00\x00\x0d\x00\x00\x00\x26"...) // ImageDescription, at 38
	b = append(b, "\x01\x12\x00\x03\x00\x00\x00\x01"...)                 // Orientation
	b = binary.BigEndian.AppendUint16(b, orientation)
	b = append(b, "\x00\x00"+"\x00\x00\x00\x00"...) // padding, no next directory
	return append(b, "SECRET-PLACE\x00"...)
}

// withExif puts an Exif block into a JPEG.
func withExif(jpg []byte, orientation uint16) []byte {
	block := append([]byte("Exif\x00\x00"), tiff(orientation)...)
	seg := binary.BigEndian.AppendUint16([]byte{0xFF, 0xE1}, uint16(len(block)+2))
	return slices.Concat(jpg[:2], seg, block, jpg[2:])
}

// withPNGExif puts an Exif chunk behind a PNG's header.
func withPNGExif(png []byte, orientation uint16) []byte {
	body := append([]byte("eXIf"), tiff(orientation)...)
	chunk := append(binary.BigEndian.AppendUint32(nil, uint32(len(body)-4)), body...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(body))
	const header = 8 + 25 // signature, IHDR
	return slices.Concat(png[:header], chunk, png[header:])
}

// withWebPExif puts an Exif chunk behind a WebP's pixels.
func withWebPExif(webp []byte, orientation uint16) []byte {
	block := tiff(orientation)
	chunk := binary.LittleEndian.AppendUint32([]byte("EXIF"), uint32(len(block)))
	chunk = append(chunk, block...)
	if len(chunk)%2 == 1 {
		chunk = append(chunk, 0)
	}
	out := slices.Concat(webp, chunk)
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out
}

// redWebP is a lossless WebP, all pixels 255, 0, 0: five prefix codes of one symbol each, so that the pixels
// themselves take no bits.
func redWebP(t *testing.T, width, height uint32) []byte {
	t.Helper()
	var w bits
	w.put(0x2f, 8)
	w.put(width-1, 14)
	w.put(height-1, 14)
	w.put(0, 1)                                          // alpha is not used
	w.put(0, 3)                                          // version
	w.put(0, 1)                                          // no transform
	w.put(0, 1)                                          // no colour cache
	w.put(0, 1)                                          // one group of prefix codes
	for _, symbol := range []uint32{0, 255, 0, 255, 0} { // green, red, blue, alpha, distance
		w.put(1, 1)      // simple code
		w.put(0, 1)      // of one symbol
		w.put(1, 1)      // of eight bits
		w.put(symbol, 8) // this one
	}
	data := w.bytes
	pad := len(data) % 2
	riff := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(12+len(data)+pad))
	riff = append(riff, "WEBPVP8L"...)
	riff = binary.LittleEndian.AppendUint32(riff, uint32(len(data)))
	return slices.Concat(riff, data, make([]byte, pad))
}

// bits writes numbers, lowest bit first.
type bits struct {
	bytes []byte
	n     int
}

func (w *bits) put(v uint32, n int) {
	for i := range n {
		if w.n%8 == 0 {
			w.bytes = append(w.bytes, 0)
		}
		w.bytes[w.n/8] |= byte(v>>i&1) << (w.n % 8)
		w.n++
	}
}
