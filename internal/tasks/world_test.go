package tasks_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
	"botschaft/internal/tasks"
	"botschaft/internal/vault"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func text(s string) private.Text { return private.NewText(s) }

// openings remember what was looked at.
type openings struct{ acts []desk.Act }

func (o *openings) Open(_ context.Context, e desk.AuditEntry) error {
	o.acts = append(o.acts, e.Act)
	return nil
}

// world is a house with one Controller whose two Inboxes are served by different teams.
type world struct {
	*store.Store
	*tasks.Tasks
	vault      *vault.Vault
	url        string
	clock      *storetest.Clock
	looked     *openings
	controller desk.ControllerID
	inboxes    [2]desk.InboxID
	teams      [2]desk.Scope
	agent      desk.Actor
}

var everywhere = desk.Scope{All: true}

// each begins in the morning of a day, at a seat.
func each(t *testing.T, morning, land string, fn func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	at, err := time.Parse(time.DateOnly, morning)
	must(t, err)
	storetest.EachURL(t, func(t *testing.T, url string) { fn(t, newWorld(t, url, at.Add(8*time.Hour), land)) })
}

func newWorld(t *testing.T, url string, now time.Time, land string) *world {
	t.Helper()
	ctx, c := t.Context(), storetest.NewClock(now)
	w := &world{Store: storetest.Open(t, url, c.Now), url: url, clock: c, looked: &openings{}, controller: desk.NewID[desk.Controller]()}
	var err error
	w.vault, err = vault.Open(ctx, vault.Config{
		URL: "sqlite:" + filepath.Join(t.TempDir(), "vault.db"), RootKey: private.NewKey([]byte(strings.Repeat("k", 32))), Clock: c.Now,
	})
	must(t, err)
	t.Cleanup(func() { _ = w.vault.Close() })
	w.Tasks = tasks.New(w.Store, w.vault, w.looked, time.UTC)
	must(t, w.vault.AddController(ctx, w.controller))
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		return tx.AddController(ctx, rows.AddControllerParams{ID: w.controller, Name: "Muster", Facts: "{}", CreatedAt: tx.Stamp()})
	}))
	for i := range w.inboxes {
		w.inboxes[i], w.teams[i] = desk.NewID[desk.Inbox](), desk.Scope{Agent: desk.NewID[desk.Agent]()}
		must(t, w.Update(ctx, func(tx *store.Tx) error {
			if err := tx.AddInbox(ctx, rows.AddInboxParams{
				ID: w.inboxes[i], Controller: w.controller, Channel: desk.ChannelWhatsApp, PhoneNumberID: string(rune('1' + i)), Secrets: private.SealedBytes[desk.InboxSecrets]([]byte{1}), CreatedAt: tx.Stamp(),
			}); err != nil {
				return err
			}
			if err := tx.AddAgent(ctx, rows.AddAgentParams{
				ID: w.teams[i].Agent, Role: desk.RoleAgent, EmailDigest: w.teams[i].Agent[:], Profile: private.SealedBytes[desk.AgentProfile]([]byte{1}), CreatedAt: tx.Stamp(),
			}); err != nil {
				return err
			}
			return tx.AddInboxMembership(ctx, rows.AddInboxMembershipParams{Agent: w.teams[i].Agent, Inbox: w.inboxes[i], At: tx.Stamp()})
		}))
	}
	w.agent = desk.Actor{Kind: desk.ActorAgent, Agent: w.teams[0].Agent, Via: "session"}
	storetest.Furnish(t, w.Store, w.controller)
	facts, _ := storetest.Papers()
	facts.Land = land
	storetest.Enter(t, w.Store, desk.RegisterEntry{Controller: w.controller, Kind: desk.RegisterController, Subject: desk.RegisterID(w.controller), Active: true}, facts)
	return w
}

// hears makes a Contact who wrote to an Inbox just now.
func (w *world) hears(t *testing.T, inbox desk.InboxID) desk.Message {
	t.Helper()
	ctx := t.Context()
	contact := desk.Contact{ID: desk.NewID[desk.Contact](), Controller: w.controller, CreatedAt: w.Now()}
	must(t, w.vault.AddContacts(ctx, []vault.NewContact{{Controller: w.controller, Contact: contact.ID}}))
	c := desk.Conversation{
		ID: desk.NewID[desk.Conversation](), Controller: w.controller, Inbox: inbox, Contact: contact.ID, OpenedAt: w.Now(), LastAt: w.Now(), Receiving: true,
	}
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		if err := tx.AddContacts(ctx, []desk.Contact{contact}); err != nil {
			return err
		}
		return tx.AddConversations(ctx, []desk.Conversation{c})
	}))
	return w.writes(t, c)
}

// writes takes in one more Message of a Contact.
func (w *world) writes(t *testing.T, c desk.Conversation) desk.Message {
	t.Helper()
	ctx := t.Context()
	m := desk.Message{
		ID: desk.NewID[desk.Message](), Controller: c.Controller, Inbox: c.Inbox, Contact: c.Contact, Conversation: c.ID,
		Direction: desk.In, Kind: desk.KindText, Status: desk.StatusReceived, Origin: desk.OriginContact, At: w.Now(), ExternalAt: w.Now(), ThreadAt: w.Now(), StatusAt: w.Now(), Content: private.SealedBytes[desk.Content]([]byte{1}),
	}
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		locked, err := tx.LockConversation(ctx, c.ID)
		if err != nil {
			return err
		}
		locked.Receive(&m)
		if err := tx.SaveConversations(ctx, []desk.Conversation{*locked}); err != nil {
			return err
		}
		return tx.AddMessages(ctx, []desk.Message{m})
	}))
	return m
}

// mark says that a Message introduces a witness.
func (w *world) mark(t *testing.T, m desk.Message) desk.ShownTask {
	t.Helper()
	return w.markAs(t, m, desk.ThirdWitness)
}

func (w *world) markAs(t *testing.T, m desk.Message, role desk.ThirdRole) desk.ShownTask {
	t.Helper()
	made, err := w.Mark(t.Context(), w.agent, everywhere, desk.NewThirdPerson{Conversation: m.Conversation, Message: m.ID, Role: role, Note: text("Erika, Nachbarin")})
	must(t, err)
	return made
}

// list gives the first page.
func (w *world) list(t *testing.T, q desk.TaskQuery) []desk.ShownTask {
	t.Helper()
	page, err := w.List(t.Context(), w.agent, q)
	must(t, err)
	return page.Items
}

// records writes an entry into the Ledger.
func (w *world) records(t *testing.T, e desk.ConsentEntry) {
	t.Helper()
	e.Controller = w.controller
	must(t, w.Update(t.Context(), func(tx *store.Tx) error {
		if err := tx.LockContact(t.Context(), e.Contact); err != nil {
			return err
		}
		_, err := tx.AddConsent(t.Context(), e)
		return err
	}))
}

// audited counts the entries about an act.
func (w *world) audited(t *testing.T, act desk.Act) (n int) {
	t.Helper()
	listed, err := w.Read().ListFreshEntries(t.Context(), 10_000)
	must(t, err)
	for _, row := range listed {
		if row.Act == act {
			n++
		}
	}
	return n
}
