package hook_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/hook"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
	"botschaft/internal/vault"
	"botschaft/internal/whatsapp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// door is a served hook with one Inbox per mode of authentication.
type door struct {
	store   *store.Store
	vault   *vault.Vault
	server  *httptest.Server
	inboxes map[desk.AuthMode]desk.InboxID

	directory *directory.Directory
	mu        sync.Mutex
	dropped   map[string]int
}

func (d *door) drop(field string, n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.dropped[field] += n
}

var secrets = desk.InboxSecrets{
	AppSecrets:   []private.Key{key("the new secret"), key("the old secret")},
	VerifyTokens: []private.Key{key("new token"), key("old token")},
	AccessToken:  key("access"),
}

func key(s string) private.Key { return private.NewKey([]byte(s)) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func openDoor(t *testing.T, s *store.Store) *door {
	t.Helper()
	ctx := t.Context()
	v, err := vault.Open(ctx, vault.Config{
		URL: "sqlite:" + filepath.Join(t.TempDir(), "vault.db"), RootKey: key(strings.Repeat("k", 32)), Clock: s.Now,
	})
	must(t, err)
	t.Cleanup(func() { _ = v.Close() })
	d := &door{store: s, vault: v, inboxes: map[desk.AuthMode]desk.InboxID{}, dropped: map[string]int{}}
	controller := desk.NewID[desk.Controller]()
	must(t, v.AddController(ctx, controller))
	must(t, s.Update(ctx, func(tx *store.Tx) error {
		return tx.AddController(ctx, rows.AddControllerParams{ID: controller, Name: "Muster Versicherung AG", Facts: "{}", CreatedAt: tx.Stamp()})
	}))
	for _, mode := range []desk.AuthMode{desk.AuthMeta, desk.AuthD360, desk.AuthHeader} {
		d.inboxes[mode] = addInbox(t, s, v, controller, mode)
	}
	inboxes, err := directory.New(ctx, s, v)
	must(t, err)
	d.directory = inboxes
	log := slog.New(slog.DiscardHandler)
	intake := hook.NewIntake(s)
	mux := http.NewServeMux()
	hook.New(inboxes, v, intake, d.drop, log).Routes(mux)
	d.server = httptest.NewServer(mux)
	running, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- intake.Run(running) }()
	t.Cleanup(func() {
		d.server.CloseClientConnections()
		d.server.Close()
		stop()
		must(t, <-ended)
	})
	return d
}

func addInbox(t *testing.T, s *store.Store, v *vault.Vault, c desk.ControllerID, mode desk.AuthMode) desk.InboxID {
	t.Helper()
	ctx := t.Context()
	id := desk.NewID[desk.Inbox]()
	sealed, err := vault.Seal(ctx, v, vault.ControllerOwner(c), vault.SecretsPlace(id), secrets)
	must(t, err)
	must(t, s.Update(ctx, func(tx *store.Tx) error {
		return tx.AddInbox(ctx, rows.AddInboxParams{
			ID: id, Controller: c, Channel: desk.ChannelWhatsApp, Name: string(mode), PhoneNumberID: "1" + id.String(), WabaID: "2",
			GraphUrl: "https://graph.example", GraphVersion: "v25.0", Auth: mode, Secrets: sealed, CreatedAt: tx.Stamp(),
		})
	}))
	return id
}

func (d *door) path(mode desk.AuthMode) string { return "/hooks/whatsapp/" + d.inboxes[mode].String() }

// post gives status and answer.
func (d *door) post(t testing.TB, path, body string, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, d.server.URL+path, strings.NewReader(body))
	must(t, err)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return d.do(t, r)
}

func (d *door) do(t testing.TB, r *http.Request) (*http.Response, string) {
	t.Helper()
	answer, err := d.server.Client().Do(r)
	must(t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	must(t, err)
	return answer, string(text)
}

// kept gives the bodies that wait to be processed in an Inbox's lane, opened.
func (d *door) kept(t testing.TB, mode desk.AuthMode) []string {
	t.Helper()
	ctx := context.Background()
	jobs, err := d.store.Read().ListJobs(ctx, rows.ListJobsParams{Lane: "inbound/" + d.inboxes[mode].String(), Page: 1000})
	must(t, err)
	var bodies []string
	for _, row := range jobs {
		id := desk.DeliveryID(store.JobOf(row).Ref)
		found, err := d.store.FindDeliveries(ctx, []desk.DeliveryID{id})
		must(t, err)
		delivery := found[id]
		body, err := vault.OpenOne(ctx, d.vault, vault.ReasonProcess, vault.DayOwner(delivery.Day), vault.BodyPlace(id), delivery.Body)
		must(t, err)
		bodies = append(bodies, string(body))
	}
	return bodies
}

func TestHandshake(t *testing.T) {
	storetest.Each(t, nil, func(t *testing.T, s *store.Store) {
		d := openDoor(t, s)
		known := d.path(desk.AuthMeta)
		for name, c := range map[string]struct {
			path, query string
			status      int
		}{
			"the new token":        {known, "?hub.mode=subscribe&hub.challenge=4711&hub.verify_token=new+token", 200},
			"the old token":        {known, "?hub.mode=subscribe&hub.challenge=4711&hub.verify_token=old+token", 200},
			"a wrong token":        {known, "?hub.mode=subscribe&hub.challenge=4711&hub.verify_token=no+token", 403},
			"a token cut short":    {known, "?hub.mode=subscribe&hub.challenge=4711&hub.verify_token=new", 403},
			"a token in capitals":  {known, "?hub.mode=subscribe&hub.challenge=4711&hub.verify_token=NEW+TOKEN", 403},
			"no token":             {known, "?hub.mode=subscribe&hub.challenge=4711", 403},
			"another mode":         {known, "?hub.mode=unsubscribe&hub.challenge=4711&hub.verify_token=new+token", 403},
			"nothing at all":       {known, "", 403},
			"an unknown inbox":     {"/hooks/whatsapp/" + desk.NewID[desk.Inbox]().String(), "?hub.mode=subscribe&hub.verify_token=new+token", 404},
			"what is no inbox":     {"/hooks/whatsapp/x", "?hub.mode=subscribe&hub.verify_token=new+token", 404},
			"an unknown inbox 404": {"/hooks/whatsapp/" + desk.InboxID{}.String(), "", 404},
		} {
			r, err := http.NewRequest(http.MethodGet, d.server.URL+c.path+c.query, nil)
			must(t, err)
			answer, text := d.do(t, r)
			if answer.StatusCode != c.status || (c.status == 200) != (text == "4711") {
				t.Errorf("%s: got %d %q", name, answer.StatusCode, text)
			}
			if !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/plain") {
				t.Errorf("%s: a challenge must not be served as %s", name, answer.Header.Get("Content-Type"))
			}
		}
	})
}

const body = `{"object":"whatsapp_business_account","entry":[{"id":"2","changes":[{"value":"\u00e4 \/"}]}]}`

func TestProofs(t *testing.T) {
	storetest.Each(t, nil, func(t *testing.T, s *store.Store) {
		d := openDoor(t, s)
		fresh, old := []byte("the new secret"), []byte("the old secret")
		meta := func(secret []byte) string { return whatsapp.Sign(secret, []byte(body)) }
		bare := func(secret []byte) string { return strings.TrimPrefix(meta(secret), "sha256=") }
		const metaHeader, d360Header = "X-Hub-Signature-256", "X-360dialog-Signature"
		for name, c := range map[string]struct {
			mode          desk.AuthMode
			header, proof string
			status        int
		}{
			"meta, new secret":             {desk.AuthMeta, metaHeader, meta(fresh), 200},
			"meta, old secret":             {desk.AuthMeta, metaHeader, meta(old), 200},
			"meta, unsigned":               {desk.AuthMeta, "X-Nothing", "1", 401},
			"meta, forged":                 {desk.AuthMeta, metaHeader, meta([]byte("guess")), 401},
			"meta, empty secret":           {desk.AuthMeta, metaHeader, meta(nil), 401},
			"meta, in capitals":            {desk.AuthMeta, metaHeader, strings.ToUpper(meta(fresh)), 401},
			"meta, capital digits":         {desk.AuthMeta, metaHeader, "sha256=" + strings.ToUpper(bare(fresh)), 401},
			"meta, without its prefix":     {desk.AuthMeta, metaHeader, bare(fresh), 401},
			"meta, cut short":              {desk.AuthMeta, metaHeader, meta(fresh)[:40], 401},
			"meta, by the secret itself":   {desk.AuthMeta, hook.SecretHeader, string(fresh), 401},
			"360dialog, new secret":        {desk.AuthD360, d360Header, bare(fresh), 200},
			"360dialog, old secret":        {desk.AuthD360, d360Header, bare(old), 200},
			"360dialog, forged":            {desk.AuthD360, d360Header, bare([]byte("guess")), 401},
			"360dialog, by meta's header":  {desk.AuthD360, metaHeader, meta(fresh), 401},
			"header, new secret":           {desk.AuthHeader, hook.SecretHeader, string(fresh), 200},
			"header, old secret":           {desk.AuthHeader, hook.SecretHeader, string(old), 200},
			"header, wrong":                {desk.AuthHeader, hook.SecretHeader, "the wrong secret", 401},
			"header, in capitals":          {desk.AuthHeader, hook.SecretHeader, strings.ToUpper(string(fresh)), 401},
			"header, cut short":            {desk.AuthHeader, hook.SecretHeader, "the new", 401},
			"header, missing":              {desk.AuthHeader, "X-Nothing", "1", 401},
			"header, by meta's signature":  {desk.AuthHeader, metaHeader, meta(fresh), 401},
			"meta, by 360dialog's header ": {desk.AuthMeta, d360Header, bare(fresh), 401},
		} {
			before := len(d.kept(t, c.mode))
			answer, text := d.post(t, d.path(c.mode), body, c.header, c.proof)
			if answer.StatusCode != c.status {
				t.Errorf("%s: got %d %q", name, answer.StatusCode, text)
			}
			kept := d.kept(t, c.mode)
			if stored := len(kept) - before; stored != 0 && c.status != 200 || stored != 1 && c.status == 200 {
				t.Errorf("%s: %d deliveries were stored", name, stored)
			}
			if c.status == 200 && len(kept) > 0 && kept[len(kept)-1] != body {
				t.Errorf("%s: the body was not kept byte for byte", name)
			}
		}
		path := "/hooks/whatsapp/" + desk.NewID[desk.Inbox]().String()
		if answer, _ := d.post(t, path, body, metaHeader, meta(fresh)); answer.StatusCode != 404 {
			t.Errorf("an unknown inbox: got %d", answer.StatusCode)
		}
		tampered := strings.Replace(body, "2", "3", 1)
		if answer, _ := d.post(t, d.path(desk.AuthMeta), tampered, metaHeader, meta(fresh)); answer.StatusCode != 401 {
			t.Errorf("a tampered body: got %d", answer.StatusCode)
		}
	})
}

// Meta would send again for days what is not answered with 200.
func TestMalformedBodiesAreKept(t *testing.T) {
	storetest.Each(t, nil, func(t *testing.T, s *store.Store) {
		d := openDoor(t, s)
		for _, bad := range []string{"", "{", "null", "\x00\xff", strings.Repeat("[", 10_000)} {
			answer, _ := d.post(t, d.path(desk.AuthMeta), bad, "X-Hub-Signature-256", whatsapp.Sign([]byte("the new secret"), []byte(bad)))
			if answer.StatusCode != 200 {
				t.Errorf("%.10q: got %d", bad, answer.StatusCode)
			}
		}
		if n := len(d.kept(t, desk.AuthMeta)); n != 5 {
			t.Errorf("%d of 5 were kept", n)
		}
	})
}

// The chats and the address book of a telephone are acknowledged, counted and kept by nobody,
// not even sealed; what came beside them is.
func TestCoexistenceIsNotKept(t *testing.T) {
	storetest.Each(t, nil, func(t *testing.T, s *store.Store) {
		d := openDoor(t, s)
		send := func(body string) {
			t.Helper()
			answer, _ := d.post(t, d.path(desk.AuthMeta), body, "X-Hub-Signature-256", whatsapp.Sign([]byte("the new secret"), []byte(body)))
			if answer.StatusCode != 200 {
				t.Errorf("got %d", answer.StatusCode)
			}
		}
		const book = `{"field":"smb_app_state_sync","value":{"state_sync":[{"type":"contact","contact":{"full_name":"Tante Canary"}}]}}`
		const chats = `{"value":{"history":[{"threads":[{"messages":[{"text":{"body":"Privates Canary"}}]}]}]},"field":"history"}`
		const said = `{"field":"messages","value":{"messages":[{"text":{"body":"an \"history\" of it"}}]}}`
		body := func(changes ...string) string {
			return `{"object":"whatsapp_business_account","entry":[{"id":"2","changes":[` + strings.Join(changes, ",") + `]}]}`
		}
		send(body(book))
		send(body(chats, book))
		if kept := d.kept(t, desk.AuthMeta); len(kept) != 0 {
			t.Errorf("kept %q", kept)
		}
		send(body(chats, said))
		send(body(said))
		kept := d.kept(t, desk.AuthMeta)
		if len(kept) != 2 || strings.Contains(kept[0]+kept[1], "Canary") || !strings.Contains(kept[0], `an \"history\" of it`) || kept[1] != body(said) {
			t.Errorf("kept %q", kept)
		}
		if d.dropped["history"] != 2 || d.dropped["smb_app_state_sync"] != 2 || len(d.dropped) != 2 {
			t.Errorf("counted %v", d.dropped)
		}
	})
}

// Where coexistence is on, what is written in the app comes in, and neither chats of before nor
// the address book; of another Inbox's number nothing does.
func TestCoexistenceIsSwitchedOn(t *testing.T) {
	storetest.Each(t, nil, func(t *testing.T, s *store.Store) {
		d := openDoor(t, s)
		on := d.inboxes[desk.AuthMeta]
		must(t, s.Update(t.Context(), func(tx *store.Tx) error {
			_, err := tx.AddCoexistence(t.Context(), rows.AddCoexistenceParams{Inbox: on, At: tx.Stamp(), Actor: "agent", Reason: "Außendienst"})
			return err
		}))
		must(t, d.directory.Refresh(t.Context()))
		change := func(field string, inbox desk.InboxID) string {
			return `{"field":"` + field + `","value":{"metadata":{"phone_number_id":"1` + inbox.String() + `"},"x":"Canary"}}`
		}
		send := func(change string) int {
			t.Helper()
			body := `{"object":"whatsapp_business_account","entry":[{"id":"2","changes":[` + change + `]}]}`
			d.post(t, d.path(desk.AuthMeta), body, "X-Hub-Signature-256", whatsapp.Sign([]byte("the new secret"), []byte(body)))
			return len(d.kept(t, desk.AuthMeta))
		}
		for _, of := range []string{change("history", on), change("smb_app_state_sync", on), change("smb_message_echoes", d.inboxes[desk.AuthD360])} {
			if n := send(of); n != 0 {
				t.Errorf("kept %s", of)
			}
		}
		if n := send(change("smb_message_echoes", on)); n != 1 {
			t.Error("an echo was not kept")
		}
	})
}

func TestLongBodies(t *testing.T) {
	storetest.Each(t, nil, func(t *testing.T, s *store.Store) {
		d := openDoor(t, s)
		for _, c := range []struct{ length, status int }{{hook.MaxBody, 200}, {hook.MaxBody + 1, 413}, {3 * hook.MaxBody, 413}} {
			long := strings.Repeat(" ", c.length)
			// Without a length beforehand, so that the body itself must be counted.
			r, err := http.NewRequest(http.MethodPost, d.server.URL+d.path(desk.AuthHeader), io.MultiReader(strings.NewReader(long)))
			must(t, err)
			r.Header.Set(hook.SecretHeader, "the new secret")
			if answer, _ := d.do(t, r); answer.StatusCode != c.status {
				t.Errorf("%d bytes: got %d", c.length, answer.StatusCode)
			}
		}
		if n := len(d.kept(t, desk.AuthHeader)); n != 1 {
			t.Errorf("%d deliveries were stored", n)
		}
	})
}

// Whoever cannot prove anything gets no byte of the body read.
func TestUnsignedBodiesAreNotRead(t *testing.T) {
	s := storetest.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "botschaft.db"), nil)
	d := openDoor(t, s)
	inboxes, err := directory.New(t.Context(), s, d.vault)
	must(t, err)
	mux := http.NewServeMux()
	hook.New(inboxes, d.vault, hook.NewIntake(s), d.drop, slog.New(slog.DiscardHandler)).Routes(mux)
	r := httptest.NewRequest(http.MethodPost, d.path(desk.AuthMeta), unreadable{t})
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	if w.Code != http.StatusUnauthorized {
		t.Errorf("got %d", w.Code)
	}
}

type unreadable struct{ t *testing.T }

func (u unreadable) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, io.EOF
}
