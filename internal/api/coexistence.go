package api

import (
	"context"
	"net/http"
	"time"

	"botschaft/internal/auth"
)

// CoexistenceView says since when and why an Inbox takes in what is written in the WhatsApp
// Business app.
type CoexistenceView struct {
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}

// approvalAsked says what waits for a second person.
type approvalAsked struct {
	Body struct {
		Approval string `json:"approval" format:"uuid" doc:"Id of the Approval that a second person decides about."`
	}
}

func (a *API) coexistence() {
	begin := operation("inbox-coexistence-begin", http.MethodPut, "/inboxes/{id}/coexistence",
		"Ask to take in what is written in the WhatsApp Business app on the same number", http.StatusAccepted)
	begin.Description = "It waits for a second person, and begins when they agree. The reason is for circumstances, not for names: it will stand in the audit log in the open."
	register(a, begin, auth.ChangeSettings, a.askForCoexistence)
	end := operation("inbox-coexistence-end", http.MethodDelete, "/inboxes/{id}/coexistence",
		"Keep nothing more of what is written in the WhatsApp Business app", http.StatusNoContent)
	end.Description = "At once, and without a second person."
	register(a, end, auth.ChangeSettings, a.endCoexistence)
}

func (a *API) askForCoexistence(ctx context.Context, x *exchange, in *pauseInput) (*approvalAsked, error) {
	id, err := inboxID(in.ID)
	if err != nil {
		return nil, err
	}
	asked, err := a.Settings.AskForCoexistence(ctx, x.who.Actor(), id, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	out := &approvalAsked{}
	out.Body.Approval = asked.String()
	return out, nil
}

func (a *API) endCoexistence(ctx context.Context, x *exchange, in *oneInput) (*none, error) {
	id, err := inboxID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Settings.EndCoexistence(ctx, x.who.Actor(), id)
}
