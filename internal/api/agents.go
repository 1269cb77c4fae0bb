package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/settings"
)

// Member is an Agent as those see it who administer the house.
type Member struct {
	ID          string                `json:"id" format:"uuid"`
	Name        string                `json:"name"`
	Email       string                `json:"email"`
	Role        desk.Role             `json:"role" enum:"admin,agent,dpo"`
	State       desk.AgentState       `json:"state" enum:"invited,active,disabled" doc:"invited: has no password, so cannot log in."`
	Controllers []string              `json:"controllers" nullable:"false" doc:"It serves all their Inboxes, future ones too."`
	Inboxes     []string              `json:"inboxes" nullable:"false" doc:"It serves these beside."`
	CreatedAt   time.Time             `json:"created_at"`
	Disabled    Maybe[DisablingView]  `json:"disabled"`
	Invitation  Maybe[OpenInvitation] `json:"invitation"`
}

// DisablingView says since when and why an Agent has no access.
type DisablingView struct {
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}

// OpenInvitation is one that nobody took up, and perhaps nobody can any more.
type OpenInvitation struct {
	ExpiresAt time.Time `json:"expires_at"`
}

// NewAgent is whom to invite.
type NewAgent struct {
	Email       string    `json:"email" minLength:"1" maxLength:"254"`
	Name        string    `json:"name" maxLength:"200" doc:"Empty: the e-mail address stands for it."`
	Role        desk.Role `json:"role" enum:"admin,agent,dpo"`
	Controllers []string  `json:"controllers" nullable:"false" maxItems:"1000"`
	Inboxes     []string  `json:"inboxes" nullable:"false" maxItems:"1000"`
}

// AgentInvited is an Agent that was made, with the link for it.
type AgentInvited struct {
	Agent string `json:"agent" format:"uuid"`
	InvitationLink
}

// AgentChange is what an Agent is from now on.
type AgentChange struct {
	Name        string    `json:"name" minLength:"1" maxLength:"200"`
	Role        desk.Role `json:"role" enum:"admin,agent,dpo"`
	Controllers []string  `json:"controllers" nullable:"false" maxItems:"1000"`
	Inboxes     []string  `json:"inboxes" nullable:"false" maxItems:"1000"`
}

type (
	membersOutput struct {
		Body struct {
			Items []Member `json:"items" nullable:"false"`
		}
	}
	inviteInput  struct{ Body NewAgent }
	inviteOutput struct{ Body AgentInvited }
	linkOutput   struct{ Body InvitationLink }
	changeInput  struct {
		ID   string `path:"id" format:"uuid"`
		Body AgentChange
	}
)

func (a *API) agents() {
	register(a, operation("agents-list", http.MethodGet, "/agents", "The Agents within the Scope, by name", http.StatusOK), auth.ReadSettings, a.listAgents)
	register(a, operation("agent-invite", http.MethodPost, "/agents", "Make an Agent and invite it; a Session alone may", http.StatusCreated), auth.ManageAgents, a.inviteAgent)
	register(a, operation("agent-change", http.MethodPut, "/agents/{id}", "Change name, role and where an Agent serves; a Session alone makes an admin", http.StatusNoContent),
		auth.ManageAgents, a.changeAgent)
	register(a, operation("agent-disable", http.MethodPut, "/agents/{id}/disabling", "Take an Agent's access; Sessions and Tokens end at once", http.StatusNoContent),
		auth.ManageAgents, a.disableAgent)
	register(a, operation("agent-enable", http.MethodDelete, "/agents/{id}/disabling", "Give an Agent its access back", http.StatusNoContent),
		auth.ManageAgents, a.enableAgent)
	register(a, operation("agent-invite-anew", http.MethodPost, "/agents/{id}/invitations",
		"Let an Agent set its password again; the old one, Sessions and Tokens end at once; a Session alone may", http.StatusCreated), auth.ManageAgents, a.inviteAnew)
	register(a, operation("agent-sessions-revoke", http.MethodDelete, "/agents/{id}/sessions", "End all Sessions of an Agent", http.StatusNoContent),
		auth.ManageAgents, a.revokeSessionsOf)
}

// memberID reads a path's id. What is no id names no Agent.
func memberID(s string) (desk.AgentID, error) {
	id, err := desk.ParseID[desk.Agent](s)
	if err != nil {
		return id, desk.NotFound("agent")
	}
	return id, nil
}

// ids reads a list of ids; field is to blame for what is none.
func ids[N any](field string, list []string) ([]desk.ID[N], error) {
	out := make([]desk.ID[N], len(list))
	for i, s := range list {
		id, err := desk.ParseID[N](s)
		if err != nil {
			return nil, desk.Invalid(field, "must be ids")
		}
		out[i] = id
	}
	return out, nil
}

// words gives ids as text, in order.
func words[N any](list []desk.ID[N]) []string {
	out := make([]string, len(list))
	for i, id := range list {
		out[i] = id.String()
	}
	slices.Sort(out)
	return out
}

func (a *API) listAgents(ctx context.Context, x *exchange, _ *none) (*membersOutput, error) {
	members, err := a.Settings.Agents(ctx, x.who.Scope())
	if err != nil {
		return nil, err
	}
	profiles, err := a.People.Profiles(ctx)
	if err != nil {
		return nil, err
	}
	out := &membersOutput{}
	out.Body.Items = make([]Member, len(members))
	for i := range members {
		out.Body.Items[i] = memberView(&members[i], profiles[members[i].ID])
	}
	slices.SortFunc(out.Body.Items, func(a, b Member) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.ID, b.ID))
	})
	return out, nil
}

func memberView(m *settings.Member, p desk.AgentProfile) Member {
	v := Member{
		ID: m.ID.String(), Name: p.Name.Reveal(), Email: p.Email.Reveal(), Role: m.Role, State: m.State(),
		Controllers: words(m.Controllers), Inboxes: words(m.Inboxes), CreatedAt: m.CreatedAt,
	}
	if m.Disabled != nil {
		v.Disabled = some(DisablingView{m.Disabled.At, m.Disabled.Reason})
	}
	if m.Invitation != nil {
		v.Invitation = some(OpenInvitation{m.Invitation.ExpiresAt})
	}
	return v
}

func (a *API) inviteAgent(ctx context.Context, x *exchange, in *inviteInput) (*inviteOutput, error) {
	n := settings.NewAgent{Email: private.NewText(in.Body.Email), Name: private.NewText(in.Body.Name), Role: in.Body.Role}
	var err error
	if n.Controllers, err = ids[desk.Controller]("controllers", in.Body.Controllers); err != nil {
		return nil, err
	}
	if n.Inboxes, err = ids[desk.Inbox]("inboxes", in.Body.Inboxes); err != nil {
		return nil, err
	}
	invited, err := a.Settings.InviteAgent(ctx, x.who.Actor(), n)
	if err != nil {
		return nil, err
	}
	return &inviteOutput{AgentInvited{invited.Agent.String(), a.link(invited)}}, nil
}

func (a *API) changeAgent(ctx context.Context, x *exchange, in *changeInput) (*none, error) {
	id, err := memberID(in.ID)
	if err != nil {
		return nil, err
	}
	controllers, err := ids[desk.Controller]("controllers", in.Body.Controllers)
	if err != nil {
		return nil, err
	}
	inboxes, err := ids[desk.Inbox]("inboxes", in.Body.Inboxes)
	if err != nil {
		return nil, err
	}
	name := private.NewText(in.Body.Name)
	return nil, a.Settings.ChangeAgent(ctx, x.who.Actor(), id, settings.AgentChange{
		Name: &name, Role: &in.Body.Role, Controllers: &controllers, Inboxes: &inboxes,
	})
}

func (a *API) disableAgent(ctx context.Context, x *exchange, in *pauseInput) (*none, error) {
	id, err := memberID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Settings.DisableAgent(ctx, x.who.Actor(), id, in.Body.Reason)
}

func (a *API) enableAgent(ctx context.Context, x *exchange, in *oneInput) (*none, error) {
	id, err := memberID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Settings.EnableAgent(ctx, x.who.Actor(), id)
}

func (a *API) inviteAnew(ctx context.Context, x *exchange, in *oneInput) (*linkOutput, error) {
	id, err := memberID(in.ID)
	if err != nil {
		return nil, err
	}
	invited, err := a.Settings.InviteAnew(ctx, x.who.Actor(), id)
	if err != nil {
		return nil, err
	}
	return &linkOutput{a.link(invited)}, nil
}

func (a *API) revokeSessionsOf(ctx context.Context, x *exchange, in *oneInput) (*none, error) {
	id, err := memberID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.People.RevokeSessions(ctx, x.who.Actor(), id, desk.SessionID{})
}
