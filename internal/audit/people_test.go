package audit_test

import (
	"net/netip"
	"testing"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/settings"
)

// meet is everything that is decided about a colleague, and that the colleague decides.
func (h *house) meet(t *testing.T) {
	t.Helper()
	ctx, peer := t.Context(), netip.MustParseAddr("192.0.2.7")
	entrance := auth.NewEntrance(h.people, auth.NewHasher(), auth.NewThrottle(time.Now))
	email := text("3" + canaryEmail)
	invited, err := h.settings.InviteAgent(ctx, h.admin.Actor, settings.NewAgent{Email: email, Name: text(canaryAgent), Role: desk.RoleAgent})
	must(t, err)
	again, err := h.settings.InviteAnew(ctx, h.admin.Actor, invited.Agent)
	must(t, err)
	h.secrets = append(h.secrets, invited.Secret.Reveal(), again.Secret.Reveal())
	if _, err := entrance.Accept(ctx, auth.Accepted{Secret: invited.Secret, Password: text(canaryPassword), Peer: peer}); desk.CodeOf(err) != desk.CodeNotFound {
		t.Errorf("an invitation that was replaced: %v", err)
	}
	cookie, err := entrance.Accept(ctx, auth.Accepted{Secret: again.Secret, Password: text(canaryPassword), Peer: peer})
	must(t, err)
	who, err := auth.NewAuthenticator(h.people, h.Now).Authenticate(ctx, auth.Credentials{Session: cookie})
	must(t, err)
	must(t, entrance.ReplacePassword(ctx, who, auth.Replacement{Current: text(canaryPassword), Password: text("new " + canaryPassword), Peer: peer}))
	must(t, h.people.RevokeSessions(ctx, who.Actor(), who.Agent, desk.SessionID{}))
	name, role := text("new "+canaryAgent), desk.RoleDPO
	must(t, h.settings.ChangeAgent(ctx, h.admin.Actor, who.Agent, settings.AgentChange{Name: &name, Role: &role, Controllers: &[]desk.ControllerID{h.controller}}))
	must(t, h.settings.DisableAgent(ctx, h.admin.Actor, who.Agent, "a test"))
	must(t, h.settings.EnableAgent(ctx, h.admin.Actor, who.Agent))
	h.secrets = append(h.secrets, cookie.Reveal())
}
