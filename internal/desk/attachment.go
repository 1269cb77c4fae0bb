package desk

import (
	"io"
	"strings"
	"time"

	"botschaft/internal/private"
)

// FileLife is how long a Provider hands out what a webhook announced (Meta: Media, ids from
// webhooks).
const FileLife = 7 * 24 * time.Hour

// MaxFile is the largest file that is taken in, in bytes (Meta: Media, a document).
const MaxFile = 100 << 20

// Attachment is the file of a Message as the house has it, or why it does not have it.
type Attachment struct {
	Message   MessageID
	Contact   ContactID
	State     AttachmentState
	At        time.Time     // since when
	Why       FileFault     // why it is not there, as far as it was tried; empty: it was not, or it is there
	Tries     int           // that failed
	Until     time.Time     // when the Provider has it no more
	Size      int64         // bytes; this and what follows of one that was fetched alone
	Type      string        // media type, by what stands in it
	Lasts     time.Duration // of a recording; 0: not known
	Blob      AttachmentID
	Key       SealedKey // of the sealed file
	Digest    []byte    // keyed, of what stands in it
	Thumbnail Thumbnail
}

// AttachmentID names a sealed file. It is random through and through.
type AttachmentID = ID[Attachment]

// Thumbnail is a small picture of a picture; zero if there is none.
type Thumbnail struct {
	Type          string // media type
	Width, Height int    // points
}

// AttachmentState tells how far a file came.
type AttachmentState string

// The states. Of those, AttachmentFetched alone is for ever.
const (
	AttachmentWaiting AttachmentState = "waiting" // it will be fetched, or tried again
	AttachmentFetched AttachmentState = "fetched"
	AttachmentFailed  AttachmentState = "failed" // nothing is tried unasked any more
	AttachmentGone    AttachmentState = "gone"   // the Provider has it no more
)

// FileFault says why a file is not there.
type FileFault string

// The faults.
const (
	FileUnreachable FileFault = "unreachable" // the Provider did not answer, or with a fault of its own
	FileRefused     FileFault = "refused"     // the Provider does not hand it to us
	FileMissing     FileFault = "missing"     // the Provider does not know it
	FileAltered     FileFault = "altered"     // what came is not what was announced, by its checksum
	FileTooLarge    FileFault = "too_large"
	FileNoPlace     FileFault = "no_place" // it could not be written here
	FileOver        FileFault = "over"     // the Provider's time is over
	FileBefore      FileFault = "before"   // it came before files were fetched
	FileUnwanted    FileFault = "unwanted" // the Controller takes none of this kind
)

// CanBeAsked tells whether it makes sense to fetch the file again at a moment.
func (a *Attachment) CanBeAsked(now time.Time) bool {
	return a.State != AttachmentFetched && a.Why != FileTooLarge && a.Why != FileUnwanted && now.Before(a.Until)
}

// FileError is a file that did not come.
type FileError struct {
	Fault FileFault
	Err   error // for the log: never what stands in the file, nor its address
}

// Error gives the fault.
func (e *FileError) Error() string {
	if e.Err == nil {
		return "file " + string(e.Fault)
	}
	return "file " + string(e.Fault) + ": " + e.Err.Error()
}

// Unwrap gives the cause.
func (e *FileError) Unwrap() error { return e.Err }

// WantedFile is a file as it is asked for from a Provider.
type WantedFile struct {
	GraphURL      string
	GraphVersion  string
	PhoneNumberID string
	Token         private.Key
	ID            string // the Provider's
	SHA256        []byte // as the webhook announced it; nil: it did not
}

// ArrivingFile is a file on its way. Whoever got it closes Body.
type ArrivingFile struct {
	Body   io.ReadCloser
	Size   int64  // bytes, as announced; -1 if it was not
	SHA256 []byte // as announced beside it; nil if it was not
}

// OpenFile is a file that somebody may read. Whoever got it closes Content.
type OpenFile struct {
	Name    private.Text // safe to keep it under; empty: it has none
	Type    string       // media type, by what stands in it
	Small   bool         // it is a thumbnail
	Size    int64        // bytes
	Content io.ReadSeekCloser
}

// TypeUnknown is the media type of what nobody knows.
const TypeUnknown = "application/octet-stream"

// Shape tells how a browser may show a file.
type Shape string

// The shapes. Whatever else a file is, it is handed out to be kept, never to be opened:
// pictures, recordings and films cannot act, documents can.
const (
	ShapeNone    Shape = ""
	ShapePicture Shape = "picture"
	ShapeSound   Shape = "sound"
	ShapeFilm    Shape = "film"
)

// shapes are the media types that browsers show by themselves. SVG is none: it may hold
// scripts.
var shapes = map[string]Shape{
	"image/jpeg": ShapePicture, "image/png": ShapePicture, "image/webp": ShapePicture, "image/gif": ShapePicture,
	"audio/ogg": ShapeSound, "audio/mpeg": ShapeSound, "audio/mp4": ShapeSound, "audio/aac": ShapeSound,
	"video/mp4": ShapeFilm, "video/3gpp": ShapeFilm,
}

// ShapeOf tells how a file of a media type may be shown.
func ShapeOf(mediaType string) Shape { return shapes[mediaType] }

// maxName is how long a file's name may be, in letters.
const maxName = 120

// SafeName makes a name that a file may be kept under out of what its sender called it: no
// path, nothing invisible, nothing that turns the writing round. Empty if nothing is left.
func SafeName(name string) string {
	if at := strings.LastIndexAny(name, `/\`); at >= 0 {
		name = name[at+1:]
	}
	name = strings.Map(func(r rune) rune {
		switch {
		case r < ' ', r == 0x7f, r == 0xfffd, 0x80 <= r && r < 0xa0:
			return -1
		case 0x200b <= r && r <= 0x200f, 0x2028 <= r && r <= 0x202e, 0x2060 <= r && r <= 0x206f, r == 0xfeff:
			return -1 // invisible, or turns the writing
		case strings.ContainsRune(`<>:"|?*`, r):
			return '_'
		}
		return r
	}, name)
	name = strings.Trim(name, " .")
	if letters := []rune(name); len(letters) > maxName {
		ending := ""
		if at := strings.LastIndexByte(name, '.'); at > 0 && len(name)-at <= 10 {
			ending = name[at:]
		}
		name = strings.TrimRight(string(letters[:maxName-len(ending)]), " .") + ending
	}
	return name
}
