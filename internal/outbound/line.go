package outbound

import (
	"context"

	"botschaft/internal/desk"
	"botschaft/internal/facts"
	"botschaft/internal/papers"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// lining is a line on its way to a Contact: what becomes of what it just sent.
type lining struct {
	message desk.Message
	notice  desk.Notice // in use, in whose language and tone it speaks
	on      desk.Occasion
	digest  string
}

// line makes the Message that tells a Contact what becomes of what it just sent, from the
// register as it is now; nil if there is nothing to tell (GDPR Art. 13, in layers). A line
// with problems is not told; whoever looks at the Notice sees them.
func (g *Gate) line(ctx context.Context, to *desk.Message, behind *noticing) (*lining, error) {
	on := to.Kind.Occasion()
	if on == "" || behind == nil {
		return nil, nil
	}
	k, err := g.ask(ctx, g.store.Read(), g.store.Now(), to)
	if err != nil || k.Told[on] {
		return nil, err
	}
	f := papers.NoticeFacts{
		Controller: k.Controller, Language: papers.Language(behind.notice.Language), Tone: papers.Tone(behind.notice.Tone),
	}
	text := papers.JustInTime(on, f, k.Policies)
	if len(papers.LintLine(on, text, f)) > 0 {
		return nil, nil
	}
	l := lining{notice: behind.notice, on: on, digest: papers.LineDigest(text), message: fromHouse(to, desk.OriginSystem)}
	l.message.Content, err = vault.Seal(ctx, g.vault, vault.ContactOwner(to.Contact), vault.ContentPlace(l.message.ID), desk.Content{Text: private.NewText(text)})
	return &l, err
}

// queue puts the line into its lane with the record that will prove that it was told.
func (l *lining) queue(ctx context.Context, tx *store.Tx, k facts.Known, conversation *desk.Conversation) error {
	m := &l.message
	if said, err := say(ctx, tx, k, m, conversation, map[string]string{"occasion": string(l.on), "line": l.digest}); err != nil || !said {
		return err
	}
	return tx.AddShowing(ctx, rows.AddShowingParams{
		Message: m.ID, NoticeID: l.notice.ID, Contact: m.Contact, Inbox: m.Inbox, Version: l.notice.Version, At: tx.Stamp(),
		Occasion: l.on, Line: l.digest,
	})
}
