package settings

import (
	"context"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// LookAtNames is somebody's request to read what a colleague did.
type LookAtNames struct {
	Agent   desk.AgentID // the colleague
	Reason  private.Text // why; for whoever decides
	Council private.Text // what the works council was told, when and by whom
}

// AskForNames asks for a second person's yes to read in the audit log what a colleague did
// (§ 87(1) no. 6 BetrVG, § 26 BDSG). desk.CodeNotFound for somebody out of Scope,
// desk.CodeForbidden where the data-protection officer alone may read that, and
// desk.CodeConflict if no second person is needed.
func (s *Settings) AskForNames(ctx context.Context, who auth.Principal, l LookAtNames) (desk.ApprovalID, error) {
	asked := desk.Approval{ID: desk.NewID[desk.Approval](), Act: desk.ApproveNames, Subject: desk.AboutAgent(l.Agent), Facts: "{}", RequestedBy: who.Agent}
	var err error
	if asked.Reason, err = s.words(ctx, "reason", vault.ApprovalPlace(asked.ID), l.Reason); err != nil {
		return desk.ApprovalID{}, err
	}
	if asked.Council, err = s.words(ctx, "council", vault.CouncilPlace(asked.ID), l.Council); err != nil {
		return desk.ApprovalID{}, err
	}
	var id desk.ApprovalID
	err = s.change(ctx, func(tx *store.Tx) error {
		p, err := mayAskForNames(ctx, tx, who, l.Agent)
		if err != nil {
			return err
		}
		id, err = ask(ctx, tx, who.Actor(), asked, p)
		return err
	})
	return id, err
}

// mayAskForNames gives the choices that hold for looking at somebody.
func mayAskForNames(ctx context.Context, tx *store.Tx, who auth.Principal, about desk.AgentID) (desk.Policies, error) {
	if _, err := tx.GetAgent(ctx, about); store.IsNone(err) {
		return desk.Policies{}, desk.NotFound("agent")
	} else if err != nil {
		return desk.Policies{}, err
	}
	people, err := newPanel(ctx, tx.Queries, tx.Now())
	if err != nil {
		return desk.Policies{}, err
	}
	// Whoever asks is within by asking; what counts is whom it is about.
	if d, err := people.of(ctx, desk.Decider{Agent: who.Agent, Role: who.Role}, &desk.Approval{Act: desk.ApproveNames, Subject: desk.AboutAgent(about)}); err != nil {
		return desk.Policies{}, err
	} else if !d.Within {
		return desk.Policies{}, desk.NotFound("agent")
	}
	p, err := store.PoliciesAbout(ctx, tx.Queries, about, tx.Now())
	if err != nil {
		return p, err
	}
	switch err := p.MayReadNames(who.Agent, who.Role, about, false); {
	case err == nil:
		return p, desk.Conflict("this needs no second person; read it")
	case desk.CodeOf(err) != desk.CodeApproval:
		return p, err
	}
	return p, nil
}

// carryOutNames lets the look begin: it is good for a while.
func carryOutNames(ctx context.Context, tx *store.Tx, a *desk.Approval) error {
	p, err := store.PoliciesAbout(ctx, tx.Queries, desk.AgentOf(a.Subject), tx.Now())
	if err != nil {
		return err
	}
	a.ExpiresAt = p.GoodUntil(tx.Now())
	return nil
}

// words seals what must be said.
func (s *Settings) words(ctx context.Context, field string, place vault.Place, given private.Text) (desk.SealedText, error) {
	if trimmed(given).IsEmpty() {
		return desk.SealedText{}, desk.Invalid(field, "is missing")
	}
	sealed, err := s.why(ctx, place, given)
	if desk.CodeOf(err) == desk.CodeInvalid {
		err = desk.Invalid(field, "is too long, or no plain text")
	}
	return sealed, err
}
