package picture

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"image"
	"io"
)

// upright is the orientation of a picture that lies as it is kept.
const upright = 1

// orientationOf reads how a JPEG is to be turned before it is looked at, 1 to 8; telephones keep
// what they were held like there (Exif 3.0, tag 0x0112). Whatever cannot be read is upright.
func orientationOf(r io.Reader) int {
	in := bufio.NewReader(r)
	var mark [4]byte
	if _, err := io.ReadFull(in, mark[:2]); err != nil || mark[0] != 0xFF || mark[1] != 0xD8 {
		return upright
	}
	for {
		if _, err := io.ReadFull(in, mark[:]); err != nil || mark[0] != 0xFF || mark[1] == 0xDA { // the picture itself
			return upright
		}
		size := int(binary.BigEndian.Uint16(mark[2:])) - 2
		if size < 0 {
			return upright
		}
		if mark[1] != 0xE1 {
			if _, err := in.Discard(size); err != nil {
				return upright
			}
			continue
		}
		segment := make([]byte, size)
		if _, err := io.ReadFull(in, segment); err != nil {
			return upright
		}
		if exif, ok := bytes.CutPrefix(segment, []byte("Exif\x00\x00")); ok {
			return orientationIn(exif)
		}
	}
}

// orientationIn looks for the tag in the first directory of a TIFF.
func orientationIn(exif []byte) int {
	if len(exif) < 8 {
		return upright
	}
	var order binary.ByteOrder = binary.BigEndian
	if exif[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(exif[4:]))
	if at+2 > int64(len(exif)) {
		return upright
	}
	const entry = 12
	fields := exif[at+2:]
	for range order.Uint16(exif[at:]) {
		if len(fields) < entry {
			break
		}
		if order.Uint16(fields) == 0x0112 {
			if o := int(order.Uint16(fields[8:])); o >= upright && o <= 8 {
				return o
			}
			break
		}
		fields = fields[entry:]
	}
	return upright
}

// turn gives the picture as it is looked at.
func turn(p *image.RGBA, orientation int) *image.RGBA {
	if orientation == upright {
		return p
	}
	w, h := p.Rect.Dx(), p.Rect.Dy()
	across := orientation > 4 // its sides change places
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if across {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch orientation {
			case 2, 3, 7, 8:
				tx = w - 1 - x
			}
			switch orientation {
			case 3, 4, 6, 7:
				ty = h - 1 - y
			}
			if across {
				tx, ty = ty, tx
			}
			out.SetRGBA(tx, ty, p.RGBAAt(x, y))
		}
	}
	return out
}
