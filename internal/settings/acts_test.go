package settings_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/settings"
	"botschaft/internal/storetest"
)

// act is one thing somebody decides and what the log then says.
type act struct {
	method string // of settings.Settings
	do     func() error
	act    desk.Act
	noun   string // of the subject
}

// everyAct does everything that can be decided, each thing once. A set-up is three
// acts: a Controller, an Agent, and that the house began.
func everyAct(t *testing.T, w *world, p *post) []act {
	ctx := t.Context()
	p.receive(t, "stone-a stone-b")
	aside := p.aside(t)
	ben := w.agent(t, "ben@muster.example", desk.RoleAgent)
	token, _, err := w.CreateToken(ctx, shell, settings.NewToken{Agent: ben})
	must(t, err)
	dpo := desk.RoleDPO
	papers, carrier := storetest.Papers()
	casual := desk.DefaultPolicies()
	casual.Tone = "du"
	of := desk.RegisterEntry{Controller: w.controller, Kind: desk.RegisterPolicies, Subject: desk.RegisterID(w.controller), Active: true}
	storetest.Enter(t, w.store, of, casual)
	return []act{
		{"AddController", func() error { return second(w.AddController(ctx, shell, desk.ControllerFacts{Name: "Muster"})) },
			desk.ActControllerChanged, "controller"},
		{"CreateWhatsAppInbox", func() error { return second(w.CreateWhatsAppInbox(ctx, shell, w.newInbox())) }, desk.ActInboxCreated, "inbox"},
		{"ChangeController", func() error {
			return w.ChangeController(ctx, shell, w.controller, papers)
		},
			desk.ActControllerChanged, "controller"},
		{"PutRecipient", func() error {
			return second(w.PutRecipient(ctx, shell, w.controller, desk.RegisterID{}, carrier, true))
		}, desk.ActRegisterChanged, "recipient"},
		{"KeepTerms", func() error { return second(w.KeepTerms(ctx, shell, w.controller, []byte("%PDF-1.7 terms"))) }, desk.ActTermsKept, "terms"},
		{"HoldFramework", func() error { return w.HoldFramework(ctx, shell, w.controller, false, "a judgment") }, desk.ActRegisterChanged, "framework"},
		{"SetPolicies", func() error {
			return second(w.SetPolicies(ctx, shell, w.controller, desk.DefaultPolicies(), private.Text{}))
		}, desk.ActRegisterChanged, "policies"},
		{"ActivateNotice", func() error { return w.ActivateNotice(ctx, shell, p.inbox, true) }, desk.ActNoticeActivated, "inbox"},
		{"ReplaceSecrets", func() error {
			return w.ReplaceSecrets(ctx, shell, p.inbox, desk.InboxSecrets{AccessToken: key("another")})
		}, desk.ActSecretsReplaced, "inbox"},
		{"CreateAgent", func() error {
			return second(w.CreateAgent(ctx, shell, settings.NewAgent{Email: text("max@muster.example"), Role: desk.RoleDPO, Password: text(password)}))
		}, desk.ActAgentCreated, "agent"},
		{"InviteAgent", func() error {
			return second(w.InviteAgent(ctx, shell, settings.NewAgent{Email: text("nina@muster.example"), Role: desk.RoleAgent}))
		}, desk.ActAgentInvited, "agent"},
		{"InviteAnew", func() error { return second(w.InviteAnew(ctx, shell, ben)) }, desk.ActAgentInvited, "agent"},
		{"ChangeAgent", func() error {
			return w.ChangeAgent(ctx, shell, ben, settings.AgentChange{Role: &dpo, Controllers: &[]desk.ControllerID{}})
		}, desk.ActAgentChanged, "agent"},
		{"ResetPassword", func() error { return w.ResetPassword(ctx, shell, ben, text(password)) }, desk.ActPasswordReset, "agent"},
		{"CreateToken", func() error { return tokenError(w.CreateToken(ctx, shell, settings.NewToken{Agent: w.admin})) }, desk.ActTokenCreated, "token"},
		{"RenameInbox", func() error { return w.RenameInbox(ctx, shell, p.inbox, "Kundendienst") }, desk.ActInboxRenamed, "inbox"},
		{"ChooseSignals", func() error { return w.ChooseSignals(ctx, shell, p.inbox, desk.SignalsRead) }, desk.ActSignalsChosen, "inbox"},
		{"EndCoexistence", func() error {
			w.execute(t, "INSERT INTO coexistence (inbox_id, at, actor, reason) SELECT id, 0, 'agent', 'a test' FROM inbox")
			return w.EndCoexistence(ctx, shell, p.inbox)
		}, desk.ActCoexistenceEnded, "inbox"},
		{"PauseInbox", func() error { return w.PauseInbox(ctx, shell, p.inbox, "a test") }, desk.ActInboxPaused, "inbox"},
		{"ResumeInbox", func() error { return w.ResumeInbox(ctx, shell, p.inbox) }, desk.ActInboxResumed, "inbox"},
		{"RetrySetAside", func() error { return w.RetrySetAside(ctx, shell, aside["messages[0]"].ID) }, desk.ActSetAsideRetried, "set_aside"},
		{"DropSetAside", func() error { return w.DropSetAside(ctx, shell, aside["messages[1]"].ID, "a test") }, desk.ActSetAsideDropped, "set_aside"},
		{"DisableAgent", func() error { return w.DisableAgent(ctx, shell, ben, "left") }, desk.ActAgentDisabled, "agent"},
		{"EnableAgent", func() error { return w.EnableAgent(ctx, shell, ben) }, desk.ActAgentEnabled, "agent"},
		{"RevokeToken", func() error {
			w.execute(t, "UPDATE token SET revoked_at = NULL") // the reset ended it
			return w.RevokeToken(ctx, shell, desk.AgentID{}, token.ID)
		}, desk.ActTokenRevoked, "token"},
		{"NoteRootRotated", func() error { return w.NoteRootRotated(ctx, shell, desk.NewID[desk.Installation](), 5) }, desk.ActRootKeyRotated, "installation"},
		{"NoteControllerRotated", func() error { return w.NoteControllerRotated(ctx, shell, w.controller, 5) }, desk.ActControllerRotated, "controller"},
	}
}

// Every decision writes exactly one entry, which says who decided and about what.
func TestEveryActIsAudited(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		all := everyAct(t, w, openPost(t, w))
		for _, a := range all {
			entries := w.written(t, func() { must(t, a.do()) })
			if len(entries) != 1 || entries[0].Act != a.act {
				t.Errorf("%s left the entries %v", a.method, acts(entries))
				continue
			}
			e := entries[0]
			w.kept(t, a, e)
			noun, id, _ := strings.Cut(e.Subject, ":")
			if _, err := desk.ParseID[desk.Agent](id); err != nil || noun != a.noun || e.Actor != shell || !e.At.Equal(w.clock.Now()) {
				t.Errorf("%s: the entry is %+v", a.method, e)
			}
		}
		methods := reflect.TypeFor[*settings.Settings]()
		for i := range methods.NumMethod() {
			m := methods.Method(i)
			decides := m.Type.NumIn() > 2 && m.Type.In(2) == reflect.TypeFor[desk.Actor]()
			listed := slices.ContainsFunc(all, func(a act) bool { return a.method == m.Name })
			if decides && !listed && !slices.Contains([]string{"SetUp", "DecideApproval", "WithdrawApproval", "AskForCoexistence"}, m.Name) { // TestSetUpOnce, TestApprovals… and TestCoexistence… look at those
				t.Errorf("%s is decided by somebody and not tested here", m.Name)
			}
		}
	})
}

// kept wants the history to say the same of a setting; what becomes of a Delivery is none,
// nor is a key.
func (w *world) kept(t *testing.T, a act, e desk.AuditEntry) {
	t.Helper()
	all := w.history(t, e.Subject)
	last := slices.IndexFunc(all, func(r desk.Revision) bool { return r.Act == a.act && r.Actor == e.Actor && r.At.Equal(e.At) })
	if a.noun == "set_aside" || strings.HasPrefix(string(a.act), "key.") {
		if last >= 0 {
			t.Errorf("%s is no change of a setting and left %+v", a.method, all[last])
		}
		return
	}
	if last < 0 || len(all[last].Changes) == 0 || all[last].Controller != e.Controller || all[last].Inbox != e.Inbox {
		t.Errorf("%s: the history is %+v", a.method, all)
	}
}

// A change and its entry commit together or not at all.
func TestNoChangeWithoutEntry(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		all := everyAct(t, w, openPost(t, w))
		w.execute(t, "ALTER TABLE audit_entry RENAME TO audit_entry_away")
		before := w.rows(t)
		for _, a := range all {
			if a.method == "RevokeToken" || a.method == "EndCoexistence" {
				continue // they prepare by a change of their own
			}
			if slices.Contains([]string{"ResumeInbox", "EnableAgent", "ActivateNotice"}, a.method) {
				w.refusedWithoutLog(t, a, desk.CodeConflict) // it was not paused, nor was the Agent disabled, nor are the facts complete
				continue
			}
			w.refusedWithoutLog(t, a, desk.CodeUnavailable)
		}
		if after := w.rows(t); string(after) != string(before) {
			t.Error("a change was committed that the log cannot say")
		}
	})
}

func (w *world) refusedWithoutLog(t *testing.T, a act, code desk.Code) {
	t.Helper()
	if err := a.do(); desk.CodeOf(err) != code {
		t.Errorf("%s without a log: %v", a.method, err)
	}
}
