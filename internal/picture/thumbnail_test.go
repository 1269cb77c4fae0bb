package picture

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// canvas is a picture whose upper left quarter is red.
func canvas(w, h int, rest color.Color) *image.NRGBA {
	p := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			if x < w/2 && y < h/2 {
				p.Set(x, y, color.NRGBA{200, 0, 0, 255})
			} else {
				p.Set(x, y, rest)
			}
		}
	}
	return p
}

func TestMakesSmallPictures(t *testing.T) {
	blue := color.NRGBA{0, 0, 200, 255}
	var asJPEG, asPNG, asGap, asGIF bytes.Buffer
	must(t, jpeg.Encode(&asJPEG, canvas(1600, 800, blue), nil))
	must(t, png.Encode(&asPNG, canvas(100, 300, blue)))
	must(t, png.Encode(&asGap, canvas(64, 64, color.Transparent)))
	must(t, gif.Encode(&asGIF, canvas(640, 640, blue), nil))
	sticker, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	must(t, err)
	for _, c := range []struct {
		mediaType, made string
		data            []byte
		w, h            int
	}{
		{"image/jpeg", "image/jpeg", asJPEG.Bytes(), 320, 160},
		{"image/png", "image/jpeg", asPNG.Bytes(), 100, 300},
		{"image/png", "image/png", asGap.Bytes(), 64, 64},
		{"image/gif", "image/jpeg", asGIF.Bytes(), 320, 320},
		{"image/webp", "image/png", sticker, 1, 1},
	} {
		small, err := Make(c.mediaType, bytes.NewReader(c.data), 320)
		must(t, err)
		if small.Type != c.made || small.Width != c.w || small.Height != c.h {
			t.Errorf("%s became %s of %d × %d", c.mediaType, small.Type, small.Width, small.Height)
		}
		shown, _, err := image.Decode(bytes.NewReader(small.Data))
		must(t, err)
		if shown.Bounds().Dx() != c.w || shown.Bounds().Dy() != c.h {
			t.Errorf("%s is %v", c.mediaType, shown.Bounds())
		}
		if r, _, b, _ := shown.At(c.w/4, c.h/4).RGBA(); c.w > 1 && (r < 0x8000 || b > 0x4000) {
			t.Errorf("%s has another picture: %d %d", c.mediaType, r, b)
		}
	}
}

// head is the head of a PNG that says how large it is, and nothing more.
func head(w, h uint32, depth, kind byte) []byte {
	b := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR")
	b = binary.BigEndian.AppendUint32(b, w)
	b = binary.BigEndian.AppendUint32(b, h)
	b = append(b, depth, kind, 0, 0, 0)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[12:]))
}

// lossless is a WebP within a frame of 10 × 10 whose picture says another size.
func lossless(w, h uint32) []byte {
	b := []byte("RIFF\x2c\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x09\x00\x00\x09\x00\x00VP8L\x06\x00\x00\x00\x2f")
	return append(binary.LittleEndian.AppendUint32(b, (w-1)|(h-1)<<14), 0)
}

func TestRefusesBombs(t *testing.T) {
	for name, c := range map[string]struct {
		mediaType string
		data      []byte
	}{
		"a large one":                 {"image/png", head(10_000, 5_001, 8, 2)},
		"a deep one":                  {"image/png", head(7_000, 7_000, 16, 6)},
		"one that is no picture":      {"image/png", head(2_000_000_000, 2_000_000_000, 8, 2)},
		"one that hides within frame": {"image/webp", lossless(16_000, 16_000)},
	} {
		if _, err := Make(c.mediaType, bytes.NewReader(c.data), 320); !errors.Is(err, ErrBomb) && !errors.Is(err, ErrUnknown) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Make("image/webp", bytes.NewReader(lossless(16_000, 16_000)), 320); !errors.Is(err, ErrBomb) {
		t.Errorf("the frame was believed: %v", err)
	}
	if _, err := Make("image/svg+xml", bytes.NewReader([]byte("<svg/>")), 320); !errors.Is(err, ErrUnknown) {
		t.Errorf("an SVG: %v", err)
	}
}

// FuzzMake: whatever is in a file, nothing panics and nothing large comes out.
func FuzzMake(f *testing.F) {
	var b bytes.Buffer
	must(f, png.Encode(&b, canvas(9, 9, color.Black)))
	f.Add("image/png", b.Bytes())
	f.Add("image/webp", lossless(3, 3))
	f.Add("image/jpeg", held(f, 8, binary.LittleEndian))
	f.Add("image/gif", []byte("GIF89a\x01\x00\x01\x00"))
	f.Fuzz(func(t *testing.T, mediaType string, data []byte) {
		small, err := Make(mediaType, bytes.NewReader(data), 64)
		if err == nil && (small.Width > 64 || small.Height > 64 || len(small.Data) == 0) {
			t.Fatalf("%d × %d, %d bytes", small.Width, small.Height, len(small.Data))
		}
	})
}
