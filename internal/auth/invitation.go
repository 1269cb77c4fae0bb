package auth

import (
	"context"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// InvitationLifetime is how long the link of an Invitation works.
const InvitationLifetime = 72 * time.Hour

// NewInvitation invites agent. The secret goes into the link and is kept nowhere; the
// Invitation holds its digest and is the caller's to store.
func NewInvitation(agent desk.AgentID, by string, now time.Time) (desk.Invitation, private.Text) {
	secret, digest := newSecret()
	return desk.Invitation{
		Agent: agent, Digest: digest, By: by, CreatedAt: now, ExpiresAt: now.Add(InvitationLifetime),
	}, private.NewText(secret)
}

// InvitationLink is where a person takes an Invitation up. The secret stands in the
// fragment, which browsers send to nobody: it comes into no log on the way.
func InvitationLink(publicURL string, secret private.Text) private.Text {
	return private.NewText(publicURL + "/invitation#" + secret.Reveal())
}

// ViaInvitation is how an Agent acts that takes up its Invitation, for desk.Actor.
const ViaInvitation = "invitation"

// errNoInvitation does not tell one that was used, expired or withdrawn from one that
// never was.
var errNoInvitation = &desk.Error{Code: desk.CodeNotFound, Text: "this invitation is not valid, or not any more; ask for a new one"}

// invitations is where Invitations are read: the store or a transaction.
type invitations interface {
	GetInvitation(ctx context.Context, digest []byte) (rows.Invitation, error)
}

// invited gives the Invitation of a secret at now; errNoInvitation if it invites nobody.
func invited(ctx context.Context, from invitations, secret private.Text, now time.Time) (rows.Invitation, error) {
	if !isSecret(secret.Reveal()) {
		return rows.Invitation{}, errNoInvitation
	}
	row, err := from.GetInvitation(ctx, digestOf(secret.Reveal()))
	switch {
	case store.IsNone(err):
		return row, errNoInvitation
	case err != nil:
		return row, err
	case !now.Before(row.ExpiresAt.Time):
		return row, errNoInvitation
	}
	return row, nil
}

// Invited gives the Agent whom a secret invites; desk.CodeNotFound if nobody.
func (p *People) Invited(ctx context.Context, secret private.Text) (desk.AgentID, error) {
	invitation, err := invited(ctx, p.store.Read(), secret, p.store.Now())
	if err != nil {
		return desk.AgentID{}, err
	}
	h, err := p.holder(ctx, invitation.Agent)
	if err == nil && h.Disabled {
		err = errNoInvitation
	}
	return invitation.Agent, err
}

// acceptance is an Invitation about to be taken up.
type acceptance struct {
	agent    desk.AgentID
	secret   private.Text
	password desk.SealedText
	session  desk.Session
}

// accept takes up the Invitation: once, and only as it was when it was looked at. Who let the
// Agent in is kept: it matters to whose second person it is (desk.Admission).
func (p *People) accept(ctx context.Context, a acceptance) error {
	actor := desk.Actor{Kind: desk.ActorAgent, Agent: a.agent, Via: ViaInvitation}
	return p.store.Update(ctx, func(tx *store.Tx) error {
		agent, err := tx.LockAgent(ctx, a.agent)
		if err != nil {
			return err
		}
		invitation, err := invited(ctx, tx, a.secret, tx.Now())
		if err != nil {
			return err
		}
		if invitation.Agent != a.agent || agent.Disabled != nil {
			return errNoInvitation
		}
		if err := tx.SetAdmission(ctx, rows.SetAdmissionParams{Agent: a.agent, Actor: invitation.Actor, At: tx.Stamp()}); err != nil {
			return err
		}
		if _, err := tx.DropInvitation(ctx, a.agent); err != nil {
			return err
		}
		if err := tx.SetPassword(ctx, rows.SetPasswordParams{ID: a.agent, Password: a.password}); err != nil {
			return err
		}
		tx.Audit(desk.AuditEntry{Actor: actor, Act: desk.ActInvitationAccepted, Subject: "agent:" + a.agent.String()})
		tx.Emit(desk.Event{Kind: desk.EventAccess, Agent: a.agent})
		return addSession(ctx, tx, a.session)
	})
}
