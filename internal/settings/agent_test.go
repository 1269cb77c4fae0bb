package settings_test

import (
	"strings"
	"testing"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/settings"
)

func TestCreateAgentRefusals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		fine := settings.NewAgent{Email: text("max@muster.example"), Role: desk.RoleAgent, Password: text(password), Controllers: []desk.ControllerID{w.controller}}
		type spoil func(n *settings.NewAgent)
		email := func(s string) spoil { return func(n *settings.NewAgent) { n.Email = text(s) } }
		secret := func(s string) spoil { return func(n *settings.NewAgent) { n.Password = text(s) } }
		cases := []struct {
			code  desk.Code
			field string
			spoil spoil
		}{
			{desk.CodeInvalid, "role", func(n *settings.NewAgent) { n.Role = "root" }},
			{desk.CodeInvalid, "role", func(n *settings.NewAgent) { n.Role = "" }},
			{desk.CodeInvalid, "name", func(n *settings.NewAgent) { n.Name = text(strings.Repeat("x", 201)) }},
			{desk.CodeInvalid, "controllers", func(n *settings.NewAgent) { n.Controllers = []desk.ControllerID{desk.NewID[desk.Controller]()} }},
			{desk.CodeInvalid, "password", secret("")},
			{desk.CodeInvalid, "password", secret("ninechars")},
			{desk.CodeInvalid, "password", secret("aaaaaaaaaaaa")},
			{desk.CodeInvalid, "password", secret(strings.Repeat("long", 100))},
			{desk.CodeInvalid, "password", secret("bad \xff\xfe bytes")},
			// The admin's address, however it is written.
			{desk.CodeConflict, "", email("erika@muster.example")},
			{desk.CodeConflict, "", email("  Erika@Muster.EXAMPLE ")},
			{desk.CodeConflict, "", email("ｅｒｉｋａ@muster.example")},
		}
		for _, bad := range []string{
			"", " ", "max", "@muster.example", "max@", "max@a@b", "max muster@example.org", "max@exam\nple.org", "<max@example.org>",
			"a@example.org,b@example.org", "max;@example.org", "max@" + strings.Repeat("x", 260),
		} {
			cases = append(cases, struct {
				code  desk.Code
				field string
				spoil spoil
			}{desk.CodeInvalid, "email", email(bad)})
		}
		entries := w.written(t, func() {
			for i, c := range cases {
				n := fine
				c.spoil(&n)
				_, err := w.CreateAgent(t.Context(), shell, n)
				refused(t, string(rune('a'+i))+": "+n.Email.Reveal(), err, c.code, c.field)
			}
		})
		if _, agents := w.counts(t); agents != 1 || len(entries) != 0 {
			t.Errorf("refused agents left %d agents and the entries %v", agents, acts(entries))
		}
		id, err := w.CreateAgent(t.Context(), shell, fine)
		must(t, err)
		found, err := w.FindAgent(t.Context(), text(" MAX@muster.example"))
		if err != nil || found != id {
			t.Errorf("found %v, %v", found, err)
		}
		refused(t, "find nobody", second(w.FindAgent(t.Context(), text("nobody@muster.example"))), desk.CodeNotFound, "")
		profiles, err := w.people.Profiles(t.Context())
		must(t, err)
		if p := profiles[id]; p.Name.Reveal() != "max@muster.example" || profiles[w.admin].Name.Reveal() != "Erika Muster" {
			t.Errorf("the agents are called %q and %q", p.Name.Reveal(), profiles[w.admin].Name.Reveal())
		}
	})
}

func TestOneAddressOneAgent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		won, lost := winners(w.race(t, "agent", 3, func(int) error {
			return second(w.CreateAgent(t.Context(), shell, settings.NewAgent{Email: text("max@muster.example"), Role: desk.RoleAgent, Password: text(password)}))
		}))
		if won != 1 {
			t.Errorf("%d agents have one address", won)
		}
		for _, err := range lost {
			refused(t, "the same address at the same moment", err, desk.CodeConflict, "")
		}
	})
}

// A house always has an admin who can log in.
func TestLastAdmin(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.agent(t, "ben@muster.example", desk.RoleAgent)
		w.agent(t, "dora@muster.example", desk.RoleDPO)
		refused(t, "the last admin", w.DisableAgent(ctx, shell, w.admin, "left"), desk.CodeConflict, "")
		other := w.agent(t, "max@muster.example", desk.RoleAdmin)
		for _, reason := range []string{"", "  ", strings.Repeat("x", 501), "\x00"} {
			refused(t, "without reason", w.DisableAgent(ctx, shell, other, reason), desk.CodeInvalid, "reason")
		}
		refused(t, "nobody", w.DisableAgent(ctx, shell, desk.NewID[desk.Agent](), "left"), desk.CodeNotFound, "")
		must(t, w.DisableAgent(ctx, shell, other, " left "))
		refused(t, "twice", w.DisableAgent(ctx, shell, other, "left"), desk.CodeConflict, "")
		refused(t, "the last admin who is not disabled", w.DisableAgent(ctx, shell, w.admin, "left"), desk.CodeConflict, "")
		if d, err := w.store.Read().GetDisabling(ctx, other); err != nil || d.Reason != "left" || !d.At.Equal(noon) {
			t.Errorf("kept is %+v, %v", d, err)
		}
	})
}

// Two admins who disable each other at the same moment do not both succeed.
func TestLastAdminRace(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		admins := []desk.AgentID{w.admin, w.agent(t, "max@muster.example", desk.RoleAdmin), w.agent(t, "ida@muster.example", desk.RoleAdmin)}
		won, lost := winners(w.race(t, "agent_disabling", len(admins), func(i int) error {
			return w.DisableAgent(ctx, desk.Actor{Kind: desk.ActorAgent, Agent: admins[(i+1)%3]}, admins[i], "a quarrel")
		}))
		for _, err := range lost {
			refused(t, "the last admin", err, desk.CodeConflict, "")
		}
		left, err := w.store.Read().CountActiveAdmins(ctx)
		if err != nil || won != 2 || left != 1 {
			t.Errorf("%d were disabled and %d admins are left, %v", won, left, err)
		}
	})
}

// session logs an Agent in past the check of its password.
func (w *world) session(t *testing.T, id desk.AgentID) (private.Text, error) {
	t.Helper()
	row, err := w.store.Read().GetAgent(t.Context(), id)
	must(t, err)
	_, secret, err := w.people.StartSession(t.Context(), auth.Entry{Agent: id, Stored: row.Password})
	return secret, err
}

// access is an Agent's session and Token.
type access struct{ session, token private.Text }

func (w *world) access(t *testing.T, id desk.AgentID) access {
	t.Helper()
	session, err := w.session(t, id)
	must(t, err)
	_, token, err := w.CreateToken(t.Context(), shell, settings.NewToken{Agent: id})
	must(t, err)
	return access{session, token}
}

// works checks that both let the Agent in, or that neither does.
func (w *world) works(t *testing.T, when string, a access, want bool) {
	t.Helper()
	for name, c := range map[string]auth.Credentials{"session": {Session: a.session}, "token": {Bearer: a.token}} {
		_, err := w.asked.Authenticate(t.Context(), c)
		if err != nil && desk.CodeOf(err) != desk.CodeUnauthorized {
			t.Fatal(err)
		}
		if (err == nil) != want {
			t.Errorf("%s: the %s answers %v", when, name, err)
		}
	}
}

func TestAccessEnds(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		ben, max := w.agent(t, "ben@muster.example", desk.RoleAgent), w.agent(t, "max@muster.example", desk.RoleAgent)
		bens, maxs, admins := w.access(t, ben), w.access(t, max), w.access(t, w.admin)
		w.works(t, "at first", bens, true)

		must(t, w.ResetPassword(ctx, shell, ben, text("a new password")))
		w.works(t, "after the reset", bens, false)
		w.works(t, "somebody else after the reset", maxs, true)
		w.passes(t, "ben@muster.example", password, false)
		w.passes(t, "ben@muster.example", "a new password", true)
		fresh := w.access(t, ben)
		w.works(t, "logged in anew", fresh, true)
		w.works(t, "the old ones, after logging in anew", bens, false)

		must(t, w.DisableAgent(ctx, shell, max, "left"))
		w.works(t, "disabled", maxs, false)
		must(t, w.ResetPassword(ctx, shell, max, text("a new password")))
		if _, err := w.session(t, max); desk.CodeOf(err) != desk.CodeUnauthorized {
			t.Errorf("a disabled agent begins a session: %v", err)
		}
		refused(t, "a token for a disabled agent", tokenError(w.CreateToken(ctx, shell, settings.NewToken{Agent: max})), desk.CodeConflict, "")
		w.works(t, "the admin, after all of it", admins, true)
		w.works(t, "ben, after all of it", fresh, true)
		// Nothing of what ended is left to come back when a disabling is lifted.
		w.execute(t, "DELETE FROM agent_disabling")
		w.works(t, "the disabling was lifted", maxs, false)
	})
}

func tokenError(_ desk.Token, _ private.Text, err error) error { return err }

// passes checks whether a password belongs to an address.
func (w *world) passes(t *testing.T, email, typed string, want bool) {
	t.Helper()
	account, err := w.people.AccountByEmail(t.Context(), text(email))
	must(t, err)
	if ok, _, err := hasher.Verify(t.Context(), account.Password, text(typed)); err != nil || ok != want {
		t.Errorf("the password of %s passes: %v, %v", email, ok, err)
	}
}

func TestResetPasswordRefusals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		admins := w.access(t, w.admin)
		if entries := w.written(t, func() {
			refused(t, "weak", w.ResetPassword(t.Context(), shell, w.admin, text("short")), desk.CodeInvalid, "password")
			refused(t, "nobody", w.ResetPassword(t.Context(), shell, desk.NewID[desk.Agent](), text(password)), desk.CodeNotFound, "")
		}); len(entries) != 0 {
			t.Errorf("refused resets left the entries %v", acts(entries))
		}
		w.works(t, "after refused resets", admins, true)
		w.passes(t, "erika@muster.example", password, true)
	})
}
