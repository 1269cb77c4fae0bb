package inbox

import (
	"context"
	"crypto/subtle"
	"unicode/utf8"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

const maxClientID = 128

// NewNote is what an Agent writes for colleagues.
type NewNote struct {
	ClientID string // the author's own name for it, so that asking twice writes once
	Text     private.Text
}

// Note writes a Note. A Note that was written before is answered as the first time;
// desk.CodeConflict if its ClientID was used for other words.
func (b *Inbox) Note(ctx context.Context, v Viewer, id desk.ConversationID, n NewNote) (Turn, error) {
	words, err := desk.CheckWords("text", n.Text, MaxNote, true)
	if err != nil {
		return Turn{}, err
	}
	if n.ClientID == "" || utf8.RuneCountInString(n.ClientID) > maxClientID {
		return Turn{}, desk.Invalid("client_id", "must have between 1 and 128 characters")
	}
	c, err := b.store.ConversationWithin(ctx, v.Scope, id)
	if err != nil {
		return Turn{}, err
	}
	client, err := b.vault.Digest(ctx, c.Controller, "client", id[:], v.Actor.Agent[:], []byte(n.ClientID))
	if err != nil {
		return Turn{}, err
	}
	body, err := b.vault.Digest(ctx, c.Controller, "note", []byte(words.Reveal()))
	if err != nil {
		return Turn{}, err
	}
	turnID, sealed, err := b.sealTurn(ctx, c.Contact, words)
	if err != nil {
		return Turn{}, err
	}
	var written desk.Turn
	err = b.store.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.LockConversation(ctx, id)
		if err != nil {
			return err
		}
		before, err := tx.GetTurnByClient(ctx, rows.GetTurnByClientParams{Conversation: id, ClientDigest: client})
		if err == nil {
			written = store.TurnOf(before)
			return sameNote(before.BodyDigest, body)
		} else if !store.IsNone(err) {
			return err
		}
		written = c.Turn(desk.TurnNote, v.Actor.Agent, tx.Now())
		written.ID, written.Content, written.ClientDigest, written.BodyDigest = turnID, sealed, client, body
		tx.Audit(desk.AuditEntry{
			Actor: v.Actor, Act: desk.ActNoteWritten, Subject: subjectOf(id), Controller: c.Controller, Inbox: c.Inbox,
			Detail: map[string]string{"note": written.ID.String()},
		})
		tx.Emit(written.Event())
		if err := tx.SaveConversations(ctx, []desk.Conversation{*c}); err != nil {
			return err
		}
		return tx.AddTurns(ctx, []desk.Turn{written})
	})
	return Turn{Turn: written, Text: words}, err
}

func sameNote(before, now []byte) error {
	if subtle.ConstantTimeCompare(before, now) != 1 {
		return desk.Conflict("this client_id was used for another note")
	}
	return nil
}

const maxNotes = 100

// Notes gives the Notes of a Conversation, the newest first.
func (b *Inbox) Notes(ctx context.Context, v Viewer, id desk.ConversationID) ([]Turn, error) {
	c, err := b.store.ConversationWithin(ctx, v.Scope, id)
	if err != nil {
		return nil, err
	}
	if err := b.openings.Open(ctx, opened(v.Actor, &c)); err != nil {
		return nil, err
	}
	listed, err := b.store.Read().ListNotes(ctx, rows.ListNotesParams{Conversation: id, Page: maxNotes})
	if err != nil {
		return nil, err
	}
	return b.showTurns(ctx, turnsOf(listed))
}
