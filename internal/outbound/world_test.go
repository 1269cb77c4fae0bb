package outbound_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"botschaft/internal/channel"
	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/outbound"
	"botschaft/internal/policy"
	"botschaft/internal/private"
	"botschaft/internal/queue"
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

// sent is what a Provider was asked.
type sent struct {
	text, to  string
	buttons   []desk.Button
	about     string
	raw       string
	media     string
	reference desk.MessageID
	permit    policy.Permit
	at        time.Time
}

// provider is a Sender that answers as it is told; without a word it accepts. What can be sent it
// knows of the real one.
type provider struct {
	*channel.WhatsApp
	clock  *storetest.Clock
	mu     sync.Mutex
	sent   []sent
	told   []desk.Signal
	asked  []desk.Blocking
	block  func(n int) error // answers to the n-th
	answer func(n int, m desk.Outgoing) (desk.Receipt, error)
	graph  string // where the real one sends to, instead of an answer
	shelf
}

func (p *provider) Send(ctx context.Context, m desk.Outgoing, permit policy.Permit) (desk.Receipt, error) {
	p.mu.Lock()
	n, answer := len(p.sent), p.answer
	s := sent{text: m.Content.Text.Reveal(), buttons: m.Content.Buttons, about: m.About.Reveal(), raw: m.Content.Raw.Reveal(), media: m.Media.Reveal(), reference: m.Reference, permit: permit, at: p.clock.Now()}
	if len(m.To) > 0 {
		s.to = m.To[0].Value.Reveal()
	}
	p.sent = append(p.sent, s)
	p.mu.Unlock()
	if p.graph != "" {
		m.GraphURL, m.Token = p.graph, key("usable")
		return p.WhatsApp.Send(ctx, m, permit)
	}
	if answer == nil {
		return desk.Receipt{Wamid: text(fmt.Sprintf("wamid.%d", n))}, nil
	}
	return answer(n, m)
}

func (p *provider) Signal(_ context.Context, s desk.Signal, permit policy.Permit) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !permit.Allows(s.Reference, desk.KindSignal) {
		return &desk.SendError{Outcome: desk.SendNotWritten}
	}
	p.told = append(p.told, s)
	return nil
}

func (p *provider) Block(_ context.Context, b desk.Blocking) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, b)
	if p.block == nil {
		return nil
	}
	return p.block(len(p.asked))
}

func (p *provider) blocks() []desk.Blocking {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.asked)
}

func (p *provider) signals() []desk.Signal {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.told)
}

func (p *provider) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.sent)
}

func (p *provider) texts() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []string
	for _, s := range p.sent {
		all = append(all, s.text)
	}
	return strings.Join(all, " ")
}

func (p *provider) answers(fn func(n int, m desk.Outgoing) (desk.Receipt, error)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = fn
}

// fails makes every send fail with e, until the n-th.
func (p *provider) fails(e *desk.SendError, n int) {
	first := p.count()
	p.answers(func(i int, _ desk.Outgoing) (desk.Receipt, error) {
		if i-first < n {
			return desk.Receipt{}, e
		}
		return desk.Receipt{Wamid: text(fmt.Sprintf("wamid.%d", i))}, nil
	})
}

type meter struct{}

func (meter) Sent(string, time.Duration) {}
func (meter) Signalled(string)           {}

// world is a house with one Inbox that sends.
type world struct {
	*store.Store
	vault      *vault.Vault
	gate       *outbound.Gate
	provider   *provider
	clock      *storetest.Clock
	inboxes    *directory.Directory
	url        string
	log        *slog.Logger
	controller desk.ControllerID
	inbox      desk.InboxID
	asked      int           // Submissions
	seen       int           // of what the Provider was asked
	policies   desk.Policies // of the Controller
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		fn(t, newWorld(t, url, slog.New(slog.NewTextHandler(t.Output(), nil))))
	})
}

func newWorld(t *testing.T, url string, log *slog.Logger) *world {
	t.Helper()
	ctx, c := t.Context(), storetest.NewClock(noon)
	w := &world{
		Store: storetest.Open(t, url, c.Now), url: url, provider: &provider{clock: c}, clock: c, log: log,
		controller: desk.NewID[desk.Controller](), inbox: desk.NewID[desk.Inbox](), policies: desk.DefaultPolicies(),
	}
	var err error
	w.vault, err = vault.Open(ctx, vault.Config{
		URL: "sqlite:" + filepath.Join(t.TempDir(), "vault.db"), RootKey: key(strings.Repeat("k", 32)), Clock: c.Now,
	})
	must(t, err)
	t.Cleanup(func() { _ = w.vault.Close() })
	must(t, w.vault.AddController(ctx, w.controller))
	secrets, err := vault.Seal(ctx, w.vault, vault.ControllerOwner(w.controller), vault.SecretsPlace(w.inbox), desk.InboxSecrets{AccessToken: key("canary token")})
	must(t, err)
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		if err := tx.AddController(ctx, rows.AddControllerParams{ID: w.controller, Name: "Muster Versicherung AG", Facts: "{}", CreatedAt: tx.Stamp()}); err != nil {
			return err
		}
		return tx.AddInbox(ctx, rows.AddInboxParams{
			ID: w.inbox, Controller: w.controller, Channel: desk.ChannelWhatsApp, Name: "Service", PhoneNumberID: "1001", WabaID: "2",
			GraphUrl: "https://graph.example", GraphVersion: "v25.0", Auth: desk.AuthMeta, Secrets: secrets, CreatedAt: tx.Stamp(),
		})
	}))
	inboxes, err := directory.New(ctx, w.Store, w.vault)
	must(t, err)
	w.inboxes = inboxes
	w.gate = outbound.New(w.Store, w.vault, inboxes, w.provider, meter{}, outbound.Place{Node: "one", PublicURL: "https://desk.example", Files: w.provider}, log)
	storetest.Furnish(t, w.Store, w.controller, w.inbox)
	return w
}

// wrote makes a Contact who was shown the Notice and wrote some time ago.
func (w *world) wrote(t *testing.T, number string, ago time.Duration) desk.Conversation {
	t.Helper()
	c := w.came(t, number, ago)
	storetest.Show(t, w.Store, c.Contact, w.inbox)
	return c
}

// came makes a Contact who wrote some time ago and was shown nothing, with the Conversation.
func (w *world) came(t *testing.T, number string, ago time.Duration) desk.Conversation {
	t.Helper()
	ctx := t.Context()
	contact := desk.Contact{ID: desk.NewID[desk.Contact](), Controller: w.controller, CreatedAt: w.Now()}
	must(t, w.vault.AddContacts(ctx, []vault.NewContact{{Controller: w.controller, Contact: contact.ID}}))
	id := desk.Identity{
		ID: desk.NewID[desk.Identity](), Controller: w.controller, Contact: contact.ID, Kind: desk.IdentityPhone,
		Digest: []byte(number), ValidFrom: w.Now(),
	}
	var err error
	id.Value, err = vault.Seal(ctx, w.vault, vault.ContactOwner(contact.ID), vault.IdentityPlace(id.ID), text(number))
	must(t, err)
	contact.Profile, err = vault.Seal(ctx, w.vault, vault.ContactOwner(contact.ID), vault.ProfilePlace(contact.ID), desk.Profile{Name: text("canary name")})
	must(t, err)
	c := desk.Conversation{
		ID: desk.NewID[desk.Conversation](), Controller: w.controller, Inbox: w.inbox, Contact: contact.ID,
		OpenedAt: w.Now(), LastAt: w.Now(), WindowOpened: w.Now().Add(-ago),
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
	return c
}

var (
	ben      = desk.Actor{Kind: desk.ActorAgent, Agent: desk.NewID[desk.Agent](), Via: "session"}
	allScope = desk.Scope{Agent: ben.Agent, All: true}
)

// says composes with a fresh client_id.
func (w *world) says(t *testing.T, c desk.Conversation, words string) desk.Message {
	t.Helper()
	w.asked++
	m, err := w.compose(t, c, fmt.Sprintf("client-%d", w.asked), words)
	must(t, err)
	return m
}

func (w *world) compose(t *testing.T, c desk.Conversation, client, words string) (desk.Message, error) {
	return w.gate.Compose(t.Context(), ben, allScope, outbound.Submission{Conversation: c.ID, ClientID: client, Kind: desk.KindText, Text: text(words)})
}

const lease = time.Minute // by the clock that is turned by hand

// deliver runs the lanes until the test or the returned function ends it.
func (w *world) deliver(t *testing.T, node string) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := queue.NewRunner(w.Store, queue.Config{
		Kind: outbound.Kind, Node: node, Batch: 1, Parallel: 4, Lease: lease, Poll: 2 * time.Millisecond, Log: w.log,
	}, w.gate.Deliver)
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the runner ended with %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

func (w *world) message(t *testing.T, id desk.MessageID) desk.Message {
	t.Helper()
	row, err := w.Read().GetMessage(context.Background(), id)
	must(t, err)
	return store.MessageOf(row)
}

// stands waits until the Message stands at s.
func (w *world) stands(t *testing.T, m desk.Message, s desk.Status) desk.Message {
	t.Helper()
	var now desk.Message
	await(t, fmt.Sprintf("status %s", s), func() bool { now = w.message(t, m.ID); return now.Status == s })
	return now
}

// rests waits until no lane is held and due: what waits was put off.
func (w *world) rests(t *testing.T) {
	t.Helper()
	await(t, "lanes at rest", func() bool {
		ended := w.Now().Add(time.Hour) // by then every lease has ended, so that a lane that is held is listed
		due, err := w.Read().ListDueLanes(context.Background(), rows.ListDueLanesParams{Kind: outbound.Kind, Now: desk.AsMillis(ended), Soon: desk.AsMillis(w.Now()), Page: 1})
		must(t, err)
		return len(due) == 0
	})
}

// idle waits until no lane is held and none is due.
func (w *world) idle(t *testing.T) {
	t.Helper()
	await(t, "idle lanes", func() bool {
		// A lane that is held is not listed as of now, but is as of the end of its lease.
		now, err := w.Read().ListDueLanes(context.Background(), rows.ListDueLanesParams{Kind: outbound.Kind, Now: desk.AsMillis(w.Now()), Soon: desk.AsMillis(w.Now()), Page: 100})
		must(t, err)
		jobs, err := w.Read().LaneDepths(context.Background())
		must(t, err)
		return len(now) == 0 && len(jobs) == 0
	})
}

func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for: %s", what)
		}
	}
}

// soonest turns the clock in small steps until ok, and tells how far.
func (w *world) soonest(t *testing.T, what string, ok func() bool) time.Duration {
	t.Helper()
	const step = 500 * time.Millisecond
	var turned time.Duration
	await(t, what, func() bool {
		if ok() {
			return true
		}
		w.clock.Add(step)
		turned += step
		time.Sleep(3 * time.Millisecond) // the lanes look every two
		return ok()
	})
	return turned
}

// audited counts the entries about an act.
func (w *world) audited(t *testing.T, act desk.Act) (found []desk.AuditEntry) {
	t.Helper()
	listed, err := w.Read().ListFreshEntries(context.Background(), 1000)
	must(t, err)
	for _, row := range listed {
		e, err := store.AuditEntryOf(row)
		must(t, err)
		if e.Act == act {
			found = append(found, e)
		}
	}
	return found
}

func (w *world) pause(t *testing.T) {
	t.Helper()
	must(t, w.Update(t.Context(), func(tx *store.Tx) error {
		return tx.AddInboxPause(t.Context(), rows.AddInboxPauseParams{Inbox: w.inbox, At: tx.Stamp(), Actor: "agent", Reason: "Umzug"})
	}))
}

func (w *world) resume(t *testing.T) {
	t.Helper()
	must(t, w.Update(t.Context(), func(tx *store.Tx) error {
		n, err := tx.DropInboxPause(t.Context(), w.inbox)
		if err == nil && n != 1 {
			t.Error("the inbox was not paused")
		}
		return err
	}))
}

// status tells what the Provider says of a Message by the way in.
func (w *world) status(t *testing.T, m desk.Message, wamid string, s desk.Status, failure string) {
	t.Helper()
	ctx := context.Background()
	digest, err := w.vault.Digest(ctx, w.controller, "wamid", w.inbox[:], []byte(wamid))
	must(t, err)
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		found, err := tx.LockStandings(ctx, w.inbox, []desk.MessageID{m.ID}, nil)
		if err != nil {
			return err
		}
		found[0].Status, found[0].StatusAt, found[0].Failure, found[0].WamidDigest = s, tx.Now(), failure, digest
		return tx.SetStandings(ctx, found)
	}))
}
