package api

import (
	"context"
	"net/http"

	"botschaft/internal/auth"
	"botschaft/internal/inbox"
)

// InboxCounts are how many Conversations of an Inbox stand in each view.
type InboxCounts struct {
	Inbox      string `json:"inbox" format:"uuid"`
	Mine       int64  `json:"mine"`
	Unassigned int64  `json:"unassigned"`
	All        int64  `json:"all"`
	Closed     int64  `json:"closed"`
}

// Counts are those of all Inboxes the caller serves.
type Counts struct {
	Items  []InboxCounts `json:"items" nullable:"false"`
	Unread int64         `json:"unread" doc:"Unread Conversations in the view mine."`
}

// CountsNow are Counts with the event they include.
type CountsNow struct {
	Counts
	AsOf string `json:"as_of" doc:"The event this state includes."`
}

type countsOutput struct{ Body CountsNow }

func (a *API) counts() {
	register(a, operation("counts-get", http.MethodGet, "/counts", "How many Conversations stand in each view", http.StatusOK),
		auth.ReadConversations, a.getCounts)
}

func (a *API) getCounts(ctx context.Context, x *exchange, _ *none) (*countsOutput, error) {
	last, err := a.LastEvent(ctx)
	if err != nil {
		return nil, err
	}
	c, err := a.Inbox.Counts(ctx, x.viewer())
	if err != nil {
		return nil, err
	}
	return &countsOutput{CountsNow{countsView(c), a.cursor(last)}}, nil
}

func countsView(c inbox.Counts) Counts {
	v := Counts{Items: make([]InboxCounts, len(c.Items)), Unread: c.Unread}
	for i, n := range c.Items {
		v.Items[i] = InboxCounts{Inbox: n.Inbox.String(), Mine: n.Mine, Unassigned: n.Unassigned, All: n.All, Closed: n.Closed}
	}
	return v
}
