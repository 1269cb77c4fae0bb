package inbox

import (
	"context"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// Quoted is the Message that another one answers or changes.
type Quoted struct {
	ID        desk.MessageID
	Direction desk.Direction
	Kind      desk.Kind
	Text      private.Text // empty where it was taken back
}

// Reaction is what one side feels about a Message: the newest says it, and an empty one takes
// it back.
type Reaction struct {
	By    desk.Direction
	Emoji private.Text
	At    time.Time
}

// Wording is what a Message said until it was changed.
type Wording struct {
	Text private.Text
	At   time.Time // from when
}

// relate adds to Messages what they are about and what became of them.
func (b *Inbox) relate(ctx context.Context, views []Message) error {
	all := make([]*Message, len(views))
	for i := range views {
		all[i] = &views[i]
	}
	if err := b.revise(ctx, all); err != nil {
		return err
	}
	return b.quote(ctx, views)
}

// revise applies to Messages what changed them since. Who wrote a Message may change it or take
// it back, and nobody else (Meta: Edit, Revoke); of what was taken back no earlier words are
// told, nor those it was to be changed to.
func (b *Inbox) revise(ctx context.Context, views []*Message) error {
	named, edits := map[string]*Message{}, map[string]*Message{}
	for _, v := range views {
		if v.WamidDigest != nil {
			named[string(v.WamidDigest)] = v
		}
		if v.Kind == desk.KindEdit && v.AboutDigest != nil {
			edits[string(v.AboutDigest)] = &Message{Message: desk.Message{Contact: v.Contact, Direction: v.Direction}}
		}
	}
	if err := b.change(ctx, named); err != nil {
		return err
	}
	if err := b.change(ctx, edits); err != nil {
		return err
	}
	for _, v := range views {
		if of := edits[string(v.AboutDigest)]; v.Kind == desk.KindEdit && of != nil && !of.RevokedAt.IsZero() {
			v.empty()
		}
	}
	return b.forget(ctx, views)
}

// forget leaves out what Messages said before they were changed, where the Controller chose so.
// Few are changed, so that its choice is read for these alone.
func (b *Inbox) forget(ctx context.Context, views []*Message) error {
	hides := map[desk.ControllerID]bool{}
	for _, v := range views {
		if len(v.Earlier) == 0 {
			continue
		}
		if _, read := hides[v.Controller]; !read {
			r, err := store.RegisterNow(ctx, b.store.Read(), v.Controller, b.store.Now())
			if err != nil {
				return err
			}
			hides[v.Controller] = r.Policies.EarlierWords == desk.HideEarlierWords
		}
		if hides[v.Controller] {
			v.Earlier = nil
		}
	}
	return nil
}

// change applies what changes these Messages, by the digests of their wamids.
func (b *Inbox) change(ctx context.Context, named map[string]*Message) error {
	changes, err := b.store.FindChanges(ctx, digestsOf(named))
	if err != nil || len(changes) == 0 {
		return err
	}
	contents, err := b.contents(ctx, changes)
	if err != nil {
		return err
	}
	for i, c := range changes {
		v := named[string(c.AboutDigest)]
		if v.Contact != c.Contact {
			continue
		}
		own := v.Direction == c.Direction
		switch {
		case c.Status == desk.StatusFailed: // ours, and it never arrived
		case c.Kind == desk.KindReaction:
			v.react(Reaction{c.Direction, contents[i].Text, c.ExternalAt})
		case c.Kind == desk.KindEdit && own:
			v.Earlier = append(v.Earlier, Wording{v.Text, v.saidAt()})
			v.reword(contents[i].Text, b.read(contents[i]), c.ExternalAt)
		case c.Kind == desk.KindRevoke && own:
			v.RevokedAt = c.ExternalAt
		}
	}
	for _, v := range named {
		if !v.RevokedAt.IsZero() {
			v.empty()
		}
	}
	return nil
}

// empty leaves nothing of what a Message said.
func (v *Message) empty() {
	v.Text, v.Details, v.Buttons, v.Earlier, v.File = private.Text{}, desk.Details{}, nil, nil, nil
}

// reword puts other words in the place of a Message's own. Its file stays: that cannot be
// changed, only the words beside it (Meta: Edit).
func (v *Message) reword(text private.Text, d desk.Details, at time.Time) {
	if v.Details.File != nil {
		d.File = v.Details.File
	}
	v.Text, v.Details, v.EditedAt = text, d, at
}

func (v *Message) saidAt() time.Time {
	if v.EditedAt.IsZero() {
		return v.ExternalAt
	}
	return v.EditedAt
}

// react puts a Reaction in the place of the one before of the same side.
func (v *Message) react(r Reaction) {
	for i := range v.Reactions {
		if v.Reactions[i].By == r.By {
			v.Reactions = append(v.Reactions[:i], v.Reactions[i+1:]...)
			break
		}
	}
	if !r.Emoji.IsEmpty() {
		v.Reactions = append(v.Reactions, r)
	}
}

// quote finds what Messages are about.
func (b *Inbox) quote(ctx context.Context, views []Message) error {
	var about [][]byte
	for i := range views {
		if views[i].AboutDigest != nil {
			about = append(about, views[i].AboutDigest)
		}
	}
	found, err := b.store.FindNamed(ctx, about)
	if err != nil || len(found) == 0 {
		return err
	}
	contents, err := b.contents(ctx, found)
	if err != nil {
		return err
	}
	named := make(map[string]*Message, len(found))
	for i, m := range found {
		named[string(m.WamidDigest)] = &Message{Message: m, Text: contents[i].Text}
	}
	if err := b.change(ctx, named); err != nil {
		return err
	}
	for i := range views {
		v := &views[i]
		if o := named[string(v.AboutDigest)]; o != nil && o.Contact == v.Contact {
			v.About = &Quoted{o.ID, o.Direction, o.Kind, o.Text}
		}
	}
	return nil
}

// contents opens what Messages say.
func (b *Inbox) contents(ctx context.Context, ms []desk.Message) ([]desk.Content, error) {
	contents, opening := make([]desk.Content, len(ms)), b.vault.Opening(vault.ReasonView)
	for i, m := range ms {
		vault.Add(opening, vault.ContactOwner(m.Contact), vault.ContentPlace(m.ID), m.Content, &contents[i])
	}
	return contents, b.readable(opening.Run(ctx))
}

func digestsOf(named map[string]*Message) [][]byte {
	all := make([][]byte, 0, len(named))
	for d := range named {
		all = append(all, []byte(d))
	}
	return all
}
