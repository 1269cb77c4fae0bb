package desk

import (
	"time"

	"botschaft/internal/private"
)

// Upload is a file that an Agent brought in for a Conversation and that no Message holds yet.
// It is swept when nothing becomes of it.
type Upload struct {
	ID           MessageID // of the Message that will hold it
	Conversation ConversationID
	Contact      ContactID // whose key seals it
	Agent        AgentID   // who brought it in, and alone may send it
	At           time.Time
	Kind         Kind // of that Message
	Size         int64
	Type         string        // media type, by what stands in it
	Lasts        time.Duration // of a recording; 0: not known
	Blob         AttachmentID
	Key          SealedKey // sealed for the Attachment that it becomes
	Digest       []byte    // keyed, of what stands in it
	Thumbnail    Thumbnail
}

// Attachment is what an Upload becomes with its Message.
func (u *Upload) Attachment(at time.Time) Attachment {
	return Attachment{
		Message: u.ID, Contact: u.Contact, State: AttachmentFetched, At: at, Until: at, Size: u.Size, Type: u.Type, Lasts: u.Lasts,
		Blob: u.Blob, Key: u.Key, Digest: u.Digest, Thumbnail: u.Thumbnail,
	}
}

// SpeaksByVoice tells whether it may go as a voice message (Meta: Audio messages, Ogg with Opus alone).
func (u *Upload) SpeaksByVoice() bool { return u.Type == TypeVoice }

// TypeVoice is the media type of voice messages.
const TypeVoice = "audio/ogg"

// SentFile is the file of a Message that goes out. Its caption is the Message's text.
type SentFile struct {
	ID    MessageID    // of the Upload
	Kind  Kind         // by which it would go alone; above something else a picture, a film or a document
	Name  private.Text // of a document, as the Contact sees it
	Voice bool         // a recording goes as a voice message
	Type  string       // media type, by what stands in it
}

// HasFile tells whether a Message of this kind holds a file.
func (k Kind) HasFile() bool {
	switch k {
	case KindImage, KindVideo, KindAudio, KindDocument, KindSticker:
		return true
	default:
		return false
	}
}

// HasHeader tells whether a file may stand above what a Message of this kind says.
func (k Kind) HasHeader() bool { return k == KindTemplate || k == KindInteractive }

// MayHaveFile tells whether a Message of this kind holds a file or may.
func (k Kind) MayHaveFile() bool { return k.HasFile() || k.HasHeader() }

// MediaLife is how long a Provider keeps a file that was handed to it (Meta: Media, uploads: 30
// days), a day less.
const MediaLife = 29 * 24 * time.Hour
