package files

import (
	"context"
	"log/slog"

	"botschaft/internal/blob"
	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// Kind is the kind of lane in which files are fetched.
const Kind = queue.KindFiles

// Source is where files come from. Its errors are *desk.FileError.
type Source interface {
	Fetch(ctx context.Context, w desk.WantedFile) (desk.ArrivingFile, error)
}

// Openings record that an Agent looked, before anything is shown.
type Openings interface {
	Open(ctx context.Context, e desk.AuditEntry) error
}

// Reader reads what a Message holds beside its text from what was kept of it.
type Reader func(desk.Content) desk.Details

// Place is what Files stand on.
type Place struct {
	Store    *store.Store
	Vault    *vault.Vault
	Inboxes  *directory.Directory
	Blobs    *blob.Store
	Source   Source
	Openings Openings
	Read     Reader
	Taken    func(mediaType string, moves bool) (kind desk.Kind, most int64) // how the Provider takes a file that is sent; no kind: not at all
	Log      *slog.Logger
}

// Files fetches files, shows them, and takes in those that are sent.
type Files struct {
	Place
	drawing chan struct{} // one picture is decoded at a time: a large one takes much memory
	sweeper sweeper
}

// New makes Files; its Work is given to a queue.Runner.
func New(p Place) *Files {
	return &Files{Place: p, drawing: make(chan struct{}, 1)}
}
