package desk_test

import (
	"slices"
	"testing"
	"time"

	"botschaft/internal/desk"
)

var (
	asker, second, third, officer = desk.NewID[desk.Agent](), desk.NewID[desk.Agent](), desk.NewID[desk.Agent](), desk.NewID[desk.Agent]()
	asked                         = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
)

// Whatever time it is and whoever decided, an Approval stands at exactly one state (GDPR
// Art. 5(2)).
func TestStateOfAnApproval(t *testing.T) {
	ripe, end := asked.Add(24*time.Hour), asked.Add(96*time.Hour)
	decided := func(v desk.Verdict) *desk.ApprovalDecision {
		return &desk.ApprovalDecision{At: asked, By: second, Verdict: v}
	}
	for _, c := range []struct {
		name     string
		ripe     time.Time
		decision *desk.ApprovalDecision
		at       time.Time
		want     desk.ApprovalState
		open     bool
	}{
		{"just asked for", time.Time{}, nil, asked, desk.ApprovalWaiting, true},
		{"somebody else is there, so it never ripens", time.Time{}, nil, end.Add(-1), desk.ApprovalWaiting, true},
		{"nobody decided", time.Time{}, nil, end, desk.ApprovalExpired, false},
		{"alone, a moment too early", ripe, nil, ripe.Add(-1), desk.ApprovalWaiting, true},
		{"alone, waited", ripe, nil, ripe, desk.ApprovalRipe, true},
		{"alone, waited and forgot", ripe, nil, end, desk.ApprovalExpired, false},
		{"granted", ripe, decided(desk.Granted), ripe, "granted", false},
		{"granted long ago", ripe, decided(desk.Granted), end.Add(time.Hour), "granted", false},
		{"refused while it was ripe", ripe, decided(desk.Declined), ripe, "refused", false},
		{"withdrawn", time.Time{}, decided(desk.Withdrawn), asked, "withdrawn", false},
		{"lapsed", time.Time{}, decided(desk.Lapsed), asked, "lapsed", false},
	} {
		a := desk.Approval{RequestedBy: asker, RequestedAt: asked, RipeAt: c.ripe, ExpiresAt: end, Decision: c.decision}
		if got := a.State(c.at); got != c.want || a.IsOpen(c.at) != c.open {
			t.Errorf("%s: it is %s, open %v; want %s", c.name, got, a.IsOpen(c.at), c.want)
		}
	}
}

// Nobody is the second person for what they asked for themselves, and nobody goes on alone
// while there is one (GDPR Art. 32(1)(b)).
func TestWhoDecides(t *testing.T) {
	admin, dpo := desk.Decider{Agent: second, Role: desk.RoleAdmin, Within: true}, desk.Decider{Agent: officer, Role: desk.RoleDPO, Within: true}
	self := desk.Decider{Agent: asker, Role: desk.RoleAdmin, Within: true}
	agent, stranger := admin, dpo
	agent.Role, stranger.Within = desk.RoleAgent, false
	fresh, newcomer := admin, agent
	fresh.New, newcomer.New = true, true
	ripe, end := asked.Add(24*time.Hour), asked.Add(96*time.Hour)
	for _, c := range []struct {
		name   string
		who    desk.Decider
		grant  bool
		others int
		ripe   time.Time
		at     time.Time
		want   desk.Code // empty: yes
	}{
		{"another admin grants", admin, true, 1, time.Time{}, asked, ""},
		{"another admin refuses", admin, false, 1, time.Time{}, asked, ""},
		{"another admin, too late", admin, true, 1, time.Time{}, end, desk.CodeConflict},
		{"an admin who came while it waited", admin, true, 1, ripe, asked, ""},
		{"a new admin grants", fresh, true, 0, ripe, asked, desk.CodeConflict},
		{"a new admin stops it", fresh, false, 0, ripe, asked, ""},
		{"a new agent grants", newcomer, true, 0, ripe, asked, desk.CodeForbidden},
		{"the data-protection officer grants", dpo, true, 1, time.Time{}, asked, desk.CodeForbidden},
		{"the data-protection officer stops it", dpo, false, 1, time.Time{}, asked, ""},
		{"the data-protection officer stops what one does alone", dpo, false, 0, ripe, ripe, ""},
		{"the data-protection officer of another Controller", stranger, false, 1, time.Time{}, asked, desk.CodeForbidden},
		{"an agent", agent, true, 1, time.Time{}, asked, desk.CodeForbidden},
		{"an agent stops it", agent, false, 1, time.Time{}, asked, desk.CodeForbidden},
		{"whoever asked, with others there", self, true, 1, time.Time{}, asked, desk.CodeConflict},
		{"whoever asked, others came, after waiting", self, true, 1, ripe, ripe, desk.CodeConflict},
		{"whoever asked, alone, too early", self, true, 0, ripe, ripe.Add(-1), desk.CodeConflict},
		{"whoever asked, alone, after waiting", self, true, 0, ripe, ripe, ""},
		{"whoever asked, the others left since", self, true, 0, time.Time{}, ripe, desk.CodeConflict},
		{"whoever asked, alone, too late", self, true, 0, ripe, end, desk.CodeConflict},
		{"whoever asked refuses", self, false, 1, time.Time{}, asked, desk.CodeConflict},
	} {
		a := desk.Approval{RequestedBy: asker, RequestedAt: asked, RipeAt: c.ripe, ExpiresAt: end}
		err := a.Decide(c.who, c.grant, c.others, c.at)
		if c.want == "" && err != nil || c.want != "" && desk.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		a.Decision = &desk.ApprovalDecision{By: third, Verdict: desk.Declined}
		if err := a.Decide(c.who, c.grant, c.others, c.at); err == nil {
			t.Errorf("%s: decided twice", c.name)
		}
	}
	a := desk.Approval{RequestedBy: asker, ExpiresAt: end}
	for name, want := range map[string]struct {
		who  desk.Decider
		at   time.Time
		code desk.Code
	}{
		"whoever asked": {self, asked, desk.CodeInternal}, "whoever asked, too late": {self, end, desk.CodeConflict}, "somebody else": {admin, asked, desk.CodeForbidden},
	} {
		if err := a.Withdraw(want.who, want.at); (err == nil) != (want.code == desk.CodeInternal) || err != nil && desk.CodeOf(err) != want.code {
			t.Errorf("%s withdraws: %v", name, err)
		}
	}
}

// With nobody else to ask, the Controller's choice says whether one waits or may not at all.
func TestTermsOfAnApproval(t *testing.T) {
	p := desk.DefaultPolicies()
	if ripe, end, err := p.Terms(asked, 1); err != nil || !ripe.IsZero() || !end.Equal(asked.Add(72*time.Hour)) {
		t.Errorf("with others: %v %v %v", ripe, end, err)
	}
	p.ApprovalWait, p.ApprovalExpiry = "72h", "24h" // it ripens before it expires, whatever was chosen
	if ripe, end, err := p.Terms(asked, 0); err != nil || !ripe.Equal(asked.Add(72*time.Hour)) || !end.Equal(asked.Add(96*time.Hour)) {
		t.Errorf("alone: %v %v %v", ripe, end, err)
	}
	p.SingleAdmin = "refuse"
	if _, _, err := p.Terms(asked, 0); desk.CodeOf(err) != desk.CodeConflict {
		t.Errorf("alone, and that is refused: %v", err)
	}
	if _, _, err := p.Terms(asked, 1); err != nil {
		t.Errorf("refused with others there: %v", err)
	}
	for _, o := range desk.PolicyOptions() { // each choice is a time that there is
		if o.Key != "approval_expiry" && o.Key != "approval_wait" {
			continue
		}
		for _, choice := range o.Options {
			p := desk.DefaultPolicies()
			p.ApprovalExpiry, p.ApprovalWait = choice, choice
			if ripe, end, _ := p.Terms(asked, 0); !ripe.After(asked) || !end.After(ripe) {
				t.Errorf("%s %s gives %v and %v", o.Key, choice, ripe, end)
			}
		}
	}
}

// Every choice that leaves its default needs a second person; going back to it does not,
// unless it is about the second person (GDPR Art. 25(2)).
func TestWhatNeedsASecondPerson(t *testing.T) {
	usual := desk.DefaultPolicies()
	if keys := usual.NeedsApproval(usual); len(keys) != 0 {
		t.Errorf("no change needs one for %v", keys)
	}
	departs := desk.Policies{
		Outbound: "advertising", Transport: "explicit_consent", LocalStorage: "off", DPFInvalid: "warn", Art9: "legal_claims", Genetic: "two_person_release",
		Sensitive: "mask_erase_after_handoff", RequestPause: "on", RequestDays: "25", Recipients: "categories", BreachHours: "96", Bot: "rules", Translation: "outside",
		Voice: "reject", Media: "all", AgentMetrics: "individual", AuditAccess: "dpo_only", SingleAdmin: "refuse", InjuryHold: "30", ProofYears: "3", Survey: "service",
		NoticeRepeat: "change", Tone: "du", QuietHours: "22-8", PublicSector: "on", TippingOff: "off", ApprovalExpiry: "168h", ApprovalWait: "4h",
		ChangedIdentity: "show_history", EarlierWords: "hide",
	}
	if err := departs.Check(); err != nil {
		t.Fatal(err)
	}
	if keys := departs.NeedsApproval(usual); len(keys) != len(desk.PolicyOptions()) {
		t.Errorf("leaving every default needs one for %d of %d: %v", len(keys), len(desk.PolicyOptions()), keys)
	}
	back := usual.NeedsApproval(departs)
	if want := []string{"audit_access", "single_admin", "approval_expiry", "approval_wait"}; !slices.Equal(back, want) {
		t.Errorf("going back needs one for %v, want %v", back, want)
	}
	other := departs
	other.Outbound = "service_templates"
	if keys := other.NeedsApproval(departs); !slices.Equal(keys, []string{"outbound"}) {
		t.Errorf("from one departure to another: %v", keys)
	}
}

// A yes is for the very thing that was asked for.
func TestWhatIsAskedHasADigest(t *testing.T) {
	a := desk.Approval{Act: desk.ApprovePolicies, Subject: "policies:1", Facts: "{}"}
	was := a.Asks()
	for what, alter := range map[string]func(a *desk.Approval){
		"the act": func(a *desk.Approval) { a.Act = "x" }, "the subject": func(a *desk.Approval) { a.Subject = "policies:2" }, "the facts": func(a *desk.Approval) { a.Facts = `{"a":1}` },
	} {
		b := a
		if alter(&b); b.Asks() == was || len(was) != 64 {
			t.Errorf("%s altered, and it asks for the same", what)
		}
	}
}
