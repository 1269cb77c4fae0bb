package api_test

import (
	"context"
	"sync"
	"testing"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/settings"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
	"botschaft/internal/vault"
)

// realm is an Inbox with all that is in it, and its Controller. Everything readable in
// it holds its word.
type realm struct {
	word         string
	controller   desk.ControllerID
	inbox        desk.InboxID
	conversation desk.Conversation
}

func (w *world) realm(t *testing.T, word string) *realm {
	t.Helper()
	ctx, id := context.Background(), desk.NewID[desk.Controller]()
	must(t, w.vault.AddController(ctx, id))
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		return tx.AddController(ctx, rows.AddControllerParams{ID: id, Name: "Versicherung " + word, Facts: "{}", CreatedAt: tx.Stamp()})
	}))
	return w.beside(t, id, word)
}

// beside makes an Inbox of a Controller, which may have others.
func (w *world) beside(t *testing.T, controller desk.ControllerID, word string) *realm {
	t.Helper()
	ctx := context.Background()
	r := &realm{word: word, controller: controller, inbox: desk.NewID[desk.Inbox]()}
	secrets, err := vault.Seal(ctx, w.vault, vault.ControllerOwner(r.controller), vault.SecretsPlace(r.inbox), desk.InboxSecrets{AccessToken: key("token " + word)})
	must(t, err)
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		return tx.AddInbox(ctx, rows.AddInboxParams{
			ID: r.inbox, Controller: r.controller, Channel: desk.ChannelWhatsApp, Name: "Service " + word, PhoneNumberID: "100" + w.next(), WabaID: "2",
			GraphUrl: "https://graph.example", GraphVersion: "v25.0", Auth: desk.AuthMeta, Secrets: secrets, CreatedAt: tx.Stamp(),
		})
	}))
	storetest.Furnish(t, w.Store, r.controller, r.inbox)
	r.conversation = w.wrote(t, r)
	return r
}

// wrote makes a Contact who wrote just now, with the Conversation.
func (w *world) wrote(t *testing.T, r *realm) desk.Conversation {
	t.Helper()
	ctx := context.Background()
	contact := desk.Contact{ID: desk.NewID[desk.Contact](), Controller: r.controller, CreatedAt: w.Now()}
	must(t, w.vault.AddContacts(ctx, []vault.NewContact{{Controller: r.controller, Contact: contact.ID}}))
	number := "+4917000" + w.next()
	id := desk.Identity{
		ID: desk.NewID[desk.Identity](), Controller: r.controller, Contact: contact.ID, Kind: desk.IdentityPhone,
		Digest: []byte(number), ValidFrom: w.Now(),
	}
	var err error
	owner := vault.ContactOwner(contact.ID)
	id.Value, err = vault.Seal(ctx, w.vault, owner, vault.IdentityPlace(id.ID), text(number+" "+r.word))
	must(t, err)
	contact.Profile, err = vault.Seal(ctx, w.vault, owner, vault.ProfilePlace(contact.ID), desk.Profile{Name: text("Kundin " + r.word), Masked: text("•••")})
	must(t, err)
	c := desk.Conversation{
		ID: desk.NewID[desk.Conversation](), Controller: r.controller, Inbox: r.inbox, Contact: contact.ID,
		OpenedAt: w.Now(), LastAt: w.Now(), WindowOpened: w.Now(), Receiving: true,
	}
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		if err := tx.AddContacts(ctx, []desk.Contact{contact}); err != nil {
			return err
		}
		if err := tx.AddIdentities(ctx, []desk.Identity{id}); err != nil {
			return err
		}
		return tx.AddConversations(ctx, []desk.Conversation{c})
	}))
	storetest.Show(t, w.Store, contact.ID, r.inbox)
	w.hears(t, c, "Guten Tag "+r.word)
	return c
}

// hears takes in a Message of the Conversation's Contact.
func (w *world) hears(t *testing.T, c desk.Conversation, words string) desk.MessageID {
	t.Helper()
	return w.message(t, c, desk.Message{Direction: desk.In, Kind: desk.KindText, Status: desk.StatusReceived, Origin: desk.OriginContact}, words)
}

// fails makes a Message of ours that the Provider refused.
func (w *world) fails(t *testing.T, c desk.Conversation, words string) desk.MessageID {
	t.Helper()
	return w.failsFor(t, c, words, "131026")
}

func (w *world) failsFor(t *testing.T, c desk.Conversation, words, code string) desk.MessageID {
	t.Helper()
	ctx := context.Background()
	id := w.message(t, c, desk.Message{
		Direction: desk.Out, Kind: desk.KindText, Status: desk.StatusFailed, Failure: code, Origin: desk.OriginAgent,
	}, words)
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		return tx.AddDispatches(ctx, []rows.Dispatch{{Message: id, Conversation: c.ID, Permit: "{}"}})
	}))
	return id
}

// doubts makes a Message of ours of which nobody knows whether it arrived.
func (w *world) doubts(t *testing.T, c desk.Conversation, words string) desk.MessageID {
	t.Helper()
	return w.message(t, c, desk.Message{Direction: desk.Out, Kind: desk.KindText, Status: desk.StatusInDoubt, Origin: desk.OriginAgent}, words)
}

func (w *world) message(t *testing.T, c desk.Conversation, m desk.Message, words string) desk.MessageID {
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
		m.At, m.ExternalAt, m.ThreadAt, m.StatusAt = tx.Now(), tx.Now(), tx.Now(), tx.Now()
		locked.Receive(&m)
		if err := tx.SaveConversations(ctx, []desk.Conversation{*locked}); err != nil {
			return err
		}
		tx.Emit(desk.Event{Kind: desk.EventMessage, Controller: c.Controller, Inbox: c.Inbox, Conversation: c.ID, Message: m.ID})
		return tx.AddMessages(ctx, []desk.Message{m})
	}))
	return m.ID
}

// setAside puts a Delivery of the realm's Inbox aside.
func (w *world) setAside(t *testing.T, r *realm) desk.SetAsideID {
	t.Helper()
	ctx, id := context.Background(), desk.NewID[desk.SetAside]()
	d := desk.Delivery{ID: desk.NewID[desk.Delivery](), Inbox: r.inbox, ReceivedAt: w.Now(), Day: w.vault.Day(w.Now())}
	must(t, w.vault.EnsureDay(ctx, d.Day))
	var err error
	d.Body, err = vault.Seal(ctx, w.vault, vault.DayOwner(d.Day), vault.BodyPlace(d.ID), []byte(r.word))
	must(t, err)
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		if err := tx.AddDeliveries(ctx, []desk.Delivery{d}); err != nil {
			return err
		}
		return tx.AddSetAside(ctx, rows.AddSetAsideParams{
			ID: id, DeliveryID: d.ID, Inbox: r.inbox, Path: "entry[0]", Reason: desk.ReasonItem,
			At: tx.Stamp(), ReceivedAt: tx.Stamp(), Day: d.Day,
		})
	}))
	return id
}

// hash gives the tests' password as it is stored; it is made once.
var hash = sync.OnceValue(func() private.Text {
	phc, err := auth.NewHasher().Hash(context.Background(), text(password))
	if err != nil {
		panic(err)
	}
	return phc
})

// agent makes an Agent who serves the realms and has the tests' password.
func (w *world) agent(t *testing.T, role desk.Role, serves ...*realm) desk.AgentID {
	t.Helper()
	ctx, id := context.Background(), desk.NewID[desk.Agent]()
	email := text("agent" + w.next() + "@house.example")
	profile, err := vault.Seal(ctx, w.vault, vault.OwnerInstallation(), vault.AgentPlace(id), desk.AgentProfile{Name: text("Agent"), Email: email})
	must(t, err)
	sealed, err := vault.Seal(ctx, w.vault, vault.OwnerInstallation(), vault.PasswordPlace(id), hash())
	must(t, err)
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		if err := tx.AddAgent(ctx, rows.AddAgentParams{
			ID: id, Role: role, EmailDigest: auth.EmailDigest(w.vault, email), Profile: profile, Password: sealed, CreatedAt: tx.Stamp(),
		}); err != nil {
			return err
		}
		for _, r := range serves {
			if err := tx.AddMembership(ctx, rows.AddMembershipParams{Agent: id, Controller: r.controller, At: tx.Stamp()}); err != nil {
				return err
			}
		}
		return nil
	}))
	return id
}

// agentAt makes an Agent who serves the realms' Inboxes alone, not their Controllers.
func (w *world) agentAt(t *testing.T, role desk.Role, serves ...*realm) desk.AgentID {
	t.Helper()
	id := w.agent(t, role)
	var inboxes []desk.InboxID
	for _, r := range serves {
		inboxes = append(inboxes, r.inbox)
	}
	must(t, w.settings.ChangeAgent(context.Background(), shell, id, settings.AgentChange{Inboxes: &inboxes}))
	return id
}

// session logs the Agent in and gives the cookie's secret.
func (w *world) session(t *testing.T, id desk.AgentID) private.Text {
	t.Helper()
	row, err := w.Read().GetAgent(context.Background(), id)
	must(t, err)
	_, secret, err := w.people.StartSession(context.Background(), auth.Entry{Agent: id, Stored: row.Password})
	must(t, err)
	return secret
}

var shell = desk.Actor{Kind: desk.ActorCommand, Via: "token"}

// token makes a bearer Token of the Agent.
func (w *world) token(t *testing.T, id desk.AgentID) (desk.TokenID, private.Text) {
	t.Helper()
	made, secret, err := w.settings.CreateToken(context.Background(), shell, settings.NewToken{Agent: id})
	must(t, err)
	return made.ID, secret
}

// settingsAgent is an admin with the tests' password.
func settingsAgent(email string) settings.NewAgent {
	return settings.NewAgent{Email: text(email), Role: desk.RoleAdmin, Password: text(password)}
}
