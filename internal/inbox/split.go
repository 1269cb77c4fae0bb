package inbox

import (
	"context"
	"slices"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// parting is a Split on its way into the records.
type parting struct {
	*Inbox
	desk.Split
	tx     *store.Tx
	by     desk.Actor
	of     *desk.Conversation // in which it was said
	ever   []desk.Identity    // all by which the Contact was reached, the newest last
	moved  []desk.Identity    // those that are the stranger's now
	values map[desk.IdentityID]desk.Alias
	spoken []cutting   // in which the stranger said something
	turns  []desk.Turn // that tell of it
}

// Split records an Agent's word that whoever writes since the Contact changed is somebody else.
// They become a Contact of their own, with a key of their own; what was said since, and what
// belongs to it, is sealed anew for them and goes on in Conversations of theirs. The Conversation
// given is that in which the stranger's matter stands now.
func (b *Inbox) Split(ctx context.Context, v Viewer, id desk.ConversationID) (Conversation, error) {
	c, err := b.store.ConversationWithin(ctx, v.Scope, id)
	if err != nil {
		return Conversation{}, err
	}
	open, err := b.store.FindOpenChanges(ctx, []desk.ContactID{c.Contact})
	if err != nil {
		return Conversation{}, err
	}
	if len(open) == 0 {
		return Conversation{}, errSure
	}
	stranger := desk.NewID[desk.Contact]()
	if err := b.vault.AddContacts(ctx, []vault.NewContact{{Controller: c.Controller, Contact: stranger}}); err != nil {
		return Conversation{}, err
	}
	home := id
	if err := b.store.Update(ctx, func(tx *store.Tx) error {
		p := parting{Inbox: b, tx: tx, by: v.Actor, of: &c, Split: desk.Split{From: c.Contact, To: stranger, Homes: map[desk.ConversationID]desk.ConversationID{}}}
		if err := p.part(ctx); err != nil {
			return err
		}
		if to, moved := p.Homes[id]; moved {
			home = to
		}
		return nil
	}); err != nil {
		return Conversation{}, err
	}
	return b.Open(ctx, v, home)
}

var (
	errUnderway = desk.Conflict("something is still on its way to the contact")
	errMerged   = desk.Conflict("the contact was merged since it changed; undo the merge first")
)

func (p *parting) part(ctx context.Context) error {
	if err := p.tx.LockContact(ctx, p.From); err != nil {
		return err
	}
	other, err := p.decide(ctx)
	if err != nil {
		return err
	}
	if err := p.trace(ctx); err != nil {
		return err
	}
	if len(p.moved) == 0 && len(p.spoken) == 0 { // whoever it is writes by nothing of the Contact's
		return p.record(ctx, other)
	}
	if err := p.check(ctx); err != nil {
		return err
	}
	for _, do := range []func(context.Context) error{p.meet, p.cut, p.handOver, p.give} {
		if err := do(ctx); err != nil {
			return err
		}
	}
	return p.record(ctx, p.To)
}

// check refuses while something would be torn apart.
func (p *parting) check(ctx context.Context) error {
	on, err := p.tx.IsUnderway(ctx, p.From)
	if err != nil {
		return err
	}
	if on {
		return errUnderway
	}
	merges, err := p.tx.ListMergesOf(ctx, p.From)
	for _, m := range merges {
		if (m.Contact == p.From || m.IntoID == p.From) && !m.At.Before(p.Since) {
			return errMerged
		}
	}
	return err
}

// decide finds since when somebody else writes, and by what.
func (p *parting) decide(ctx context.Context) (other desk.ContactID, err error) {
	changes, err := p.tx.ListIdentityChanges(ctx, p.From)
	if err != nil {
		return other, err
	}
	for _, ch := range changes {
		if ch.Contact != p.From || !ch.VouchedAt.IsZero() {
			continue
		}
		if p.Since.IsZero() {
			p.Since = ch.ChangedAt.Time
		}
		if !ch.OtherID.IsZero() {
			other = ch.OtherID
		}
	}
	if p.Since.IsZero() {
		return other, errSure
	}
	return other, p.reached(ctx)
}

// reached finds what of all that the Contact was ever reached by is the stranger's now.
func (p *parting) reached(ctx context.Context) error {
	listed, err := p.tx.ListIdentitiesEver(ctx, p.From)
	if err != nil {
		return err
	}
	p.values = make(map[desk.IdentityID]desk.Alias, len(listed))
	opening, values := p.vault.Opening(vault.ReasonProcess), make([]private.Text, len(listed))
	for i, r := range listed {
		vault.Add(opening, vault.ContactOwner(p.From), vault.IdentityPlace(r.ID), r.Value, &values[i])
		id := desk.Identity{ID: r.ID, Controller: r.Controller, Contact: r.Contact, Kind: r.Kind, Digest: r.Digest, ValidFrom: r.ValidFrom.Time}
		if !r.ValidUntil.IsZero() {
			id.ValidUntil = &r.ValidUntil.Time
		}
		p.ever = append(p.ever, id)
	}
	p.moved = p.Stranger(p.ever)
	if err := opening.Run(ctx); err != nil {
		return err
	}
	for i, r := range listed {
		p.values[r.ID] = desk.Alias{Kind: r.Kind, Value: values[i]}
	}
	return nil
}

// masked shows somebody by the newest of these Identities, a number if there is one.
func (p *parting) masked(of []desk.Identity) (out private.Text) {
	number := false
	for _, id := range of {
		if is := id.Kind == desk.IdentityPhone; is || !number {
			out, number = p.values[id.ID].Masked(), is
		}
	}
	return out
}

// meet makes the Contact, and gives it what it is reached by: from the Split on, where the one
// before it was reached by the same.
func (p *parting) meet(ctx context.Context) error {
	if err := p.profiles(ctx); err != nil {
		return err
	}
	var ended, begun, given []desk.Identity
	for _, id := range p.moved {
		value, was := p.values[id.ID].Value, id.ValidFrom.Before(p.Since)
		if was {
			last := id
			last.ValidUntil = &p.Since
			ended = append(ended, last)
			id.ID, id.ValidFrom = desk.NewID[desk.Identity](), p.Since
		}
		id.Contact = p.To
		var err error
		if id.Value, err = vault.Seal(ctx, p.vault, vault.ContactOwner(p.To), vault.IdentityPlace(id.ID), value); err != nil {
			return err
		}
		if was {
			begun = append(begun, id)
		} else {
			given = append(given, id)
		}
	}
	if err := p.tx.EndIdentities(ctx, ended); err != nil {
		return err
	}
	if err := p.tx.AddIdentities(ctx, begun); err != nil {
		return err
	}
	return p.tx.GiveIdentities(ctx, given)
}

// profiles gives the stranger the name that came last. The Contact's own is not known any more if
// one came since: the newest has taken its place (GDPR Art. 5(1)(d)).
func (p *parting) profiles(ctx context.Context) error {
	row, err := p.tx.GetContact(ctx, p.From)
	if err != nil {
		return err
	}
	own, err := vault.OpenOne(ctx, p.vault, vault.ReasonProcess, vault.ContactOwner(p.From), vault.ProfilePlace(p.From), row.Profile)
	if err != nil {
		return err
	}
	theirs := desk.Profile{Language: own.Language, Masked: p.masked(p.moved)}
	if written, err := p.tx.HasWritten(ctx, rows.HasWrittenParams{Contact: p.From, Since: desk.AsMillis(p.Since)}); err != nil {
		return err
	} else if written {
		theirs.Name, theirs.Username = own.Name, own.Username
		own.Name, own.Username = private.Text{}, private.Text{}
	}
	own.Masked = p.masked(slices.DeleteFunc(slices.Clone(p.ever), func(id desk.Identity) bool { return !id.ValidFrom.Before(p.Since) }))
	to, from := desk.Contact{ID: p.To, Controller: p.of.Controller, CreatedAt: p.tx.Now()}, desk.Contact{ID: p.From}
	if to.Profile, err = vault.Seal(ctx, p.vault, vault.ContactOwner(p.To), vault.ProfilePlace(p.To), theirs); err != nil {
		return err
	}
	if from.Profile, err = vault.Seal(ctx, p.vault, vault.ContactOwner(p.From), vault.ProfilePlace(p.From), own); err != nil {
		return err
	}
	if err := p.tx.AddContacts(ctx, []desk.Contact{to}); err != nil {
		return err
	}
	return p.tx.SetProfiles(ctx, []desk.Contact{from})
}

// again seals for the stranger what was sealed for the Contact.
func (p *parting) again(ctx context.Context, column string, row [16]byte, sealed []byte) ([]byte, error) {
	at := vault.Place{Column: column, Row: row}
	return p.vault.Pass(ctx, vault.ContactOwner(p.From), at, vault.ContactOwner(p.To), at, sealed)
}

// give lets what was decided about the stranger be theirs: a block, a restriction, an objection,
// and the key of their device. A block that holds is the number's at WhatsApp, whenever it began;
// who objected before is asked by nobody whether it was they who objected again. A yes is not handed over: the Ledger says who gave it, and to
// whoever that was nothing leads any more.
func (p *parting) give(ctx context.Context) error {
	since := desk.AsMillis(p.Since)
	keys, err := p.tx.ListDeviceKeys(ctx, rows.ListDeviceKeysParams{Contact: p.From, Since: p.Since.UnixMilli()})
	if err != nil {
		return err
	}
	theirs := make([]desk.IdentityKey, len(keys))
	for i, k := range keys {
		theirs[i] = desk.IdentityKey{Contact: p.To, Inbox: k.Inbox, Digest: k.Digest, At: time.UnixMilli(k.At)}
		if k.Value.IsEmpty() {
			continue
		}
		place := vault.KeyPlace(k.Inbox)
		sealed, err := p.again(ctx, place.Column, place.Row, k.Value.Bytes())
		if err != nil {
			return err
		}
		theirs[i].Value = private.SealedBytes[private.Text](sealed)
	}
	if err := p.tx.DropDeviceKeys(ctx, rows.DropDeviceKeysParams{Contact: p.From, Since: p.Since.UnixMilli()}); err != nil {
		return err
	}
	if err := p.tx.SetIdentityKeys(ctx, theirs); err != nil {
		return err
	}
	if err := p.tx.GiveBlocks(ctx, rows.GiveBlocksParams{ToID: p.To, Contact: p.From, Since: since}); err != nil {
		return err
	}
	if err := p.tx.GiveObjections(ctx, rows.GiveObjectionsParams{ToID: p.To, Contact: p.From, Since: since}); err != nil {
		return err
	}
	before, err := p.tx.ListObjections(ctx, p.From)
	if err != nil {
		return err
	}
	for _, o := range before {
		if err := p.tx.AddObjection(ctx, rows.AddObjectionParams{Contact: p.To, Purpose: o.Purpose, At: o.At, Actor: o.Actor}); err != nil {
			return err
		}
	}
	return p.tx.GiveRestriction(ctx, rows.GiveRestrictionParams{ToID: p.To, Contact: p.From, Since: since})
}

// record settles the changes, and says who said so.
func (p *parting) record(ctx context.Context, other desk.ContactID) error {
	if err := p.tx.SettleChanges(ctx, rows.SettleChangesParams{At: p.tx.Stamp(), Agent: p.by.Agent, OtherID: other, Contact: p.From}); err != nil {
		return err
	}
	for _, t := range p.turns {
		p.tx.Emit(t.Event())
	}
	if err := p.tx.AddTurns(ctx, p.turns); err != nil {
		return err
	}
	p.tx.Audit(desk.AuditEntry{
		Actor: p.by, Act: desk.ActContactSplit, Subject: "contact:" + p.From.String(), Controller: p.of.Controller, Inbox: p.of.Inbox,
		Detail: map[string]string{"other": other.String()},
	})
	return emitOpen(ctx, p.tx, p.of)
}
