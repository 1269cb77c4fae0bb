package picture

import (
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"io"
)

var errWebP = errors.New("not a WebP")

// headOfWebP gives the size of the picture that is really in the file: a decoder believes that
// one, and not the frame round it, which may say less. (RFC 9649)
func headOfWebP(r io.Reader) (image.Config, error) {
	c := image.Config{ColorModel: color.NRGBAModel}
	var head [12]byte
	if _, err := io.ReadFull(r, head[:]); err != nil || string(head[:4]) != "RIFF" || string(head[8:]) != "WEBP" {
		return c, errWebP
	}
	for range 64 {
		var chunk [8]byte
		if _, err := io.ReadFull(r, chunk[:]); err != nil {
			return c, errWebP
		}
		size := int64(binary.LittleEndian.Uint32(chunk[4:]))
		switch string(chunk[:4]) {
		case "VP8 ":
			var b [10]byte
			if _, err := io.ReadFull(r, b[:]); err != nil {
				return c, errWebP
			}
			c.Width, c.Height = int(binary.LittleEndian.Uint16(b[6:])&0x3fff), int(binary.LittleEndian.Uint16(b[8:])&0x3fff)
			return c, nil
		case "VP8L":
			var b [5]byte
			if _, err := io.ReadFull(r, b[:]); err != nil {
				return c, errWebP
			}
			bits := binary.LittleEndian.Uint32(b[1:])
			c.Width, c.Height = int(bits&0x3fff)+1, int(bits>>14&0x3fff)+1
			return c, nil
		case "VP8X":
			var b [10]byte
			if _, err := io.ReadFull(r, b[:]); err != nil {
				return c, errWebP
			}
			c.Width, c.Height = 1+int24(b[4:]), 1+int24(b[7:])
			if c.Width*c.Height > MaxPoints {
				return c, nil // refused for its frame already
			}
			size -= int64(len(b))
		}
		if _, err := io.CopyN(io.Discard, r, size+size&1); err != nil {
			return c, errWebP
		}
	}
	return c, errWebP
}

func int24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }
