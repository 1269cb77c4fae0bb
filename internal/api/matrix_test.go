package api_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
)

const missing = "00000000-0000-7000-8000-000000000000"

// outcome is what an asker is due.
type outcome struct {
	status int
	code   desk.Code // empty: it works
}

var (
	unauthorized = outcome{http.StatusUnauthorized, desk.CodeUnauthorized}
	forbidden    = outcome{http.StatusForbidden, desk.CodeForbidden}
	absent       = outcome{http.StatusNotFound, desk.CodeNotFound}
)

// exceptions are the outcomes that do not follow from right and Scope, with the
// reason.
var exceptions = map[string]outcome{
	"session-close by token":     {http.StatusConflict, desk.CodeConflict}, // a Token has no session to close
	"password-change by token":   {http.StatusConflict, desk.CodeConflict}, // whoever found a Token must not take the Agent over
	"token-create by token":      {http.StatusConflict, desk.CodeConflict}, // nor outlive the Token
	"agent-invite by token":      {http.StatusConflict, desk.CodeConflict}, // nor come in as somebody new
	"agent-invite-anew by token": {http.StatusConflict, desk.CodeConflict}, // nor as anybody else
	"approval-decide by token":   {http.StatusConflict, desk.CodeConflict}, // nor be the second person
}

// due derives an asker's outcome from the right the operation names, the rules of the
// roles, and whether the object is in the asker's Scope.
func due(t *testing.T, op *operation, who asker, object *realm) outcome {
	t.Helper()
	works := outcome{status: op.success(t)}
	if _, way, _ := strings.Cut(who.name, " by "); who.role != "" && (op.Right == "login" || auth.May(who.role, op.Right)) {
		if o, ok := exceptions[op.ID+" by "+way]; ok {
			return o
		}
	}
	switch {
	case op.Right == "nobody":
		return works
	case who.role == "":
		return unauthorized
	case op.Right != "login" && !auth.May(who.role, op.Right):
		return forbidden
	case op.isOwn() && object != nil:
		return works
	case len(op.inPath()) > 0 && (object == nil || who.role != desk.RoleAdmin && who.serves != object):
		return absent
	}
	return works
}

// isOwn tells whether the operation is about what belongs to the asker, whom nobody's
// Controller comes into.
func (op *operation) isOwn() bool {
	return strings.HasPrefix(op.path, "/api/v1/me/") || strings.HasPrefix(op.path, "/api/v1/tokens/")
}

// endsOwn are the operations that end what the asker shows, or may.
var endsOwn = map[string]bool{"session-close": true, "sessions-revoke": true, "password-change": true}

// Whoever asks for whatever is answered by the rules of right, role and Scope, and by
// nothing else. The questions are made from the OpenAPI document, so a new operation is
// asked the same day.
func TestAuthorisation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.contract(t)
		askers := w.askers(t)
		for _, op := range c.operations() {
			checkRight(t, op)
			for _, who := range askers {
				w.checkAsked(t, c, op, who, w.north)
				if len(op.inPath()) > 0 {
					w.checkAsked(t, c, op, who, nil)
				}
			}
		}
	})
}

// checkRight wants every operation to name a right that somebody has.
func checkRight(t *testing.T, op *operation) {
	t.Helper()
	granted := op.Right == "nobody" || op.Right == "login" || auth.May(desk.RoleAdmin, op.Right)
	if !granted {
		t.Fatalf("%s names the right %q, which nobody has: give it an x-right", op, op.Right)
	}
	if op.Responses["default"].Content["application/problem+json"] == nil {
		t.Errorf("%s does not say how it fails", op)
	}
	shows := 0
	for _, way := range op.Security {
		for name := range way {
			if name == "session" || name == "token" {
				shows++
			}
		}
	}
	if want := map[bool]int{true: 0, false: 2}[op.Right == "nobody"]; shows != want {
		t.Errorf("%s has the right %q and documents %d ways to log in, want %d", op, op.Right, shows, want)
	}
}

// askers are everybody who may stand at the door. The realm asked about is north.
func (w *world) askers(t *testing.T) []asker {
	t.Helper()
	all := []asker{{name: "nobody"}}
	for _, who := range []struct {
		name   string
		role   desk.Role
		serves *realm
	}{
		{"an agent", desk.RoleAgent, w.north},
		{"an agent of the other Controller", desk.RoleAgent, w.south},
		{"an admin", desk.RoleAdmin, nil},
		{"the data-protection officer", desk.RoleDPO, w.north},
	} {
		id := w.agent(t, who.role, w.served(who.serves)...)
		all = append(all, w.byCookie(t, who.name, who.role, who.serves, id), w.byToken(t, who.name, who.role, who.serves, id))
	}
	beside := w.beside(t, w.north.controller, "Ost")
	must(t, w.inboxes.Refresh(context.Background()))
	for name, serves := range map[string]*realm{"an agent of the Inbox alone": w.north, "an agent of another Inbox of the Controller": beside} {
		all = append(all, w.byCookie(t, name, desk.RoleAgent, serves, w.agentAt(t, desk.RoleAgent, serves)))
	}
	ctx := context.Background()
	// An agent of the realm, so that nothing but the ended access can be in the way.
	left := w.agent(t, desk.RoleAgent, w.north)
	token, secret := w.token(t, left)
	must(t, w.settings.RevokeToken(ctx, shell, desk.AgentID{}, token))
	all = append(all, asker{name: "a revoked token", bearer: secret})
	off := w.agent(t, desk.RoleAdmin)
	cookie, bearer := w.session(t, off), w.byToken(t, "", "", nil, off).bearer
	// Session and Token stay: the Disabling alone must do.
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		return tx.DisableAgent(ctx, rows.DisableAgentParams{Agent: off, At: tx.Stamp(), Reason: "left"})
	}))
	return append(all, asker{name: "a disabled agent's cookie", cookie: cookie}, asker{name: "a disabled agent's token", bearer: bearer})
}

func (w *world) served(r *realm) []*realm {
	if r == nil {
		return nil
	}
	return []*realm{r}
}

// checkAsked asks for one object, nil for one that does not exist.
func (w *world) checkAsked(t *testing.T, c *contract, op *operation, who asker, object *realm) {
	t.Helper()
	what := fmt.Sprintf("%s (%s) asked %s", who.name, op.Right, op)
	if object == nil {
		what += " for what is not there"
	}
	if endsOwn[op.ID] && who.role != "" {
		who = w.another(t, who)
	}
	q := question{method: op.method, path: op.fits(t, func(noun string) string { return w.objectFor(t, op, noun, object, who) }), body: w.bodyOf(t, c, op)}
	w.arrange(t, op)
	want, acts := due(t, op, who, object), w.acts(t)
	a := w.ask(t, who, q)
	if a.status != want.status {
		t.Errorf("%s and got %d, want %d: %s", what, a.status, want.status, a.body)
		return
	}
	w.checkSilence(t, what, who, a)
	checkPromise(t, what, op, who, a)
	if want.code == "" {
		return
	}
	if p := a.problem(t); p.Code != string(want.code) || p.Field != "" {
		t.Errorf("%s and got %s, want the code %s", what, a.body, want.code)
	}
	if now := w.acts(t); now != acts {
		t.Errorf("%s, was refused, and left %d audit entries", what, now-acts)
	}
	if a.status == http.StatusUnauthorized && a.header.Get("WWW-Authenticate") == "" {
		t.Errorf("%s and was not told how to log in", what)
	}
}

// checkPromise holds whatever rights the document names: it is what was promised to the
// people whose data this is.
func checkPromise(t *testing.T, what string, op *operation, who asker, a answer) {
	t.Helper()
	below := func(parts ...string) bool {
		for _, p := range parts {
			if strings.HasPrefix(op.path, "/api/v1/"+p) {
				return true
			}
		}
		return false
	}
	promise := ""
	switch {
	case who.role == "" && op.ID != "session-open" && !below("invitations") && a.status != http.StatusUnauthorized:
		promise = "nothing but the ways in is open to those who are not logged in"
	case who.role == desk.RoleDPO && !below("me", "session", "invitations", "approvals") && op.method != http.MethodGet && op.ID != "audit-verify" && a.status != http.StatusForbidden:
		promise = "a data-protection officer changes nothing (GDPR Art. 38)"
	case who.role == desk.RoleDPO && below("conversations", "messages", "events") && a.status != http.StatusForbidden:
		promise = "conversations are read by those who answer them"
	case who.role == desk.RoleDPO && (below("audit", "history", "health", "controllers", "inboxes", "agents") && op.method == http.MethodGet || op.ID == "audit-verify") && op.ID != "inbox-agents" && len(op.inPath()) == 0 && a.status >= 300:
		promise = "a data-protection officer reads what is needed to watch over the house (GDPR Art. 39)"
	case who.role == desk.RoleAgent && (below("inboxes", "deliveries", "controllers", "audit", "history", "health", "agents") && op.ID != "inbox-agents" || op.ID == "contact-unrestrict") && a.status != http.StatusForbidden:
		promise = "settings, and taking protection away, are the admins'"
	}
	if promise != "" {
		t.Errorf("%s and got %d, but %s", what, a.status, promise)
	}
}

// checkSilence wants nothing of a Controller whom the asker does not serve.
func (w *world) checkSilence(t *testing.T, what string, who asker, a answer) {
	t.Helper()
	for _, r := range []*realm{w.north, w.south} {
		if who.role == desk.RoleAdmin || who.serves == r && a.status < 300 {
			continue
		}
		secrets := []string{r.inbox.String(), r.conversation.ID.String(), r.conversation.Contact.String()}
		if who.serves != nil && who.serves.controller == r.controller { // whose name it may know
			secrets = append(secrets, "Service "+r.word, "Kundin "+r.word, "Guten Tag "+r.word)
		} else {
			secrets = append(secrets, r.word, r.controller.String())
		}
		for _, secret := range secrets {
			if strings.Contains(a.body, secret) {
				t.Errorf("%s and was told of %s: %s", what, r.word, a.body)
				return
			}
		}
	}
}

// newFacts makes the realm's Controller one that may send: other operations change its facts.
func (w *world) newFacts(t *testing.T, r *realm) {
	t.Helper()
	facts, _ := storetest.Papers()
	facts.Address = "Musterstraße " + w.next()
	of := desk.RegisterEntry{Controller: r.controller, Kind: desk.RegisterController, Subject: desk.RegisterID(r.controller), Active: true}
	storetest.Enter(t, w.Store, of, facts)
}

// object gives the id of the realm's noun of a path.
func (w *world) object(t *testing.T, op *operation, noun string, r *realm) string {
	t.Helper()
	if r == nil {
		return missing
	}
	switch noun {
	case "conversations":
		switch {
		case op.ID == "contact-object":
			w.newFacts(t, r)
		case op.ID == "contact-vouch":
			w.changes(t, r.conversation)
		case op.ID == "contact-split":
			c := w.wrote(t, r)
			w.changes(t, c)
			return c.ID.String()
		case asksForConsent(op):
			w.advertises(t, r)
			return w.wrote(t, r).ID.String()
		}
		return r.conversation.ID.String()
	case "messages":
		switch op.ID {
		case "file-get", "thumbnail-get":
			return w.filed(t, r.conversation, "image/png", []byte("Bild "+r.word)).String()
		case "file-ask":
			return w.filed(t, r.conversation, "", nil).String()
		}
		if op.ID == "message-abandon" {
			return w.doubts(t, r.conversation, "Antwort "+r.word).String()
		}
		return w.fails(t, r.conversation, "Antwort "+r.word).String()
	case "inboxes":
		if op.ID == "notice-activate" {
			w.newFacts(t, r)
		}
		return r.inbox.String()
	case "controllers":
		return r.controller.String()
	case "files":
		return missing
	case "deliveries":
		return w.setAside(t, r).String()
	case "contacts":
		return r.conversation.Contact.String()
	case "merges":
		return w.merged(t, r).String()
	case "terms":
		digest, err := w.settings.KeepTerms(t.Context(), shell, r.controller, []byte("%PDF-1.7 terms "+r.word))
		must(t, err)
		return digest
	case "papers":
		return w.paper(t, r).String()
	case "tasks":
		if op.ID == "task-text" { // other operations have taken its register apart
			storetest.Furnish(t, w.Store, r.controller)
		}
		return w.introduces(t, r).String()
	case "alerts":
		return w.alert(t, r).String()
	case "recipients":
		register, err := w.settings.Register(t.Context(), r.controller, w.Now())
		must(t, err)
		return register.Recipients[0].ID.String()
	case "approvals":
		return w.approval(t, r, w.agent(t, desk.RoleAdmin)).String()
	case "agents":
		return w.member(t, op, r).String()
	case "sessions", "tokens":
		return w.own(t, noun, w.agent(t, desk.RoleAgent, r))
	}
	t.Fatalf("%s: this test has none of /%s; add one to its world", op, noun)
	return ""
}

// bodyOf makes a body that fits.
func (w *world) bodyOf(t *testing.T, c *contract, op *operation) any {
	t.Helper()
	if body := w.peopleBody(t, op); body != nil {
		return body
	}
	switch op.ID {
	case "inbox-create":
		return w.newInbox()
	case "file-bring":
		return "%PDF-1.4 " + w.next()
	case "message-compose": // of all kinds a text
		return map[string]any{"client_id": w.next(), "kind": "text", "text": "Guten Tag"}
	case "inbox-secrets":
		return map[string]any{"access_token": "token" + w.next(), "app_secrets": []string{"secret"}, "verify_tokens": []string{"word"}}
	}
	if body := c.body(t, w, op); body != nil {
		return body
	}
	return nil
}

// colleague gives an Agent who serves north, the same all along.
func (w *world) colleague(t *testing.T) desk.AgentID {
	t.Helper()
	if w.helper.IsZero() {
		w.helper = w.agent(t, desk.RoleAgent, w.north)
	}
	return w.helper
}

// settle brings north's Conversation into the state that the operation ends.
func (w *world) settle(ctx context.Context, tx *store.Tx, op *operation, helper desk.AgentID) error {
	c, err := tx.LockConversation(ctx, w.north.conversation.ID)
	if err != nil {
		return err
	}
	before := c.Tally()
	c.Closed, c.Snoozed, c.Assignee, c.Receiving = nil, nil, desk.AgentID{}, true
	switch op.ID {
	case "conversation-release":
		c.Assignee = helper
	case "conversation-reopen":
		c.Closed, c.Receiving = &desk.Closure{At: tx.Now(), By: helper}, false
	case "conversation-wake":
		c.Snoozed = &desk.Snooze{At: tx.Now(), By: helper}
	}
	tx.Count(before, c.Tally())
	return tx.SaveConversations(ctx, []desk.Conversation{*c})
}

// arrange brings about what the operation changes, so that it can.
func (w *world) arrange(t *testing.T, op *operation) {
	t.Helper()
	ctx, helper := context.Background(), w.colleague(t)
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		if err := w.settle(ctx, tx, op, helper); err != nil {
			return err
		}
		if _, err := tx.UnrestrictContact(ctx, w.north.conversation.Contact); err != nil {
			return err
		}
		if held, err := tx.GetHoldingBlock(ctx, rows.GetHoldingBlockParams{Contact: w.north.conversation.Contact, Inbox: w.north.inbox}); err == nil {
			if err := tx.LiftBlock(ctx, rows.LiftBlockParams{ID: held.ID, LiftedAt: tx.Stamp()}); err != nil {
				return err
			}
		}
		if _, err := tx.DropInboxPause(ctx, w.north.inbox); err != nil {
			return err
		}
		if _, err := tx.DropCoexistence(ctx, w.north.inbox); err != nil {
			return err
		}
		switch op.ID {
		case "inbox-coexistence-end":
			_, err := tx.AddCoexistence(ctx, rows.AddCoexistenceParams{Inbox: w.north.inbox, At: tx.Stamp(), Actor: "agent", Reason: "Außendienst"})
			return err
		case "contact-unrestrict":
			return tx.RestrictContact(ctx, rows.RestrictContactParams{Contact: w.north.conversation.Contact, At: tx.Stamp(), Reason: "Art. 18"})
		case "contact-unblock":
			return tx.AddBlock(ctx, rows.AddBlockParams{
				ID: desk.NewID[desk.Block](), Controller: w.north.conversation.Controller, Contact: w.north.conversation.Contact, Inbox: w.north.inbox,
				Reason: desk.BlockSpam, At: tx.Stamp(), Agent: helper,
			})
		case "inbox-resume":
			return tx.AddInboxPause(ctx, rows.AddInboxPauseParams{Inbox: w.north.inbox, At: tx.Stamp(), Actor: "agent", Reason: "Umzug"})
		}
		return nil
	}))
}

const password = "correct horse battery"

// registered gives the e-mail address of an Agent who has the password.
func (w *world) registered(t *testing.T) string {
	t.Helper()
	const email = "erika@house.example"
	made, err := w.settings.FindAgent(context.Background(), text(email))
	if err == nil && !made.IsZero() {
		return email
	}
	_, err = w.settings.CreateAgent(context.Background(), shell, settingsAgent(email))
	must(t, err)
	return email
}

// A page of another site cannot use the session of whoever looks at it; a program that
// shows a Token is not taken for one.
func TestOtherSitesCannotAct(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.contract(t)
		id := w.agent(t, desk.RoleAdmin)
		cookie, bearer := w.byCookie(t, "an admin", desk.RoleAdmin, nil, id), w.byToken(t, "an admin", desk.RoleAdmin, nil, id)
		for _, op := range c.operations() {
			if op.method == http.MethodGet {
				continue
			}
			w.arrange(t, op)
			for _, header := range []http.Header{{"Sec-Fetch-Site": {"cross-site"}}, {"Sec-Fetch-Site": {"same-site"}}, {"Origin": {"https://evil.example"}}} {
				q := question{
					method: op.method, path: op.fits(t, func(noun string) string { return w.object(t, op, noun, w.north) }),
					body: w.bodyOf(t, c, op), header: header,
				}
				acts := w.acts(t)
				a := w.ask(t, cookie, q)
				if a.status != http.StatusForbidden || a.problem(t).Code != "forbidden" || w.acts(t) != acts {
					t.Errorf("%s asked %s from another site (%v) and got %d: %s", cookie.name, op, header, a.status, a.body)
				}
			}
			q := question{
				method: op.method, path: op.fits(t, func(noun string) string { return w.objectFor(t, op, noun, w.north, bearer) }),
				body: w.bodyOf(t, c, op), header: http.Header{"Sec-Fetch-Site": {"cross-site"}},
			}
			if a := w.ask(t, bearer, q); a.status == http.StatusForbidden {
				t.Errorf("%s asked %s and was taken for a page: %s", bearer.name, op, a.body)
			}
		}
	})
}

// An admin's rights end with the session, not with the cookie.
func TestCookieBesideATokenDoesNotCount(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		who := w.byCookie(t, "an admin", desk.RoleAdmin, nil, w.agent(t, desk.RoleAdmin))
		who.bearer = text("bo_" + strings.Repeat("A", 43))
		if a := w.ask(t, who, question{method: "GET", path: "/api/v1/me"}); a.status != http.StatusUnauthorized {
			t.Errorf("a cookie beside a bad token: %d %s", a.status, a.body)
		}
	})
}
