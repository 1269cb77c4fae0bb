package desk_test

import (
	"testing"
	"time"

	"botschaft/internal/desk"
)

// Who may read what a colleague did: nobody alone, or the officer alone; what one did oneself,
// everybody who may read at all (§ 87(1) no. 6 BetrVG).
func TestWhoReadsWhatAColleagueDid(t *testing.T) {
	for _, c := range []struct {
		access   string
		who      desk.AgentID
		role     desk.Role
		about    desk.AgentID
		approved bool
		want     desk.Code
	}{
		{desk.NamesTwoPersons, asker, desk.RoleAdmin, second, false, desk.CodeApproval},
		{desk.NamesTwoPersons, asker, desk.RoleAdmin, second, true, ""},
		{desk.NamesTwoPersons, asker, desk.RoleAdmin, asker, false, ""},
		{desk.NamesTwoPersons, officer, desk.RoleDPO, second, false, desk.CodeApproval},
		{desk.NamesTwoPersons, officer, desk.RoleDPO, second, true, ""},
		{desk.NamesDPOOnly, asker, desk.RoleAdmin, second, false, desk.CodeForbidden},
		{desk.NamesDPOOnly, asker, desk.RoleAdmin, second, true, desk.CodeForbidden},
		{desk.NamesDPOOnly, asker, desk.RoleAdmin, asker, false, ""},
		{desk.NamesDPOOnly, officer, desk.RoleDPO, second, false, ""},
	} {
		p := desk.DefaultPolicies()
		p.AuditAccess = c.access
		err := p.MayReadNames(c.who, c.role, c.about, c.approved)
		if c.want == "" && err != nil || c.want != "" && desk.CodeOf(err) != c.want {
			t.Errorf("%s, %s, oneself %v, approved %v: %v, want %q", c.access, c.role, c.who == c.about, c.approved, err, c.want)
		}
	}
}

// Whoever serves several Controllers is protected as the strictest of them protects.
func TestStrictestAboutNames(t *testing.T) {
	a, b := desk.DefaultPolicies(), desk.DefaultPolicies()
	b.AuditAccess, b.SingleAdmin, b.ApprovalExpiry, b.ApprovalWait = desk.NamesDPOOnly, "refuse", "24h", "72h"
	for _, chosen := range [][]desk.Policies{{a, b}, {b, a}, {b}} {
		p := desk.StrictestAboutNames(chosen)
		if p.AuditAccess != desk.NamesDPOOnly || p.SingleAdmin != "refuse" || p.ApprovalExpiry != "24h" || p.ApprovalWait != "72h" {
			t.Errorf("of %d: %+v", len(chosen), p)
		}
	}
	if desk.StrictestAboutNames(nil) != a {
		t.Error("nobody chose, and it is not the default")
	}
}

// The second person is neither who asks nor whom it is about; the officer may be it. A grant
// to look ends, a change that was granted stays.
func TestWhoDecidesAboutNames(t *testing.T) {
	a := desk.Approval{Act: desk.ApproveNames, Subject: desk.AboutAgent(second), RequestedBy: asker, ExpiresAt: asked.Add(time.Hour)}
	may := func(id desk.AgentID, role desk.Role) bool {
		return a.MayGrant(desk.Decider{Agent: id, Role: role, Within: true})
	}
	if may(second, desk.RoleAdmin) || may(asker, desk.RoleAdmin) || !may(third, desk.RoleAdmin) || !may(officer, desk.RoleDPO) {
		t.Error("the wrong people grant it")
	}
	a.Decision = &desk.ApprovalDecision{By: officer, Verdict: desk.Granted}
	if a.State(asked) != "granted" || a.State(a.ExpiresAt) != desk.ApprovalExpired || a.IsOpen(a.ExpiresAt) {
		t.Error("a grant to look does not end")
	}
	if desk.AgentOf(a.Subject) != second || !desk.AgentOf("policies:1").IsZero() || !desk.AgentOf("agent").IsZero() {
		t.Error("the subject does not say whom it is about")
	}
}
