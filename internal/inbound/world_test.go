package inbound_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/inbound"
	"botschaft/internal/private"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
	"botschaft/internal/vault"
)

func TestMain(m *testing.M) {
	// Each check runs the whole way in twice on a real database.
	if err := flag.Set("rapid.checks", "30"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	goleak.VerifyTestMain(m)
}

// failing is what tests and property checks share.
type failing interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

func must(t failing, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func key(s string) private.Key   { return private.NewKey([]byte(s)) }
func text(s string) private.Text { return private.NewText(s) }

// noon is when every test begins.
var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

// bodies decodes by looking up what a body was made of.
type bodies struct {
	mu   sync.Mutex
	made map[string][]desk.Arrival
}

var errMalformed = errors.New("not the provider's")

func (b *bodies) Decode(body []byte) ([]desk.Arrival, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	arrivals, ok := b.made[string(body)]
	if !ok {
		return nil, errMalformed
	}
	return arrivals, nil
}

func (b *bodies) keep(name string, arrivals []desk.Arrival) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.made == nil {
		b.made = map[string][]desk.Arrival{}
	}
	b.made[name] = arrivals
}

// meter ignores what it is told, but for sums.
type meter struct {
	mu                                            sync.Mutex
	batches, deliveries, messages, aside, dropped int
}

func (m *meter) Processed(deliveries, messages, _ int, _ time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.batches++
	m.deliveries += deliveries
	m.messages += messages
}

func (m *meter) Dropped(_ string, n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.dropped += n
}

func (m *meter) SetAside(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.aside += n
}

// world is a house that takes Deliveries in.
type world struct {
	meanwhile func() // runs before a batch is worked; nil: nothing
	*store.Store
	vault   *vault.Vault
	inboxes *directory.Directory
	worker  *inbound.Worker
	bodies  *bodies
	meter   *meter
	clock   *storetest.Clock
	log     *slog.Logger
	numbers int
}

// each runs fn on each engine in a world of its own.
func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		fn(t, newWorld(t, url, slog.New(slog.DiscardHandler)))
	})
}

func newWorld(t *testing.T, url string, log *slog.Logger) *world {
	t.Helper()
	c := storetest.NewClock(noon)
	w := &world{Store: storetest.Open(t, url, c.Now), bodies: &bodies{}, meter: &meter{}, clock: c, log: log}
	var err error
	w.vault, err = vault.Open(t.Context(), vault.Config{
		URL: "sqlite:" + filepath.Join(t.TempDir(), "vault.db"), RootKey: key(strings.Repeat("k", 32)), Clock: c.Now,
	})
	must(t, err)
	t.Cleanup(func() { _ = w.vault.Close() })
	w.inboxes, err = directory.New(t.Context(), w.Store, w.vault)
	must(t, err)
	w.worker = inbound.New(w.Store, w.vault, w.inboxes, w.bodies, w.meter, log)
	return w
}

func (w *world) controller(t failing) desk.ControllerID {
	t.Helper()
	ctx, id := context.Background(), desk.NewID[desk.Controller]()
	must(t, w.vault.AddController(ctx, id))
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		return tx.AddController(ctx, rows.AddControllerParams{ID: id, Name: "Muster Versicherung AG", Facts: "{}", CreatedAt: tx.Stamp()})
	}))
	return id
}

// inbox makes an Inbox with a number of its own.
func (w *world) inbox(t failing, c desk.ControllerID, secret string) *directory.Entry {
	t.Helper()
	ctx, id := context.Background(), desk.NewID[desk.Inbox]()
	w.numbers++
	sealed, err := vault.Seal(ctx, w.vault, vault.ControllerOwner(c), vault.SecretsPlace(id), desk.InboxSecrets{AppSecrets: []private.Key{key(secret)}})
	must(t, err)
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		return tx.AddInbox(ctx, rows.AddInboxParams{
			ID: id, Controller: c, Channel: desk.ChannelWhatsApp, Name: "Service", PhoneNumberID: fmt.Sprint(1000 + w.numbers), WabaID: "2",
			GraphUrl: "https://graph.example", GraphVersion: "v25.0", Auth: desk.AuthMeta, Secrets: sealed, CreatedAt: tx.Stamp(),
		})
	}))
	e, err := w.inboxes.Inbox(ctx, id)
	must(t, err)
	return e
}

// deliver stores a body made of arrivals the way the hook does.
func (w *world) deliver(t failing, at *directory.Entry, arrivals ...desk.Arrival) desk.DeliveryID {
	t.Helper()
	id := desk.NewID[desk.Delivery]()
	w.bodies.keep(id.String(), arrivals)
	w.deliverBody(t, at, id, id.String(), vault.BodyPlace(id))
	return id
}

func (w *world) deliverBody(t failing, at *directory.Entry, id desk.DeliveryID, body string, place vault.Place) {
	t.Helper()
	ctx := context.Background()
	d := desk.Delivery{ID: id, Inbox: at.ID, ReceivedAt: w.Now(), Day: w.vault.Day(w.Now())}
	must(t, w.vault.EnsureDay(ctx, d.Day))
	var err error
	d.Body, err = vault.Seal(ctx, w.vault, vault.DayOwner(d.Day), place, []byte(body))
	must(t, err)
	must(t, w.Update(ctx, func(tx *store.Tx) error { return tx.AddDeliveries(ctx, []desk.Delivery{d}) }))
	w.again(t, at, id)
}

// again puts a Delivery into its lane.
func (w *world) again(t failing, at *directory.Entry, id desk.DeliveryID) {
	t.Helper()
	ctx := context.Background()
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		return queue.Enqueue(ctx, tx, queue.Inbound(at.ID), desk.Job{Ordinal: w.Now().UnixMilli(), Ref: id})
	}))
}

// process works all lanes until nothing waits, batch Deliveries at a time.
func (w *world) process(t failing, batch int) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	var busy atomic.Int64 // a batch is told to the meter after its commit
	r := queue.NewRunner(w.Store, queue.Config{
		Kind: inbound.Kind, Node: "one", Batch: batch, Parallel: 4, Poll: 5 * time.Millisecond, Log: w.log,
	}, func(ctx context.Context, h *queue.Held, jobs []desk.Job) error {
		busy.Add(1)
		defer busy.Add(-1)
		if w.meanwhile != nil {
			w.meanwhile()
		}
		return w.worker.Work(ctx, h, jobs)
	})
	go func() { ended <- r.Run(ctx) }()
	defer func() { stop(); must(t, <-ended) }()
	for deadline := time.Now().Add(20 * time.Second); w.waiting(t) > 0 || busy.Load() > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("deliveries wait for ever")
		}
	}
}

func (w *world) waiting(t failing) int64 {
	t.Helper()
	depths, err := w.Read().LaneDepths(context.Background())
	must(t, err)
	var n int64
	for _, d := range depths {
		if d.Kind == inbound.Kind { // automatic answers are given elsewhere
			n += d.Depth
		}
	}
	return n
}

func phone(number string) []desk.Alias {
	return []desk.Alias{{Kind: desk.IdentityPhone, Value: text(number)}}
}

func bsuid(id string) []desk.Alias { return []desk.Alias{{Kind: desk.IdentityBSUID, Value: text(id)}} }

// says is a text Message to an Inbox, written some time ago.
func says(to *directory.Entry, from []desk.Alias, wamid, words string, ago time.Duration) desk.Arrival {
	return desk.Arrival{Path: "entry[0].changes[0].messages[0] " + wamid, PhoneNumberID: to.PhoneNumberID, Message: &desk.ArrivedMessage{
		Wamid: text(wamid), From: from, At: noon.Add(-ago), Kind: desk.KindText, Content: desk.Content{Text: text(words)},
		Profile: desk.Profile{Name: text("name of " + from[0].Value.Reveal()), Masked: text("•••")},
	}}
}

func tells(to *directory.Entry, wamid string, ref desk.MessageID, s desk.Status, failure string) desk.Arrival {
	return desk.Arrival{PhoneNumberID: to.PhoneNumberID, Status: &desk.ArrivedStatus{
		Wamid: text(wamid), Reference: ref, Status: s, At: noon, Failure: failure,
	}}
}

// thread is a Conversation as a reader sees it.
type thread struct {
	Identities []string
	Name       string
	Lines      []string
	Last       string
	Window     time.Time
}

// threads reads the open Conversations of an Inbox, by their Contacts' Identities.
func (w *world) threads(t failing, at *directory.Entry) map[string]thread {
	t.Helper()
	ctx := context.Background()
	listed, err := w.Read().ListOpenConversations(ctx, rows.ListOpenConversationsParams{
		Inbox: at.ID, BeforeAt: desk.AsMillis(noon.Add(24 * 365 * time.Hour)), BeforeID: desk.NewID[desk.Conversation](), Page: 1000,
	})
	must(t, err)
	found := map[string]thread{}
	for _, row := range listed {
		c := store.ConversationOf(row)
		th := w.thread(t, c)
		id := strings.Join(th.Identities, " ")
		if _, twice := found[id]; twice {
			t.Fatalf("two open conversations with %s", id)
		}
		found[id] = th
	}
	return found
}

func (w *world) thread(t failing, c desk.Conversation) thread {
	t.Helper()
	ctx := context.Background()
	th := thread{Window: c.WindowOpened}
	owner, opening := vault.ContactOwner(c.Contact), w.vault.Opening(vault.ReasonProcess)
	identities, err := w.Read().ListIdentities(ctx, c.Contact)
	must(t, err)
	values := make([]private.Text, len(identities))
	for i, id := range identities {
		vault.Add(opening, owner, vault.IdentityPlace(id.ID), id.Value, &values[i])
	}
	contacts, err := w.FindContacts(ctx, []desk.ContactID{c.Contact})
	must(t, err)
	var profile desk.Profile
	vault.Add(opening, owner, vault.ProfilePlace(c.Contact), contacts[c.Contact].Profile, &profile)
	listed, err := w.Read().ListMessages(ctx, rows.ListMessagesParams{
		Conversation: c.ID, BeforeAt: desk.AsMillis(noon.Add(24 * 365 * time.Hour)), BeforePosition: 1 << 40, Page: 1000,
	})
	must(t, err)
	slices.Reverse(listed)
	contents := make([]desk.Content, len(listed))
	for i, m := range listed {
		vault.Add(opening, owner, vault.ContentPlace(m.ID), m.Content, &contents[i])
	}
	must(t, opening.Run(ctx))
	for _, v := range values {
		th.Identities = append(th.Identities, v.Reveal())
	}
	slices.Sort(th.Identities)
	th.Name = profile.Name.Reveal()
	for i, m := range listed {
		line := fmt.Sprintf("%s %s %s", m.ThreadAt.Format(time.TimeOnly), m.Status, contents[i].Text.Reveal())
		if m.Late {
			line += " (late)"
		}
		th.Lines = append(th.Lines, line)
		if m.ID == c.LastMessage {
			th.Last = line
		}
	}
	return th
}

func (w *world) setAside(t failing) []rows.SetAside {
	t.Helper()
	listed, err := w.Read().ListSetAside(context.Background())
	must(t, err)
	return listed
}
