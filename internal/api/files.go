package api

import (
	"context"
	"mime"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
)

// Files shows what Contacts sent beside words.
type Files interface {
	File(ctx context.Context, actor desk.Actor, scope desk.Scope, id desk.MessageID) (*desk.OpenFile, error)
	Thumbnail(ctx context.Context, actor desk.Actor, scope desk.Scope, id desk.MessageID) (*desk.OpenFile, error)
	Ask(ctx context.Context, actor desk.Actor, scope desk.Scope, id desk.MessageID) error
}

// longestPassage is how long one file may take to pass: the largest on a slow line.
const longestPassage = 30 * time.Minute

// longAhead is until when a file may pass: an end of a connection, so by the real clock.
func longAhead() time.Time { return time.Now().Add(longestPassage) }

func (a *API) files() {
	file := operation("file-get", http.MethodGet, "/messages/{id}/file", "Read what a Contact sent; audited", http.StatusOK)
	file.Description = "The file as it is, whole or in the ranges that are asked for. It was not looked through for malware. Pictures, " +
		"recordings and films come by their media type, whatever else as a download."
	register(a, asFile(file), auth.ReadConversations, a.getFile)
	register(a, asFile(operation("thumbnail-get", http.MethodGet, "/messages/{id}/file/thumbnail", "A small picture of a picture", http.StatusOK)),
		auth.ReadConversations, a.getThumbnail)
	register(a, operation("file-ask", http.MethodPost, "/messages/{id}/file/attempts", "Fetch a file now that is not here", http.StatusNoContent),
		auth.ReadConversations, a.askForFile)
}

// asFile describes an answer that is a file.
func asFile(op huma.Operation) huma.Operation {
	op.Responses = map[string]*huma.Response{"200": {Description: "The file", Content: map[string]*huma.MediaType{
		desk.TypeUnknown: {Schema: &huma.Schema{Type: "string", Format: "binary"}},
	}}}
	return op
}

func (a *API) getFile(ctx context.Context, x *exchange, in *oneInput) (*huma.StreamResponse, error) {
	return openFile(ctx, x, in, a.Files.File)
}

func (a *API) getThumbnail(ctx context.Context, x *exchange, in *oneInput) (*huma.StreamResponse, error) {
	return openFile(ctx, x, in, a.Files.Thumbnail)
}

func (a *API) askForFile(ctx context.Context, x *exchange, in *oneInput) (*struct{}, error) {
	id, err := desk.ParseID[desk.Message](in.ID)
	if err != nil {
		return nil, desk.NotFound("message")
	}
	return nil, a.Files.Ask(ctx, x.who.Actor(), x.who.Scope(), id)
}

func openFile(ctx context.Context, x *exchange, in *oneInput,
	open func(context.Context, desk.Actor, desk.Scope, desk.MessageID) (*desk.OpenFile, error),
) (*huma.StreamResponse, error) {
	id, err := desk.ParseID[desk.Message](in.ID)
	if err != nil {
		return nil, desk.NotFound("message")
	}
	file, err := open(ctx, x.who.Actor(), x.who.Scope(), id)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		r, w := humago.Unwrap(hc)
		defer func() { _ = file.Content.Close() }()
		_ = http.NewResponseController(w).SetWriteDeadline(longAhead())
		shield(w.Header(), file)
		http.ServeContent(w, r, "", time.Time{}, file.Content)
	}}, nil
}

// shield keeps a file from doing anything where it is read: whatever its sender put into it
// runs nowhere, asks nobody, and has an origin of its own. What can act comes as a download,
// and by a media type that nothing opens.
func shield(h http.Header, file *desk.OpenFile) {
	kind, disposition := desk.TypeUnknown, "attachment"
	switch {
	case desk.ShapeOf(file.Type) != desk.ShapeNone:
		kind, disposition = file.Type, "inline"
	case file.Type == "application/pdf":
		kind = file.Type
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", dispositionOf(disposition, file.Name.Reveal()))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

func dispositionOf(disposition, name string) string {
	if name == "" {
		return disposition
	}
	return mime.FormatMediaType(disposition, map[string]string{"filename": name})
}
