package inbox_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"botschaft/internal/audit"
	"botschaft/internal/channel"
	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/inbox"
	"botschaft/internal/outbound"
	"botschaft/internal/policy"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
	"botschaft/internal/vault"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func key(s string) private.Key   { return private.NewKey([]byte(s)) }
func text(s string) private.Text { return private.NewText(s) }

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

// postman carries nothing: no lane is worked here. What can be sent it knows of the real one.
type postman struct{ *channel.WhatsApp }

func (postman) Send(context.Context, desk.Outgoing, policy.Permit) (desk.Receipt, error) {
	return desk.Receipt{}, &desk.SendError{}
}

type meter struct{}

func (meter) Sent(string, time.Duration) {}
func (meter) Signalled(string)           {}

// world is a house with two Controllers, each with two Inboxes.
type world struct {
	*store.Store
	*inbox.Inbox
	vault        *vault.Vault
	clock        *storetest.Clock
	url          string
	north, south *realm
	made         int
}

// realm is a Controller with its Inboxes and an Agent who serves them.
type realm struct {
	controller desk.ControllerID
	inboxes    [2]desk.InboxID
	viewer     inbox.Viewer
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) { fn(t, newWorld(t, url)) })
}

func newWorld(t *testing.T, url string) *world {
	t.Helper()
	ctx, c := t.Context(), storetest.NewClock(noon)
	w := &world{Store: storetest.Open(t, url, c.Now), clock: c, url: url}
	var err error
	w.vault, err = vault.Open(ctx, vault.Config{
		URL: "sqlite:" + filepath.Join(t.TempDir(), "vault.db"), RootKey: key(strings.Repeat("k", 32)), Clock: c.Now,
	})
	must(t, err)
	t.Cleanup(func() { _ = w.vault.Close() })
	w.north, w.south = w.realm(t, "Nord"), w.realm(t, "Süd")
	inboxes, err := directory.New(ctx, w.Store, w.vault)
	must(t, err)
	gate := outbound.New(w.Store, w.vault, inboxes, postman{}, meter{}, outbound.Place{Node: "one", PublicURL: "https://desk.example"}, slog.New(slog.DiscardHandler))
	w.Inbox = inbox.New(w.Store, w.vault, inboxes, gate, audit.NewOpenings(w.Store), channel.Details, slog.New(slog.DiscardHandler))
	return w
}

func (w *world) realm(t *testing.T, name string) *realm {
	t.Helper()
	ctx := context.Background()
	r := &realm{controller: desk.NewID[desk.Controller]()}
	must(t, w.vault.AddController(ctx, r.controller))
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		return tx.AddController(ctx, rows.AddControllerParams{ID: r.controller, Name: "Versicherung " + name, Facts: "{}", CreatedAt: tx.Stamp()})
	}))
	for i := range r.inboxes {
		w.made++
		id := desk.NewID[desk.Inbox]()
		secrets, err := vault.Seal(ctx, w.vault, vault.ControllerOwner(r.controller), vault.SecretsPlace(id), desk.InboxSecrets{AccessToken: key("token")})
		must(t, err)
		must(t, w.Update(ctx, func(tx *store.Tx) error {
			return tx.AddInbox(ctx, rows.AddInboxParams{
				ID: id, Controller: r.controller, Channel: desk.ChannelWhatsApp, Name: fmt.Sprint("Service ", name, i), PhoneNumberID: fmt.Sprint(1000 + w.made), WabaID: "2",
				GraphUrl: "https://graph.example", GraphVersion: "v25.0", Auth: desk.AuthMeta, Secrets: secrets, CreatedAt: tx.Stamp(),
			})
		}))
		r.inboxes[i] = id
	}
	storetest.Furnish(t, w.Store, r.controller, r.inboxes[:]...)
	r.viewer = w.agent(t, r)
	return r
}

// agent makes an Agent who serves a realm.
func (w *world) agent(t *testing.T, r *realm) inbox.Viewer {
	t.Helper()
	ctx, id := context.Background(), desk.NewID[desk.Agent]()
	profile, err := vault.Seal(ctx, w.vault, vault.OwnerInstallation(), vault.AgentPlace(id), desk.AgentProfile{Name: text("Agent")})
	must(t, err)
	password, err := vault.Seal(ctx, w.vault, vault.OwnerInstallation(), vault.PasswordPlace(id), text("a password"))
	must(t, err)
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		if err := tx.AddAgent(ctx, rows.AddAgentParams{ID: id, Role: desk.RoleAgent, EmailDigest: id[:], Profile: profile, Password: password, CreatedAt: tx.Stamp()}); err != nil {
			return err
		}
		return tx.AddMembership(ctx, rows.AddMembershipParams{Agent: id, Controller: r.controller, At: tx.Stamp()})
	}))
	return inbox.Viewer{Actor: desk.Actor{Kind: desk.ActorAgent, Agent: id, Via: "session"}, Scope: desk.Scope{Agent: id}}
}

// wrote makes a Contact who wrote to an Inbox just now, with the Conversation.
func (w *world) wrote(t *testing.T, r *realm, in desk.InboxID, words string) desk.Conversation {
	t.Helper()
	ctx := context.Background()
	w.made++
	contact := desk.Contact{ID: desk.NewID[desk.Contact](), Controller: r.controller, CreatedAt: w.Now()}
	must(t, w.vault.AddContacts(ctx, []vault.NewContact{{Controller: r.controller, Contact: contact.ID}}))
	owner, number := vault.ContactOwner(contact.ID), fmt.Sprintf("+49170%07d", w.made)
	ids := make([]desk.Identity, 2)
	for i, kind := range []desk.IdentityKind{desk.IdentityPhone, desk.IdentityBSUID} {
		id := desk.NewID[desk.Identity]()
		value, err := vault.Seal(ctx, w.vault, owner, vault.IdentityPlace(id), text(string(kind)+number))
		must(t, err)
		ids[i] = desk.Identity{
			ID: id, Controller: r.controller, Contact: contact.ID, Kind: kind, Digest: []byte(string(kind) + number), Value: value, ValidFrom: w.Now(),
		}
	}
	var err error
	contact.Profile, err = vault.Seal(ctx, w.vault, owner, vault.ProfilePlace(contact.ID), desk.Profile{Name: text("name of " + words), Masked: text("•••")})
	must(t, err)
	c := desk.Conversation{
		ID: desk.NewID[desk.Conversation](), Controller: r.controller, Inbox: in, Contact: contact.ID, OpenedAt: w.Now(), LastAt: w.Now(), WindowOpened: w.Now(), Receiving: true,
	}
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		if err := tx.AddContacts(ctx, []desk.Contact{contact}); err != nil {
			return err
		}
		if err := tx.AddIdentities(ctx, ids); err != nil {
			return err
		}
		return tx.AddConversations(ctx, []desk.Conversation{c})
	}))
	storetest.Show(t, w.Store, contact.ID, in)
	w.hears(t, c, words, 0)
	return c
}

// hears takes in a Message that was written some time ago.
func (w *world) hears(t *testing.T, c desk.Conversation, words string, ago time.Duration) desk.MessageID {
	t.Helper()
	return w.message(t, c, desk.Message{Direction: desk.In, Kind: desk.KindText, Status: desk.StatusReceived, Origin: desk.OriginContact}, words, ago)
}

func (w *world) message(t *testing.T, c desk.Conversation, m desk.Message, words string, ago time.Duration) desk.MessageID {
	t.Helper()
	ctx := context.Background()
	m.ID, m.Controller, m.Inbox, m.Contact, m.Conversation = desk.NewID[desk.Message](), c.Controller, c.Inbox, c.Contact, c.ID
	var err error
	m.Content, err = vault.Seal(ctx, w.vault, vault.ContactOwner(c.Contact), vault.ContentPlace(m.ID), desk.Content{Text: text(words)})
	must(t, err)
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		locked, err := tx.LockConversation(ctx, c.ID)
		if err != nil {
			return err
		}
		m.At, m.ExternalAt, m.StatusAt = tx.Now(), tx.Now().Add(-ago), tx.Now()
		m.ThreadAt, m.Late = desk.ThreadTime(m.ExternalAt, m.At)
		locked.Receive(&m)
		if err := tx.SaveConversations(ctx, []desk.Conversation{*locked}); err != nil {
			return err
		}
		return tx.AddMessages(ctx, []desk.Message{m})
	}))
	return m.ID
}

// fails makes a Message of ours that the Provider refused.
func (w *world) fails(t *testing.T, c desk.Conversation, words string) desk.MessageID {
	t.Helper()
	ctx := context.Background()
	id := w.message(t, c, desk.Message{
		Direction: desk.Out, Kind: desk.KindText, Status: desk.StatusFailed, Failure: "131026", Origin: desk.OriginAgent,
	}, words, 0)
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		return tx.AddDispatches(ctx, []rows.Dispatch{{Message: id, Conversation: c.ID, Permit: "{}"}})
	}))
	return id
}

// exec runs a statement past the house, for what no use case brings about yet.
func (w *world) exec(t *testing.T, statement string, args ...any) {
	t.Helper()
	storetest.Execute(t, w.url, statement, args...)
}

// audited gives the entries about an act.
func (w *world) audited(t *testing.T, act desk.Act) (found []desk.AuditEntry) {
	t.Helper()
	listed, err := w.Read().ListFreshEntries(context.Background(), 1000)
	must(t, err)
	for _, row := range listed {
		e, err := store.AuditEntryOf(row)
		must(t, err)
		if act == "" || e.Act == act {
			found = append(found, e)
		}
	}
	return found
}
