package whatsapp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"sync/atomic"
)

// Largest files, in bytes.
// Source: Meta, "Media: supported media types"; MB and KB are counted as Meta's own limits are
// enforced, in powers of two.
const (
	MaxImage    = 5 << 20
	MaxAudio    = 16 << 20
	MaxVideo    = 16 << 20
	MaxDocument = 100 << 20
	MaxSticker  = 100 << 10
	MaxAnimated = 500 << 10 // a sticker that moves
)

// taken are the media types that may be sent, and by which type of message.
// Source: Meta, "Media: supported media types".
var taken = map[string]struct {
	kind string
	most int64
}{
	"image/jpeg": {"image", MaxImage}, "image/png": {"image", MaxImage},
	"image/webp": {"sticker", MaxSticker},
	"audio/aac":  {"audio", MaxAudio}, "audio/amr": {"audio", MaxAudio}, "audio/mpeg": {"audio", MaxAudio},
	"audio/mp4": {"audio", MaxAudio}, "audio/ogg": {"audio", MaxAudio},
	"video/mp4": {"video", MaxVideo}, "video/3gpp": {"video", MaxVideo},
	"text/plain": {"document", MaxDocument}, "application/pdf": {"document", MaxDocument},
	"application/msword": {"document", MaxDocument}, "application/vnd.ms-excel": {"document", MaxDocument},
	"application/vnd.ms-powerpoint":                                             {"document", MaxDocument},
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   {"document", MaxDocument},
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         {"document", MaxDocument},
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": {"document", MaxDocument},
}

// Taken gives the type of message by which a file of a media type is sent, and how large it may
// be, in bytes; an empty kind if it cannot be sent.
func Taken(mediaType string, animated bool) (kind string, most int64) {
	t := taken[mediaType]
	if t.kind == "sticker" && animated {
		t.most = MaxAnimated
	}
	return t.kind, t.most
}

// TakenAbove gives the type of a template's header that a file of a media type can be; empty if it
// can be none. It may be as large as in a message of that type. Of documents that is PDF alone.
// Source: Meta, "Message templates: media headers", and the schema of a DocumentParameter.
func TakenAbove(mediaType string) (header string) {
	switch kind := taken[mediaType].kind; {
	case kind == "image", kind == "video", mediaType == "application/pdf":
		return kind
	default:
		return ""
	}
}

// Upload is a file on its way to the provider.
type Upload struct {
	Type string // media type
	Name string // how it is called on the way; it may be anything, and nobody is shown it
	Size int64  // bytes of Body
	Body io.Reader
}

// Upload hands a file to the provider, once, and gives the id by which messages send it for 30
// days. It passes through piece by piece. An upload is no message: whoever gets a *SendError,
// which every error is, may repeat it, even one that is InDoubt. The deadline is the caller's;
// that of HTTP does not count, because it cannot know how large the file is.
// Source: Meta, "Media: upload media".
func (c *Client) Upload(ctx context.Context, phoneNumberID, token string, f Upload) (id string, err error) {
	var written atomic.Bool
	req, err := c.uploading(trace(ctx, &written), phoneNumberID, token, f)
	if err != nil {
		return "", &SendError{Err: err}
	}
	client := c.once()
	client.Timeout = 0
	resp, err := client.Do(req)
	if err != nil {
		return "", &SendError{Written: written.Load(), Err: discreet(err, token)}
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return "", &SendError{Written: true, Status: resp.StatusCode, Err: discreet(err, token)}
	}
	return parseUploaded(resp, answer)
}

func (c *Client) uploading(ctx context.Context, phoneNumberID, token string, f Upload) (*http.Request, error) {
	target, err := c.endpoint(phoneNumberID, "media")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOutgoing, err)
	}
	if !isHeaderSafe(token) {
		return nil, fmt.Errorf("%w: no usable access token", ErrOutgoing)
	}
	head, tail, contentType, err := frame(f)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOutgoing, err)
	}
	// Not a type that net/http knows: it would keep the body whole to send it twice.
	body := struct{ io.Reader }{io.MultiReader(bytes.NewReader(head), io.LimitReader(f.Body, f.Size), bytes.NewReader(tail))}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, body)
	if err != nil {
		return nil, fmt.Errorf("%w: address not usable", ErrOutgoing)
	}
	req.ContentLength = int64(len(head)) + f.Size + int64(len(tail))
	c.sign(req, token)
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Accept", "application/json")
	return req, nil
}

// frame gives what stands before and behind the file in the body.
func frame(f Upload) (head, tail []byte, contentType string, err error) {
	if kind, most := Taken(f.Type, true); kind == "" || f.Size <= 0 || f.Size > most {
		return nil, nil, "", errors.New("a file that cannot be uploaded")
	}
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	err = errors.Join(w.WriteField("messaging_product", "whatsapp"), w.WriteField("type", f.Type))
	part := textproto.MIMEHeader{"Content-Type": {f.Type}}
	part.Set("Content-Disposition", multipart.FileContentDisposition("file", f.Name))
	if _, failed := w.CreatePart(part); failed != nil {
		err = errors.Join(err, failed)
	}
	before := buf.Len()
	err = errors.Join(err, w.Close())
	return buf.Bytes()[:before:before], buf.Bytes()[before:], w.FormDataContentType(), err
}

func parseUploaded(resp *http.Response, body []byte) (string, error) {
	failed := &SendError{Written: true, Status: resp.StatusCode, Err: errGarbage}
	if !json.Valid(body) {
		return "", failed
	}
	if a := (&reader{b: body}).answer(); a.api != nil {
		a.api.HTTPStatus, a.api.RetryAfter = resp.StatusCode, retryAfter(resp.Header)
		failed.API, failed.Err = a.api, nil
		return "", failed
	}
	var m struct {
		ID string `json:"id"`
	}
	if resp.StatusCode/100 != 2 || json.Unmarshal(body, &m) != nil || !isToken(m.ID) {
		return "", failed
	}
	return m.ID, nil
}
