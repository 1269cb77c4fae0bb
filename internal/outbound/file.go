package outbound

import (
	"context"
	"errors"
	"slices"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// uploadTimeout is how long an upload may take: the largest file on a slow line.
const uploadTimeout = 30 * time.Minute

// errNoFile says what a Submission names that is no file to be sent.
func errNoFile(field string) error {
	return desk.Invalid(field, "is no file that was brought in for this conversation and not sent yet")
}

// fileField is where a Submission names its file.
func (s *Submission) fileField() string {
	switch s.Kind {
	case desk.KindTemplate:
		return "template." + string(s.Holds.File.Kind) + ".file"
	case desk.KindInteractive:
		return "offer." + string(s.Holds.File.Kind) + ".file"
	default:
		return string(s.Kind) + ".file"
	}
}

// brought gives the file that a Submission sends; m gets its id, and s learns what it is. Nothing
// if it was sent already, which its client_id tells.
func (g *Gate) brought(ctx context.Context, m *desk.Message, s *Submission) (*desk.Upload, error) {
	asked := s.Holds.File
	if !s.Kind.MayHaveFile() || asked == nil {
		return nil, nil // what does not belong together is the Sender's to say
	}
	u, err := g.store.FindUpload(ctx, asked.ID, m.Conversation, m.Author)
	if err != nil {
		return nil, err
	}
	file := *asked
	s.Holds.File = &file
	if u == nil {
		_, err := g.store.Read().GetDispatchByClient(ctx, rows.GetDispatchByClientParams{Conversation: m.Conversation, ClientDigest: m.ClientDigest})
		if store.IsNone(err) {
			err = errNoFile(s.fileField())
		}
		return nil, err
	}
	switch {
	case s.Kind.HasHeader(): // what can stand there is the Sender's to say
	case u.Kind != s.Kind:
		return nil, desk.Invalid("kind", "is not that of the file, which goes as "+string(u.Kind))
	case file.Voice && !u.SpeaksByVoice():
		return nil, desk.Invalid(string(s.Kind)+".voice", "is for Ogg with Opus alone")
	}
	m.ID, file.Type = u.ID, u.Type
	return u, nil
}

// wantsUpload tells whether a Message goes with a file that the Provider does not have yet. One
// stands above something else where there is an Attachment.
func (g *Gate) wantsUpload(ctx context.Context, m *desk.Message, out desk.Outgoing) (bool, error) {
	if !m.Kind.HasHeader() || !out.Media.IsEmpty() {
		return m.Kind.HasFile() && out.Media.IsEmpty(), nil
	}
	_, err := g.store.Read().GetAttachment(ctx, m.ID)
	if store.IsNone(err) {
		return false, nil
	}
	return err == nil, err
}

// takeFile makes sure that the file belongs to this Message alone.
func (c *composing) takeFile(ctx context.Context, tx *store.Tx) error {
	if c.upload == nil {
		return nil
	}
	n, err := tx.DropUpload(ctx, c.upload.ID)
	if err == nil && n == 0 { // given up, or sent with other words
		return errNoFile(c.names)
	}
	return err
}

// openMedia opens by what name the Provider has the file of m, if it still does.
func (g *Gate) openMedia(ctx context.Context, o *vault.Opening, m *desk.Message, into *private.Text) error {
	d, err := g.store.Read().GetDispatch(ctx, m.ID)
	if err == nil && !d.Media.IsEmpty() && g.store.Now().Before(d.MediaUntil.Time) {
		vault.Add(o, vault.ContactOwner(m.Contact), vault.MediaPlace(m.ID), d.Media, into)
	}
	return err
}

// upload hands the file of a Message to the Provider, before anything is sent. Its data leaves
// the house here, so the gate decides first; and decides again before the Message goes, because
// this may take long. Until then nothing was sent: whatever happens, it can be repeated.
func (g *Gate) upload(ctx context.Context, h *queue.Held, job desk.Job, m *desk.Message, out desk.Outgoing) error {
	file, err := g.place.Files.Sending(ctx, m)
	if err != nil {
		return err
	}
	defer func() { _ = file.Content.Close() }()
	var d *again
	if err := g.store.Update(ctx, func(tx *store.Tx) (err error) {
		if d, err = g.clear(ctx, tx, h, job, m); err != nil || d == nil {
			return err
		}
		if err := g.start(ctx, tx, m, d, int(d.attempts)); err != nil {
			return err
		}
		return h.Fence(ctx, tx)
	}); err != nil || d == nil {
		return err
	}
	going, cancel := context.WithTimeout(ctx, uploadTimeout)
	defer cancel()
	id, err := g.to.Upload(going, out, file, d.Permit)
	var failed *desk.SendError
	switch {
	case err == nil:
		return g.uploaded(context.WithoutCancel(ctx), h, m, id)
	case ctx.Err() != nil:
		return ctx.Err()
	case !errors.As(err, &failed):
		return errors.Join(errNoSendError, err)
	}
	g.log.Warn("a file was not uploaded", "message", m.ID, "outcome", string(failed.Outcome), "provider_code", failureOf(failed))
	if err := g.store.Update(ctx, func(tx *store.Tx) error { return tx.CountAttempt(ctx, m.ID) }); err != nil {
		return err
	}
	return g.unsent(ctx, h, job, m, failed, int(d.attempts)+1)
}

// uploaded notes by what name the Provider has the file; the lane offers the Job again, to send.
func (g *Gate) uploaded(ctx context.Context, h *queue.Held, m *desk.Message, id private.Text) error {
	sealed, err := vault.Seal(ctx, g.vault, vault.ContactOwner(m.Contact), vault.MediaPlace(m.ID), id)
	if err != nil {
		return err
	}
	return g.insist(ctx, func() error {
		return g.store.Update(ctx, func(tx *store.Tx) error {
			until := desk.AsMillis(tx.Now().Add(desk.MediaLife))
			if err := tx.SetMedia(ctx, rows.SetMediaParams{Message: m.ID, Media: sealed, MediaUntil: until}); err != nil {
				return err
			}
			return h.Fence(ctx, tx)
		})
	})
}

// ofTheFile are the Provider's errors that may be the file's own: what is repeated after them is
// uploaded anew (Meta: Error codes).
var ofTheFile = []string{"100", "131009", "131052", "131053"}

// forgetMedia has the file of a Message uploaded once more if it may be to blame.
func forgetMedia(ctx context.Context, tx *store.Tx, m *desk.Message) error {
	if !m.Kind.MayHaveFile() || !slices.Contains(ofTheFile, m.Failure) {
		return nil
	}
	return tx.SetMedia(ctx, rows.SetMediaParams{Message: m.ID})
}
