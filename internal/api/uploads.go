package api

import (
	"context"
	"io"
	"mime"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
)

// Uploads takes in what Agents send beside words.
type Uploads interface {
	Bring(ctx context.Context, actor desk.Actor, scope desk.Scope, to desk.ConversationID, body io.Reader, size int64, declared string) (*desk.Upload, error)
	Drop(ctx context.Context, actor desk.Actor, scope desk.Scope, to desk.ConversationID, id desk.MessageID) error
}

// MaxBody is the longest body below BodyPrefix: a file that is sent, the largest there is. The
// server must let as much come in; JSON has a limit of its own.
const (
	MaxBody    = desk.MaxFile + 1
	BodyPrefix = "/api/v1/conversations/"
)

type (
	// Upload is a file that was brought in and not sent yet.
	Upload struct {
		ID      string  `json:"id" format:"uuid" doc:"By which a message sends it, once; swept after a day."`
		Kind    string  `json:"kind" enum:"image,video,audio,document,sticker" doc:"Of the message that sends it."`
		Type    string  `json:"type" doc:"Media type, by what stands in it."`
		Size    int64   `json:"size" doc:"Bytes."`
		Seconds float64 `json:"seconds" doc:"How long a recording lasts; 0: not known."`
		Voice   bool    `json:"voice" doc:"It may go as a voice message."`
	}
	// FilePart is the file of a message.
	FilePart struct {
		File     string `json:"file" format:"uuid" doc:"Of an upload to this conversation by the same agent."`
		Caption  string `json:"caption,omitempty" maxLength:"1024" doc:"Of a picture, a film or a document."`
		Filename string `json:"filename,omitempty" maxLength:"240" doc:"Of a document, as the contact sees it."`
		Voice    bool   `json:"voice,omitempty" doc:"A recording goes as a voice message: Ogg with Opus alone."`
	}
	uploadOutput struct{ Body Upload }
	uploadInput  struct {
		ID   string `path:"id" format:"uuid"`
		File string `path:"file" format:"uuid"`
	}
)

func (a *API) uploads() {
	bring := operation("file-bring", http.MethodPost, "/conversations/{id}/files", "Bring in a file to send", http.StatusCreated)
	bring.Description = "The body is the file and nothing else. A message sends it by its id; without one it is swept after a day. 415 and 413 say " +
		"what WhatsApp does not take: pictures are JPEG or PNG to 5 MiB, recordings AAC, AMR, MP3, M4A or Ogg with Opus in mono to 16 MiB, films MP4 or " +
		"3GP to 16 MiB, stickers WebP to 100 KiB or, moving, 500 KiB, documents PDF, text, Word, Excel and PowerPoint to 100 MiB."
	bring.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		desk.TypeUnknown: {Schema: &huma.Schema{Type: "string", Format: "binary"}},
	}}
	register(a, bring, auth.WriteMessages, a.bringFile)
	register(a, operation("file-drop", http.MethodDelete, "/conversations/{id}/files/{file}", "Give up a file that was not sent", http.StatusNoContent),
		auth.WriteMessages, a.dropFile)
}

func (a *API) bringFile(ctx context.Context, x *exchange, in *oneInput) (*uploadOutput, error) {
	to, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	control := http.NewResponseController(x.w)
	_, _ = control.SetReadDeadline(longAhead()), control.SetWriteDeadline(longAhead()) // a recorder in a test knows none
	declared, _, _ := mime.ParseMediaType(x.r.Header.Get("Content-Type"))
	u, err := a.Uploads.Bring(ctx, x.who.Actor(), x.who.Scope(), to, x.r.Body, x.r.ContentLength, declared)
	if err != nil {
		return nil, err
	}
	return &uploadOutput{Upload{
		ID: u.ID.String(), Kind: string(u.Kind), Type: u.Type, Size: u.Size, Seconds: u.Lasts.Seconds(), Voice: u.SpeaksByVoice(),
	}}, nil
}

func (a *API) dropFile(ctx context.Context, x *exchange, in *uploadInput) (*struct{}, error) {
	to, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	id, err := desk.ParseID[desk.Message](in.File)
	if err != nil {
		return nil, desk.NotFound("file")
	}
	return nil, a.Uploads.Drop(ctx, x.who.Actor(), x.who.Scope(), to, id)
}

// sends gives the file that a message sends, and the text that it says.
func (n *NewMessage) sends() (file *desk.SentFile, text string, err error) {
	part, err := n.file()
	switch {
	case err != nil:
		return nil, "", err
	case part != nil:
		file, err = part.sent(n.Kind, string(n.Kind))
		return file, part.Caption, err
	case n.Template != nil:
		file, err = n.Template.above("template")
	case n.Offer != nil:
		file, err = n.Offer.above("offer")
	}
	return file, n.Text, err
}

// file gives the file of a message: the object that is named after its kind, and no other.
func (n *NewMessage) file() (*FilePart, error) {
	var own *FilePart
	for kind, part := range map[desk.Kind]*FilePart{
		desk.KindImage: n.Image, desk.KindVideo: n.Video, desk.KindAudio: n.Audio, desk.KindDocument: n.Document, desk.KindSticker: n.Sticker,
	} {
		switch {
		case kind == n.Kind:
			own = part
		case part != nil:
			return nil, desk.Invalid(string(kind), "does not belong to a message of this kind")
		}
	}
	switch {
	case !n.Kind.HasFile():
		return nil, nil
	case own == nil:
		return nil, desk.Invalid(string(n.Kind), "is missing")
	case n.Text != "":
		return nil, desk.Invalid("text", "is the caption of a message of this kind")
	}
	return own, nil
}

// above gives the file above what a field holds; nil if there is none.
func (p *AbovePart) above(field string) (*desk.SentFile, error) {
	var above *desk.SentFile
	for _, one := range []struct {
		kind desk.Kind
		part *HeaderPart
	}{{desk.KindImage, p.Image}, {desk.KindVideo, p.Video}, {desk.KindDocument, p.Document}} {
		if one.part == nil {
			continue
		}
		if above != nil {
			return nil, desk.Invalid(field+".header", "is of two kinds: it is either a picture, a film or a document")
		}
		var err error
		if above, err = (&FilePart{File: one.part.File, Filename: one.part.Filename}).sent(one.kind, field+"."+string(one.kind)); err != nil {
			return nil, err
		}
	}
	return above, nil
}

func (p *FilePart) sent(kind desk.Kind, field string) (*desk.SentFile, error) {
	id, err := desk.ParseID[desk.Message](p.File)
	if err != nil {
		return nil, desk.Invalid(field+".file", "is not an id")
	}
	return &desk.SentFile{ID: id, Kind: kind, Name: private.NewText(desk.SafeName(p.Filename)), Voice: p.Voice}, nil
}
