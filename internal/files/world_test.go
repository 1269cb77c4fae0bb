package files_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"botschaft/internal/audit"
	"botschaft/internal/blob"
	"botschaft/internal/channel"
	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/files"
	"botschaft/internal/inbound"
	"botschaft/internal/private"
	"botschaft/internal/queue"
	"botschaft/internal/simulator"
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

// everything is the Scope of somebody who may see all; who is somebody.
var (
	everything = desk.Scope{All: true}
	who        = desk.Actor{Kind: desk.ActorCommand, Via: "test"}
)

const number, token = "1555000", "EAA-token"

// world is a house that takes files in from a simulated WhatsApp.
type world struct {
	*store.Store
	vault   *vault.Vault
	inboxes *directory.Directory
	sim     *simulator.Simulator
	worker  *inbound.Worker
	files   *files.Files
	blobs   *blob.Store
	dir     string
	clock   *storetest.Clock
	to      *directory.Entry
	body    atomic.Pointer[[]desk.Arrival]
	url     string
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) { fn(t, newWorld(t, url)) })
}

func newWorld(t *testing.T, url string) *world {
	t.Helper()
	c := storetest.NewClock(noon)
	w := &world{Store: storetest.Open(t, url, c.Now), clock: c, url: url, dir: filepath.Join(t.TempDir(), "files")}
	var err error
	w.vault, err = vault.Open(t.Context(), vault.Config{
		URL: "sqlite:" + filepath.Join(t.TempDir(), "vault.db"), RootKey: key(strings.Repeat("k", 32)), Clock: c.Now,
	})
	must(t, err)
	t.Cleanup(func() { _ = w.vault.Close() })
	log := slog.New(slog.DiscardHandler)
	w.sim = simulator.New(simulator.Config{
		AccessToken: token, Clock: c.Now, Log: log,
		Numbers:   []simulator.Number{{PhoneNumberID: number, WABA: "2", DisplayPhone: "+49 30 0000001", VerifiedName: "Muster"}},
		Customers: []simulator.NewCustomer{{ID: "anna", Name: "Anna", Phone: "+49 1570 0000001"}},
	})
	t.Cleanup(w.sim.Close)
	server := httptest.NewServer(w.sim.Handler())
	t.Cleanup(server.Close)
	w.inboxes, err = directory.New(t.Context(), w.Store, w.vault)
	must(t, err)
	w.furnish(t, server.URL)
	w.worker = inbound.New(w.Store, w.vault, w.inboxes, w, w, log)
	w.blobs, err = blob.New(w.dir)
	must(t, err)
	client := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(client.CloseIdleConnections)
	w.files = files.New(files.Place{
		Store: w.Store, Vault: w.vault, Inboxes: w.inboxes, Blobs: w.blobs, Source: channel.NewFiles(client),
		Openings: audit.NewOpenings(w.Store), Read: channel.Details, Taken: channel.Taken, Log: log,
	})
	return w
}

// furnish makes the one Inbox there is.
func (w *world) furnish(t *testing.T, graphURL string) {
	t.Helper()
	ctx, c, id := context.Background(), desk.NewID[desk.Controller](), desk.NewID[desk.Inbox]()
	must(t, w.vault.AddController(ctx, c))
	sealed, err := vault.Seal(ctx, w.vault, vault.ControllerOwner(c), vault.SecretsPlace(id), desk.InboxSecrets{AccessToken: key(token)})
	must(t, err)
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		if err := tx.AddController(ctx, rows.AddControllerParams{ID: c, Name: "Muster AG", Facts: "{}", CreatedAt: tx.Stamp()}); err != nil {
			return err
		}
		return tx.AddInbox(ctx, rows.AddInboxParams{
			ID: id, Controller: c, Channel: desk.ChannelWhatsApp, Name: "Service", PhoneNumberID: number, WabaID: "2",
			GraphUrl: graphURL, GraphVersion: "v25.0", Auth: desk.AuthMeta, Secrets: sealed, CreatedAt: tx.Stamp(),
		})
	}))
	w.to, err = w.inboxes.Inbox(ctx, id)
	must(t, err)
}

// Decode gives what was sent last.
func (w *world) Decode([]byte) ([]desk.Arrival, error) { return *w.body.Load(), nil }

// Processed and SetAside are what a meter is told.
func (w *world) Processed(int, int, int, time.Duration) {}
func (w *world) Dropped(string, int)                    {}
func (w *world) SetAside(int)                           {}

// send lets the customer send a file, and takes the Message in.
func (w *world) send(t *testing.T, kind string, f *simulator.InboundFile) desk.Message {
	t.Helper()
	view, err := w.sim.Send("anna", number, simulator.Inbound{Kind: kind, File: f})
	must(t, err)
	return w.take(t, kind, view.ID, string(view.Payload), "")
}

// take takes a Message in as the Provider tells it.
func (w *world) take(t *testing.T, kind, wamid, payload, about string) desk.Message {
	t.Helper()
	raw, err := json.Marshal(map[string]any{"id": wamid, "type": kind, "from": "4915700000001", kind: json.RawMessage(payload)})
	must(t, err)
	w.body.Store(&[]desk.Arrival{{PhoneNumberID: number, Message: &desk.ArrivedMessage{
		Wamid: text(wamid), From: []desk.Alias{{Kind: desk.IdentityPhone, Value: text("+4915700000001")}}, At: w.Now(), Kind: desk.Kind(kind),
		Content: desk.Content{Raw: text(string(raw))}, About: text(about), File: about == "",
	}}})
	d := desk.Delivery{ID: desk.NewID[desk.Delivery](), Inbox: w.to.ID, ReceivedAt: w.Now(), Day: w.vault.Day(w.Now())}
	must(t, w.vault.EnsureDay(t.Context(), d.Day))
	d.Body, err = vault.Seal(t.Context(), w.vault, vault.DayOwner(d.Day), vault.BodyPlace(d.ID), []byte(wamid))
	must(t, err)
	must(t, w.Update(t.Context(), func(tx *store.Tx) error {
		if err := tx.AddDeliveries(t.Context(), []desk.Delivery{d}); err != nil {
			return err
		}
		return queue.Enqueue(t.Context(), tx, queue.Inbound(w.to.ID), desk.Job{Ordinal: w.Now().UnixMilli(), Ref: d.ID})
	}))
	digest, err := w.vault.Digest(t.Context(), w.to.Inbox.Controller, "wamid", w.to.ID[:], []byte(wamid))
	must(t, err)
	var found []desk.Message
	w.run(t, inbound.Kind, w.worker.Work, func() bool {
		found, err = w.FindNamed(context.Background(), [][]byte{digest})
		must(t, err)
		return len(found) == 1
	})
	return found[0]
}

// run works the lanes of a kind until ok.
func (w *world) run(t *testing.T, kind string, work queue.Work, ok func() bool) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	r := queue.NewRunner(w.Store, queue.Config{Kind: kind, Node: "one", Batch: 1, Parallel: 4, Poll: 2 * time.Millisecond,
		Log: slog.New(slog.DiscardHandler)}, work)
	go func() { ended <- r.Run(ctx) }()
	defer func() { stop(); must(t, <-ended) }()
	for deadline := time.Now().Add(20 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("lanes of kind %s: it never came to that", kind)
		}
	}
}

func (w *world) attachment(t *testing.T, m desk.Message) desk.Attachment {
	t.Helper()
	row, err := w.Read().GetAttachment(context.Background(), m.ID)
	must(t, err)
	return store.AttachmentOf(row)
}

// fetch works until the file of a Message came to a state, or was tried so often.
func (w *world) fetch(t *testing.T, m desk.Message, state desk.AttachmentState, tries int) desk.Attachment {
	t.Helper()
	var a desk.Attachment
	w.run(t, files.Kind, w.files.Work, func() bool {
		a = w.attachment(t, m)
		return a.State == state && a.Tries >= tries
	})
	return a
}

// content reads the whole file of a Message.
func (w *world) content(t *testing.T, m desk.Message) (*desk.OpenFile, []byte) {
	t.Helper()
	f, err := w.files.File(t.Context(), who, everything, m.ID)
	must(t, err)
	b, err := io.ReadAll(f.Content)
	must(t, err)
	must(t, f.Content.Close())
	return f, b
}

func pdf(name string) *simulator.InboundFile {
	return &simulator.InboundFile{Name: name, MIME: "application/pdf", Data: fmt.Appendf(nil, "%%PDF-1.4\n%s", strings.Repeat("Kostenvoranschlag ", 9000))}
}
