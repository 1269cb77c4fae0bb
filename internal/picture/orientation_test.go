package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"slices"
	"testing"
)

// held is a JPEG, wider than high and red at the upper left, of a camera that was held so.
func held(t testing.TB, orientation uint16, order binary.AppendByteOrder) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, canvas(80, 40, color.NRGBA{0, 0, 200, 255}), nil))
	exif := []byte("Exif\x00\x00MM")
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		exif = []byte("Exif\x00\x00II")
	}
	exif = order.AppendUint16(exif, 42)
	exif = order.AppendUint32(exif, 8) // where the directory begins
	exif = order.AppendUint16(exif, 2)
	for _, field := range [][2]uint16{{0x0100, 80}, {0x0112, orientation}} {
		exif = order.AppendUint16(order.AppendUint16(exif, field[0]), 3) // a short
		exif = order.AppendUint16(order.AppendUint16(order.AppendUint32(exif, 1), field[1]), 0)
	}
	segment := binary.BigEndian.AppendUint16([]byte{0xFF, 0xE1}, uint16(len(exif)+2))
	return slices.Insert(b.Bytes(), 2, append(segment, exif...)...)
}

// A thumbnail stands as the camera was held, and says nothing of the camera any more.
func TestThumbnailsStandUpright(t *testing.T) {
	corners := []image.Point{{}, {0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}, {1, 0}, {1, 1}, {0, 1}}
	for o := 1; o < len(corners); o++ {
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			small, err := Make("image/jpeg", bytes.NewReader(held(t, uint16(o), order)), 100)
			must(t, err)
			w, h := 80, 40
			if o > 4 {
				w, h = h, w
			}
			shown, err := jpeg.Decode(bytes.NewReader(small.Data))
			must(t, err)
			if small.Width != w || small.Height != h || shown.Bounds().Size() != image.Pt(w, h) {
				t.Fatalf("%d: %d × %d, %v", o, small.Width, small.Height, shown.Bounds())
			}
			for x := range 2 {
				for y := range 2 {
					r, _, _, _ := shown.At(w/4+x*w/2, h/4+y*h/2).RGBA()
					if red := r > 0x8000; red != (corners[o] == image.Pt(x, y)) {
						t.Errorf("%d, %v: red at %d, %d: %t", o, order, x, y, red)
					}
				}
			}
			if bytes.Contains(small.Data, []byte("Exif")) {
				t.Error("the thumbnail tells of the camera")
			}
		}
	}
}

// What says nothing useful of how it was held is upright.
func TestOddOrientations(t *testing.T) {
	good := held(t, 6, binary.BigEndian)
	if got := orientationOf(bytes.NewReader(good)); got != 6 {
		t.Fatalf("got %d", got)
	}
	for cut := range 60 {
		if got := orientationOf(bytes.NewReader(good[:cut])); got != 1 && got != 6 {
			t.Errorf("cut at %d: %d", cut, got)
		}
	}
	for _, odd := range []uint16{0, 9, 0xFFFF} {
		if got := orientationOf(bytes.NewReader(held(t, odd, binary.LittleEndian))); got != 1 {
			t.Errorf("%d is read as %d", odd, got)
		}
	}
}
