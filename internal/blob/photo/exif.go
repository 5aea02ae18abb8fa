package photo

import (
	"bytes"
	"encoding/binary"
)

// tagOrientation is the Exif tag that tells how the camera was held.
const tagOrientation = 0x0112

// orientation reads the tag from the file; 1 where there is none or it makes no sense.
func (f format) orientation(data []byte) orientation { return orientationOf(f.exif(data)) }

// orientationOf looks the tag up in the first directory of a TIFF block: a byte order, a magic number, the directory's
// offset; there a count, then entries of 12 bytes (tag, type, count, value).
func orientationOf(tiff []byte) orientation {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	dir := int64(order.Uint32(tiff[4:]))
	if dir+2 > int64(len(tiff)) {
		return 1
	}
	entries := tiff[dir+2:]
	for range order.Uint16(tiff[dir:]) {
		if len(entries) < 12 {
			return 1
		}
		if order.Uint16(entries) == tagOrientation {
			return orientation(order.Uint16(entries[8:]))
		}
		entries = entries[12:]
	}
	return 1
}

var exifHeader = []byte("Exif\x00\x00")

// exifOfJPEG walks the segments before the picture data: 0xFF, a marker, a length that counts itself, the content.
func exifOfJPEG(b []byte) []byte {
	const app1, startOfScan = 0xE1, 0xDA
	b = b[2:] // start of image
	for len(b) >= 4 && b[0] == 0xFF && b[1] != startOfScan {
		if b[1] == 0xFF { // filler
			b = b[1:]
			continue
		}
		n := int(binary.BigEndian.Uint16(b[2:]))
		if n < 2 || 2+n > len(b) {
			return nil
		}
		if tiff, found := bytes.CutPrefix(b[4:2+n], exifHeader); found && b[1] == app1 {
			return tiff
		}
		b = b[2+n:]
	}
	return nil
}

// exifOfPNG walks the chunks: a length, a name, the content, a check sum.
func exifOfPNG(b []byte) []byte {
	b = b[8:] // signature
	for len(b) >= 12 {
		n := int64(binary.BigEndian.Uint32(b))
		if n+12 > int64(len(b)) {
			return nil
		}
		if string(b[4:8]) == "eXIf" {
			return b[8 : 8+n]
		}
		b = b[n+12:]
	}
	return nil
}

// exifOfWebP walks the RIFF chunks: a name, a length, the content, padded to an even length.
func exifOfWebP(b []byte) []byte {
	b = b[min(12, len(b)):] // RIFF, size, WEBP
	for len(b) >= 8 {
		n := int64(binary.LittleEndian.Uint32(b[4:]))
		if n+8 > int64(len(b)) {
			return nil
		}
		if string(b[:4]) == "EXIF" {
			return bytes.TrimPrefix(b[8:8+n], exifHeader)
		}
		b = b[min(8+n+n%2, int64(len(b))):]
	}
	return nil
}
