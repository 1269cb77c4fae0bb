package outbound_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/outbound"
	"botschaft/internal/policy"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// shelf is where files are, and where the Provider keeps what it was handed.
type shelf struct {
	uploads atomic.Int32
	upload  atomic.Pointer[func(ctx context.Context, n int) error] // nil: it is taken
}

type opened struct{ *strings.Reader }

func (opened) Close() error { return nil }

func (*provider) Sending(_ context.Context, m *desk.Message) (*desk.OpenFile, error) {
	return &desk.OpenFile{Type: "application/pdf", Size: 4, Content: opened{strings.NewReader("%PDF")}}, nil
}

func (p *provider) Upload(ctx context.Context, m desk.Outgoing, f *desk.OpenFile, permit policy.Permit) (private.Text, error) {
	if permit == nil || !permit.Allows(m.Reference, m.Kind) || !p.clock.Now().Before(permit.Until()) {
		return private.Text{}, &desk.SendError{Outcome: desk.SendNotWritten}
	}
	if _, err := io.ReadAll(f.Content); err != nil {
		return private.Text{}, err
	}
	n := int(p.uploads.Add(1))
	if fail := p.upload.Load(); fail != nil {
		if err := (*fail)(ctx, n); err != nil {
			return private.Text{}, err
		}
	}
	return text(fmt.Sprintf("media-%d", n)), nil
}

func (p *provider) uploading(fn func(ctx context.Context, n int) error) { p.upload.Store(&fn) }

// brought is a document that Ben brought in.
func (w *world) brought(t *testing.T, c desk.Conversation) desk.MessageID {
	t.Helper()
	u := desk.Upload{
		ID: desk.NewID[desk.Message](), Conversation: c.ID, Contact: c.Contact, Agent: ben.Agent, At: w.Now(), Kind: desk.KindDocument,
		Size: 4, Type: "application/pdf", Blob: desk.NewID[desk.Attachment](), Digest: []byte("digest"),
	}
	var err error
	u.Key, err = vault.Seal(t.Context(), w.vault, vault.ContactOwner(c.Contact), vault.FileKeyPlace(u.ID), key(strings.Repeat("k", 32)))
	must(t, err)
	must(t, w.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveUpload(t.Context(), &u) }))
	return u.ID
}

func document(c desk.Conversation, id desk.MessageID) outbound.Submission {
	return outbound.Submission{
		Conversation: c.ID, ClientID: "file " + id.String(), Kind: desk.KindDocument, Text: text("Ihre Police"),
		Holds: desk.Composition{File: &desk.SentFile{ID: id, Name: text("Police.pdf")}},
	}
}

// sendsFile composes a Message with a document.
func (w *world) sendsFile(t *testing.T, c desk.Conversation) desk.Message {
	t.Helper()
	m, err := w.gate.Compose(t.Context(), ben, allScope, document(c, w.brought(t, c)))
	must(t, err)
	return m
}

func (w *world) attempts(t *testing.T, m desk.Message) int64 {
	t.Helper()
	d, err := w.Read().GetDispatch(context.Background(), m.ID)
	must(t, err)
	return d.Attempt
}

// A file goes to the Provider first, with a Permit, and then the Message that names it; in the
// order in which they were written.
func TestAFileGoesFirst(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		m, behind := w.sendsFile(t, anna), w.says(t, anna, "behind")
		w.deliver(t, "one")
		m = w.stands(t, m, desk.StatusSent)
		w.soonest(t, "what stands behind", func() bool { return w.message(t, behind.ID).Status == desk.StatusSent })
		if w.provider.uploads.Load() != 1 || w.provider.texts() != "Ihre Police behind" {
			t.Errorf("%d uploads, sent %s", w.provider.uploads.Load(), w.provider.texts())
		}
		if s := w.provider.sent[0]; s.media != "media-1" || s.permit == nil || !strings.Contains(s.raw, "Police.pdf") {
			t.Errorf("it went as %+v", s)
		}
		if n := w.attempts(t, m); n != 1 {
			t.Errorf("%d attempts", n)
		}
	})
}

// So does the file above a Template, within the Template's own Job and Permit; and again when it
// may be the file that the Provider did not like. A Template below none uploads nothing.
func TestAFileAboveATemplateGoesFirst(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		plain := template(anna)
		plain.ClientID = "plain"
		bare, err := w.gate.Compose(t.Context(), ben, allScope, plain)
		must(t, err)
		above := template(anna)
		above.ClientID = "above"
		above.Holds.File = &desk.SentFile{ID: w.brought(t, anna), Kind: desk.KindDocument, Name: text("Police.pdf")}
		m, err := w.gate.Compose(t.Context(), ben, allScope, above)
		must(t, err)
		if again, err := w.gate.Compose(t.Context(), ben, allScope, above); err != nil || again.ID != m.ID {
			t.Errorf("asked twice: %v", err)
		}
		w.provider.uploading(func(_ context.Context, n int) error {
			if n == 1 {
				return &desk.SendError{Outcome: desk.SendRejected, Code: 131000, Retry: true}
			}
			return nil
		})
		w.deliver(t, "one")
		w.soonest(t, "both", func() bool {
			return w.message(t, bare.ID).Status == desk.StatusSent && w.message(t, m.ID).Status == desk.StatusSent
		})
		m = w.message(t, m.ID)
		if n := w.provider.uploads.Load(); n != 2 {
			t.Errorf("%d uploads", n)
		}
		if a, b := w.provider.sent[0], w.provider.sent[1]; a.media != "" || b.media != "media-2" || b.permit == nil || !strings.Contains(b.raw, `"document":{"filename":"Police.pdf"}`) {
			t.Errorf("they went as %+v and %+v", a, b)
		}
		w.status(t, m, "wamid.1", desk.StatusFailed, "131053")
		must(t, w.gate.Repeat(t.Context(), ben, w.message(t, m.ID), false))
		w.soonest(t, "the repeated message", func() bool { return w.message(t, m.ID).Status == desk.StatusSent })
		if s := w.provider.sent[2]; s.media != "media-3" {
			t.Errorf("it went with %s", s.media)
		}
	})
}

// The gate says no before a byte of the file leaves.
func TestAFileThatMayNotGo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		late := w.wrote(t, "+491700000002", 25*time.Hour)
		id := w.brought(t, late)
		w.refusedFor(t, "outside the window", document(late, id), policy.CodeWindowClosed)
		if u, err := w.FindUpload(t.Context(), id, late.ID, ben.Agent); err != nil || u == nil {
			t.Errorf("what was refused is gone: %v", err)
		}
		anna := w.wrote(t, "+491700000001", 23*time.Hour)
		m := w.sendsFile(t, anna)
		w.clock.Add(2 * time.Hour)
		w.deliver(t, "one")
		if m = w.stands(t, m, desk.StatusFailed); m.Failure != string(policy.CodeWindowClosed) || w.provider.uploads.Load() != 0 {
			t.Errorf("failed for %s after %d uploads", m.Failure, w.provider.uploads.Load())
		}
	})
}

// An upload is no message: it is repeated without a doubt, and one that was taken is not
// repeated with the Message.
func TestUploadsAreRepeated(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		w.provider.uploading(func(_ context.Context, n int) error {
			if n <= 2 {
				return &desk.SendError{Outcome: desk.SendRejected, Code: 131000, Retry: true}
			}
			return nil
		})
		w.provider.fails(&desk.SendError{Outcome: desk.SendRejected, Code: 131016, Retry: true}, 1)
		m := w.sendsFile(t, anna)
		w.deliver(t, "one")
		w.soonest(t, "the message", func() bool { return w.message(t, m.ID).Status == desk.StatusSent })
		if n, sends := w.provider.uploads.Load(), w.provider.count(); n != 3 || sends != 2 {
			t.Errorf("%d uploads and %d sends", n, sends)
		}
		if s := w.provider.sent[1]; s.media != "media-3" {
			t.Errorf("it went with %s", s.media)
		}
	})
}

// What the Provider does not take fails; asked again it is uploaded anew. And nothing is tried
// for ever.
func TestUploadsThatFail(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		w.provider.uploading(func(_ context.Context, n int) error {
			if n == 1 {
				return &desk.SendError{Outcome: desk.SendRejected, Code: 131053}
			}
			return nil
		})
		m := w.sendsFile(t, anna)
		w.deliver(t, "one")
		if m = w.stands(t, m, desk.StatusFailed); m.Failure != "131053" || w.provider.count() != 0 {
			t.Fatalf("failed for %s after %d sends", m.Failure, w.provider.count())
		}
		must(t, w.gate.Repeat(t.Context(), ben, m, false))
		m = w.stands(t, m, desk.StatusSent)
		w.status(t, m, "wamid.0", desk.StatusFailed, "131053")
		m = w.message(t, m.ID)
		must(t, w.gate.Repeat(t.Context(), ben, m, false))
		w.soonest(t, "the repeated message", func() bool { return w.message(t, m.ID).Status == desk.StatusSent })
		if n := w.provider.uploads.Load(); n != 3 {
			t.Errorf("%d uploads", n)
		}
		w.provider.uploading(func(context.Context, int) error {
			return &desk.SendError{Outcome: desk.SendRejected, Code: 131000, Retry: true}
		})
		bert := w.wrote(t, "+491700000002", time.Hour)
		m = w.sendsFile(t, bert)
		w.soonest(t, "the end of it", func() bool { return w.message(t, m.ID).Status == desk.StatusFailed })
		if n := w.provider.uploads.Load(); n != 3+8 {
			t.Errorf("%d uploads in vain", n-3)
		}
	})
}

// A node that dies between the upload and the send leaves no doubt, and doubles nothing.
func TestANodeDiesBehindTheUpload(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		began := make(chan struct{}, 1)
		w.provider.uploading(func(ctx context.Context, n int) error {
			if n > 1 {
				return nil
			}
			began <- struct{}{}
			<-ctx.Done() // it is taken, and nobody hears of it any more
			return ctx.Err()
		})
		m := w.sendsFile(t, anna)
		stop := w.deliver(t, "one")
		<-began
		if now := w.message(t, m.ID); now.Status != desk.StatusQueued {
			t.Errorf("meanwhile it stands at %s", now.Status)
		}
		stop()
		w.clock.Add(2 * lease)
		w.deliver(t, "two")
		w.soonest(t, "the message", func() bool { return w.message(t, m.ID).Status == desk.StatusSent })
		if n, sends := w.provider.uploads.Load(), w.provider.count(); n != 2 || sends != 1 {
			t.Errorf("%d uploads and %d sends", n, sends)
		}
	})
}

// An id that the Provider has kept for its time is good no more: the file is uploaded again.
func TestAnUploadThatWasKeptTooLong(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		w.provider.fails(lost, 1)
		m := w.sendsFile(t, anna)
		w.deliver(t, "one")
		m = w.stands(t, m, desk.StatusInDoubt)
		w.clock.Add(31 * 24 * time.Hour)
		w.idle(t)
		must(t, w.Update(t.Context(), func(tx *store.Tx) error {
			c, err := tx.LockConversation(t.Context(), anna.ID)
			if err != nil {
				return err
			}
			c.WindowOpened = tx.Now()
			return tx.SaveConversations(t.Context(), []desk.Conversation{*c})
		}))
		must(t, w.gate.Repeat(t.Context(), ben, m, true))
		w.soonest(t, "the message", func() bool { return w.message(t, m.ID).Status == desk.StatusSent })
		if s := w.provider.sent[1]; s.media != "media-2" {
			t.Errorf("it went with %s", s.media)
		}
	})
}
