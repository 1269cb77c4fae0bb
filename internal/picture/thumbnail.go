package picture

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

// The limits. A telephone's largest pictures have some twenty million points.
const (
	MaxPoints = 50_000_000
	maxMemory = 256 << 20 // bytes of one that is decoded
)

// ErrBomb says that a picture is too large to be decoded by anybody.
var ErrBomb = errors.New("picture: too large to be decoded")

// ErrUnknown says that it is no picture, or none of a kind that is known here.
var ErrUnknown = errors.New("picture: cannot be decoded")

// kind is how pictures of one media type are read.
type kind struct {
	head   func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

var kinds = map[string]kind{
	"image/jpeg": {jpeg.DecodeConfig, jpeg.Decode},
	"image/png":  {png.DecodeConfig, png.Decode},
	"image/gif":  {gif.DecodeConfig, gif.Decode},
	"image/webp": {headOfWebP, webp.Decode},
}

// Thumbnail is a small picture of a picture.
type Thumbnail struct {
	Type          string // media type
	Data          []byte
	Width, Height int
}

// Make reads a picture of a media type and makes one of it that fits into a square of side
// points; one that fits already keeps its size. ErrBomb, ErrUnknown.
func Make(mediaType string, r io.ReadSeeker, side int) (Thumbnail, error) {
	k, ok := kinds[mediaType]
	if !ok {
		return Thumbnail{}, ErrUnknown
	}
	head, err := k.head(r)
	if err != nil {
		return Thumbnail{}, errors.Join(ErrUnknown, err)
	}
	if bursts(head) {
		return Thumbnail{}, ErrBomb
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return Thumbnail{}, err
	}
	large, err := k.decode(r)
	if err != nil {
		return Thumbnail{}, errors.Join(ErrUnknown, err)
	}
	small := shrink(large, side)
	if mediaType == "image/jpeg" {
		if _, err := r.Seek(0, io.SeekStart); err != nil {
			return Thumbnail{}, err
		}
		small = turn(small, orientationOf(r))
	}
	return encode(small)
}

// bursts tells whether a picture would take more than it may.
func bursts(head image.Config) bool {
	points := int64(head.Width) * int64(head.Height)
	return head.Width <= 0 || head.Height <= 0 || points > MaxPoints || points*depth(head.ColorModel) > maxMemory
}

// depth is how many bytes a point takes at most.
func depth(m color.Model) int64 {
	switch m {
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	case color.GrayModel, color.AlphaModel:
		return 1
	case color.Gray16Model, color.Alpha16Model:
		return 2
	default:
		return 4
	}
}

// shrink gives the picture at most as large as the square.
func shrink(large image.Image, side int) *image.RGBA {
	at := large.Bounds()
	w, h := at.Dx(), at.Dy()
	if longest := max(w, h); longest > side {
		w, h = max(1, w*side/longest), max(1, h*side/longest)
	}
	small := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.BiLinear.Scale(small, small.Bounds(), large, at, draw.Src, nil)
	return small
}

// encode writes what has no gaps as JPEG, the rest as PNG.
func encode(small *image.RGBA) (Thumbnail, error) {
	var out bytes.Buffer
	t := Thumbnail{Type: "image/jpeg", Width: small.Rect.Dx(), Height: small.Rect.Dy()}
	var err error
	if small.Opaque() {
		err = jpeg.Encode(&out, small, &jpeg.Options{Quality: 80})
	} else {
		t.Type, err = "image/png", png.Encode(&out, small)
	}
	t.Data = out.Bytes()
	return t, err
}
