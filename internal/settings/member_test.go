package settings_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/settings"
)

func TestInviteRefusals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		fine := settings.NewAgent{Email: text("max@muster.example"), Role: desk.RoleAgent}
		for name, c := range map[string]struct {
			code  desk.Code
			field string
			spoil func(n *settings.NewAgent)
		}{
			"an address that is none":   {desk.CodeInvalid, "email", func(n *settings.NewAgent) { n.Email = text("max") }},
			"an address that is taken":  {desk.CodeConflict, "", func(n *settings.NewAgent) { n.Email = text("ERIKA@muster.example") }},
			"a role that is none":       {desk.CodeInvalid, "role", func(n *settings.NewAgent) { n.Role = "root" }},
			"a name too long":           {desk.CodeInvalid, "name", func(n *settings.NewAgent) { n.Name = text(strings.Repeat("x", 201)) }},
			"a controller of elsewhere": {desk.CodeInvalid, "controllers", func(n *settings.NewAgent) { n.Controllers = []desk.ControllerID{desk.NewID[desk.Controller]()} }},
			"an inbox of elsewhere":     {desk.CodeInvalid, "inboxes", func(n *settings.NewAgent) { n.Inboxes = []desk.InboxID{desk.NewID[desk.Inbox]()} }},
		} {
			n := fine
			c.spoil(&n)
			refused(t, name, second(w.InviteAgent(t.Context(), shell, n)), c.code, c.field)
		}
		if _, agents := w.counts(t); agents != 1 {
			t.Errorf("refused invitations left %d agents", agents)
		}
		refused(t, "nobody", second(w.InviteAnew(t.Context(), shell, desk.NewID[desk.Agent]())), desk.CodeNotFound, "")
	})
}

// What is invited has its state and its places; the secret is kept as a digest alone.
func TestInvite(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, in := t.Context(), w.inbox(t)
		actor := desk.Actor{Kind: desk.ActorAgent, Agent: w.admin, Via: auth.ViaSession}
		var invited settings.Invited
		entries := w.written(t, func() {
			var err error
			invited, err = w.InviteAgent(ctx, actor, settings.NewAgent{Email: text("max@muster.example"), Role: desk.RoleAgent, Inboxes: []desk.InboxID{in}})
			must(t, err)
		})
		if len(entries) != 1 || entries[0].Act != desk.ActAgentInvited || entries[0].Actor.Agent != w.admin || entries[0].Subject != "agent:"+invited.Agent.String() {
			t.Errorf("who invited whom: %+v", entries)
		}
		w.leaves(t, w.rows(t), "the database", invited.Secret.Reveal())
		m := w.member(t, invited.Agent)
		if m.State() != desk.AgentInvited || m.Invitation == nil || !m.Invitation.ExpiresAt.Equal(noon.Add(auth.InvitationLifetime)) ||
			m.Invitation.By != w.admin.String() || !slices.Equal(m.Inboxes, []desk.InboxID{in}) || len(m.Controllers) != 0 {
			t.Errorf("got %+v", m)
		}
	})
}

func (w *world) member(t *testing.T, id desk.AgentID) settings.Member {
	t.Helper()
	all, err := w.Agents(t.Context(), desk.Scope{All: true})
	must(t, err)
	i := slices.IndexFunc(all, func(m settings.Member) bool { return m.ID == id })
	if i < 0 {
		t.Fatalf("%v is not listed", id)
	}
	return all[i]
}

// Only what is asked for changes, what is the same is no change, and the log names no
// places of whoever reads it for one Controller.
func TestChangeAgent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, one, two := t.Context(), w.inbox(t), w.inbox(t)
		ben := w.agent(t, "ben@muster.example", desk.RoleAgent)
		name, same, admin, agent := text("Ben Beispiel"), text("  Ben Beispiel "), desk.RoleAdmin, desk.RoleAgent
		none, both := []desk.ControllerID{}, []desk.InboxID{one, two, one}
		for _, step := range []struct {
			change settings.AgentChange
			log    string // the audit entry's detail; empty: none
			is     string
		}{
			{settings.AgentChange{}, "", "agent 1 0"},
			{settings.AgentChange{Name: &name}, "map[changed:name]", "agent 1 0"},
			{settings.AgentChange{Name: &same, Role: &agent}, "", "agent 1 0"},
			{settings.AgentChange{Role: &admin, Inboxes: &both}, "map[changed:role inboxes]", "admin 1 2"},
			{settings.AgentChange{Inboxes: &both}, "", "admin 1 2"},
			{settings.AgentChange{Controllers: &none, Inboxes: &[]desk.InboxID{two}, Role: &agent}, "map[changed:role controllers inboxes]", "agent 0 1"},
		} {
			entries := w.written(t, func() { must(t, w.ChangeAgent(ctx, shell, ben, step.change)) })
			log := ""
			for _, e := range entries {
				log += fmt.Sprint(e.Detail)
			}
			m := w.member(t, ben)
			if is := fmt.Sprintf("%s %d %d", m.Role, len(m.Controllers), len(m.Inboxes)); log != step.log || is != step.is {
				t.Errorf("%+v: logged %q, is %s; want %q, %s", step.change, log, is, step.log, step.is)
			}
		}
		profiles, err := w.people.Profiles(ctx)
		must(t, err)
		if p := profiles[ben]; p.Name.Reveal() != "Ben Beispiel" || p.Email.Reveal() != "ben@muster.example" {
			t.Errorf("ben is %q, %q", p.Name.Reveal(), p.Email.Reveal())
		}
		refused(t, "nobody", w.ChangeAgent(ctx, shell, desk.NewID[desk.Agent](), settings.AgentChange{Name: &name}), desk.CodeNotFound, "")
		refused(t, "nobody's role", w.ChangeAgent(ctx, shell, desk.NewID[desk.Agent](), settings.AgentChange{Role: &admin}), desk.CodeNotFound, "")
	})
}

// Whatever several ask for at the same moment, somebody who can log in stays admin.
func TestLastAdminHoweverItGoes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, agent := t.Context(), desk.RoleAgent
		admins := []desk.AgentID{w.admin, w.agent(t, "max@muster.example", desk.RoleAdmin), w.agent(t, "ida@muster.example", desk.RoleAdmin)}
		invited, err := w.InviteAgent(ctx, shell, settings.NewAgent{Email: text("never@muster.example"), Role: desk.RoleAdmin})
		must(t, err)
		won, lost := winners(w.race(t, "agent, agent_disabling", len(admins), func(i int) error {
			switch i {
			case 0:
				return w.DisableAgent(ctx, shell, admins[0], "a quarrel")
			case 1:
				return w.ChangeAgent(ctx, shell, admins[1], settings.AgentChange{Role: &agent})
			default:
				return second(w.InviteAnew(ctx, shell, admins[2]))
			}
		}))
		for _, err := range lost {
			refused(t, "the last admin", err, desk.CodeConflict, "")
		}
		left, err := w.store.Read().CountActiveAdmins(ctx)
		if err != nil || won != 2 || left != 1 {
			t.Errorf("%d lost their access and %d admins are left, %v", won, left, err)
		}
		must(t, w.DisableAgent(ctx, shell, invited.Agent, "an admin who never came in is no admin"))
	})
}

// A Disabling ends an open link too, and lifting it brings back neither link nor Tokens.
func TestDisablingEndsInvitations(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		invited, err := w.InviteAgent(ctx, shell, settings.NewAgent{Email: text("max@muster.example"), Role: desk.RoleAgent})
		must(t, err)
		must(t, w.DisableAgent(ctx, shell, invited.Agent, " left "))
		if m := w.member(t, invited.Agent); m.State() != desk.AgentDisabled || m.Disabled.Reason != "left" || m.Disabled.By != "command" || m.Invitation != nil {
			t.Errorf("got %+v", m)
		}
		must(t, w.EnableAgent(ctx, shell, invited.Agent))
		if _, err := w.people.Invited(ctx, invited.Secret); desk.CodeOf(err) != desk.CodeNotFound {
			t.Errorf("the link came back: %v", err)
		}
		if m := w.member(t, invited.Agent); m.State() != desk.AgentInvited || m.Disabled != nil {
			t.Errorf("got %+v", m)
		}
		refused(t, "enable twice", w.EnableAgent(ctx, shell, invited.Agent), desk.CodeConflict, "")
		refused(t, "enable nobody", w.EnableAgent(ctx, shell, desk.NewID[desk.Agent]()), desk.CodeNotFound, "")
		must(t, w.ResetPassword(ctx, shell, invited.Agent, text(password)))
		w.passes(t, "max@muster.example", password, true)
	})
}

func TestTokenNames(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		const said = "figures for Erika"
		for name, want := range map[string]desk.Code{"": "", said: "", strings.Repeat("ü", 100): "", strings.Repeat("ü", 101): desk.CodeInvalid, "a\xff": desk.CodeInvalid} {
			_, _, err := w.CreateToken(ctx, shell, settings.NewToken{Agent: w.admin, Name: text(name)})
			if want == "" {
				must(t, err)
			} else {
				refused(t, name, err, want, "name")
			}
		}
		listed, err := w.Tokens(ctx, w.admin)
		must(t, err)
		if names := []string{listed[0].Name.Reveal(), listed[1].Name.Reveal(), listed[2].Name.Reveal()}; len(listed) != 3 || !slices.Contains(names, said) {
			t.Errorf("listed: %q", names)
		}
		w.leaves(t, w.rows(t), "the database", said)
		if of, err := w.Tokens(ctx, desk.NewID[desk.Agent]()); err != nil || len(of) != 0 {
			t.Errorf("nobody's tokens: %d, %v", len(of), err)
		}
	})
}
