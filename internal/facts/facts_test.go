package facts_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"botschaft/internal/desk"
	"botschaft/internal/facts"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// noon is when every test begins.
var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

const offers = "Neues zu unseren Tarifen"

// world is a house with a Contact about whom much is known.
type world struct {
	*store.Store
	clock      *storetest.Clock
	url        string
	controller desk.ControllerID
	inbox      desk.InboxID
	contact    desk.ContactID
	identity   desk.IdentityID
	in         desk.ConversationID
}

// each runs fn on each engine in a world of its own.
func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) { fn(t, newWorld(t, url)) })
}

func newWorld(t testing.TB, url string) *world {
	t.Helper()
	ctx, c := context.Background(), storetest.NewClock(noon)
	w := &world{
		Store: storetest.Open(t, url, c.Now), clock: c, url: url, controller: desk.NewID[desk.Controller](), inbox: desk.NewID[desk.Inbox](),
		contact: desk.NewID[desk.Contact](), identity: desk.NewID[desk.Identity](), in: desk.NewID[desk.Conversation](),
	}
	sealed := []byte("sealed by nobody here")
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		if err := tx.AddController(ctx, rows.AddControllerParams{ID: w.controller, Name: "Muster", Facts: "{}", CreatedAt: tx.Stamp()}); err != nil {
			return err
		}
		if err := tx.AddInbox(ctx, rows.AddInboxParams{
			ID: w.inbox, Controller: w.controller, Channel: desk.ChannelWhatsApp, Name: "Service", PhoneNumberID: "1001", WabaID: "2",
			GraphUrl: "https://graph.example", GraphVersion: "v25.0", Auth: desk.AuthMeta, Secrets: private.SealedBytes[desk.InboxSecrets](sealed), CreatedAt: tx.Stamp(),
		}); err != nil {
			return err
		}
		if err := tx.AddContacts(ctx, []desk.Contact{{
			ID: w.contact, Controller: w.controller, CreatedAt: noon, Profile: private.SealedBytes[desk.Profile](sealed),
		}}); err != nil {
			return err
		}
		return tx.AddConversations(ctx, []desk.Conversation{{
			ID: w.in, Controller: w.controller, Inbox: w.inbox, Contact: w.contact, OpenedAt: noon, LastAt: noon, WindowOpened: noon,
		}})
	}))
	storetest.Furnish(t, w.Store, w.controller, w.inbox)
	storetest.Show(t, w.Store, w.contact, w.inbox)
	w.agrees(t)
	return w
}

// agrees writes a complete grant into the Ledger.
func (w *world) agrees(t testing.TB) {
	t.Helper()
	ctx := context.Background()
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.AddConsent(ctx, desk.ConsentEntry{
			Controller: w.controller, Contact: w.contact, Step: desk.ConsentGranted, Ground: desk.GroundConsent, Purpose: offers, Means: desk.MeansPaper, Paper: "cd",
			Identity: w.identity, Wording: desk.Wording{Digest: "ab", Version: "1", Language: "de"},
			Asked: desk.NewID[desk.Message](), Answer: desk.NewID[desk.Message](), Actor: desk.Actor{Kind: desk.ActorSystem, Via: "test"},
		})
		return err
	}))
}

// question is the one with the longest answer: about advertising, the Ledger is read too.
func (w *world) question() facts.Question {
	return facts.Question{
		Now: w.Now(), Controller: w.controller, Inbox: w.inbox, Channel: desk.ChannelWhatsApp, Contact: w.contact, Conversation: w.in,
		Purpose: offers, Unasked: true,
	}
}

func (w *world) ask(t testing.TB, r *facts.Registers) facts.Known {
	t.Helper()
	k, err := r.Ask(context.Background(), w.Read(), w.question())
	must(t, err)
	return k
}

// counting counts the statements that are run.
type counting struct {
	*sql.DB
	n int
}

func (c *counting) ExecContext(ctx context.Context, q string, args ...any) (sql.Result, error) {
	c.n++
	return c.DB.ExecContext(ctx, q, args...)
}

func (c *counting) QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	c.n++
	return c.DB.QueryContext(ctx, q, args...)
}

func (c *counting) QueryRowContext(ctx context.Context, q string, args ...any) *sql.Row {
	c.n++
	return c.DB.QueryRowContext(ctx, q, args...)
}

// Whoever knows the register asks three statements at most, and two where nothing unasked is
// sent: there is no reason to decide on less than all of it (GDPR Art. 5(2)).
func TestAskRunsThreeStatements(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		db := &counting{DB: storetest.Beside(t, w.url)}
		q, r := rows.New(db), facts.NewRegisters()
		runs := func(what string, ask facts.Question, want int) {
			t.Helper()
			before := db.n
			k, err := r.Ask(t.Context(), q, ask)
			must(t, err)
			if n := db.n - before; n != want {
				t.Errorf("%s: %d statements", what, n)
			}
			if !k.Shown || !k.HasPurpose || len(k.Notices) != 2 || len(k.Incomplete) != 0 || !k.MayTransfer || !k.WindowUntil.Equal(noon.Add(desk.WindowLength)) {
				t.Errorf("%s: known is %+v", what, k)
			}
			if ask.Unasked != k.Consent.Stands {
				t.Errorf("%s: the consent is %+v", what, k.Consent)
			}
		}
		answer := w.question()
		answer.Purpose, answer.Unasked = "", false
		runs("the first time", w.question(), 6)
		runs("advertising", w.question(), 3)
		runs("an answer", answer, 2)
		storetest.Activate(t, w.Store, w.controller, w.inbox, 2, false)
		runs("after a change", answer, 5)
		runs("after that", answer, 2)
	})
}

// A change of the register counts for the very next question, on this node and on every
// other: nothing is decided on a register of yesterday (GDPR Art. 5(2), 25(1)).
func TestAChangeIsSeenAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		here, there := facts.NewRegisters(), facts.NewRegisters()
		carrier := desk.NewID[desk.RegisterEntry]()
		entry := desk.RegisterEntry{Controller: w.controller, Kind: desk.RegisterRecipient, Subject: carrier, Active: true}
		abroad := func() desk.Recipient {
			_, r := storetest.Papers()
			r.Name, r.Country = "Carrier Inc.", "US"
			r.Transfer = desk.Transfer{Mechanism: desk.TransferDPF, Checked: "2026-11-01", CheckedBy: "Einkauf", Source: "https://list.example"}
			return r
		}
		policies := desk.DefaultPolicies()
		own := func(kind desk.RegisterKind, active bool) desk.RegisterEntry {
			return desk.RegisterEntry{Controller: w.controller, Kind: kind, Subject: desk.RegisterID(w.controller), Active: active}
		}
		for _, c := range []struct {
			what string
			do   func()
			seen func(k facts.Known) bool
		}{
			{"at first", func() {}, func(k facts.Known) bool { return k.Shown && len(k.Incomplete) == 0 && k.MayTransfer && !k.FactsLack }},
			{"a recipient more", func() {
				r := abroad()
				r.ReviewBy = ""
				storetest.Enter(t, w.Store, entry, r)
			}, func(k facts.Known) bool { return slices.Equal(k.Incomplete, []string{"Carrier Inc."}) }},
			{"its facts", func() { storetest.Enter(t, w.Store, entry, abroad()) }, func(k facts.Known) bool { return len(k.Incomplete) == 0 && k.MayTransfer }},
			{"the framework", func() {
				storetest.Enter(t, w.Store, own(desk.RegisterFramework, false), desk.Framework{Reason: "judgment"})
			},
				func(k facts.Known) bool { return !k.MayTransfer }},
			{"a policy", func() {
				policies.DPFInvalid = desk.DPFWarn
				storetest.Enter(t, w.Store, own(desk.RegisterPolicies, true), policies)
			}, func(k facts.Known) bool { return k.MayTransfer && k.Policies.DPFInvalid == desk.DPFWarn }},
			{"new words of the notice", func() { storetest.Activate(t, w.Store, w.controller, w.inbox, 2, false) },
				func(k facts.Known) bool { return k.Shown && k.Notices[0].Version == 2 }},
			{"another matter of it", func() { storetest.Activate(t, w.Store, w.controller, w.inbox, 3, true) },
				func(k facts.Known) bool { return !k.Shown && k.Notices[0].Version == 3 }},
			{"a controller without an office", func() {
				f, _ := storetest.Papers()
				f.DPO = desk.Office{}
				storetest.Enter(t, w.Store, own(desk.RegisterController, true), f)
			}, func(k facts.Known) bool { return k.FactsLack }},
		} {
			w.clock.Add(time.Millisecond)
			c.do()
			for node, r := range map[string]*facts.Registers{"here": here, "there": there, "of a node that starts now": facts.NewRegisters()} {
				if k := w.ask(t, r); !c.seen(k) {
					t.Errorf("%s is not seen %s: %+v", c.what, node, k)
				}
			}
		}
	})
}

// What is asked within a transaction is what the transaction has changed.
func TestAChangeIsSeenWithinItsTransaction(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := facts.NewRegisters()
		w.ask(t, r)
		undone := errors.New("undone on purpose")
		err := w.Update(t.Context(), func(tx *store.Tx) error {
			if err := tx.AddNotices(t.Context(), desk.Notice{
				ID: desk.NewID[desk.Notice](), Controller: w.controller, Inbox: w.inbox, Version: 2, Language: "de", Tone: "sie", Digest: "ef", Long: "[]", Material: true,
			}); err != nil {
				return err
			}
			k, err := r.Ask(t.Context(), tx.Queries, w.question())
			if err == nil && k.Shown {
				t.Error("the transaction does not see what it did")
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		if k := w.ask(t, r); !k.Shown || k.Notices[0].Version != 1 {
			t.Errorf("what was undone counts: %+v", k)
		}
	})
}

// A database that was set back under a running node counts anew: what was known of the same
// count before is not what the register says now (GDPR Art. 5(2)).
func TestARegisterThatWasSetBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := facts.NewRegisters()
		w.ask(t, r)
		storetest.Activate(t, w.Store, w.controller, w.inbox, 2, false)
		if k := w.ask(t, r); !k.Shown || k.Notices[0].Version != 2 {
			t.Fatalf("known is %+v", k)
		}
		storetest.Execute(t, w.url, "DELETE FROM notice WHERE version = 2")
		storetest.Execute(t, w.url, "UPDATE controller SET register = register - 1")
		if k := w.ask(t, r); k.Notices[0].Version != 1 {
			t.Errorf("set back: %+v", k)
		}
		storetest.Activate(t, w.Store, w.controller, w.inbox, 2, true)
		if k := w.ask(t, r); k.Shown || !k.Notices[0].Material {
			t.Errorf("another second version is not seen: %+v", k)
		}
	})
}

// Another node's clock may be ahead: what it wrote into the Ledger has happened, whatever time
// it is here (GDPR Art. 7(3), 21(3)).
func TestAWithdrawalByAClockThatIsAhead(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := facts.NewRegisters()
		if k := w.ask(t, r); !k.Consent.Allows() {
			t.Fatalf("the consent is %+v", k.Consent)
		}
		w.clock.Add(3 * time.Second)
		must(t, w.Update(t.Context(), func(tx *store.Tx) error {
			_, err := tx.AddConsent(t.Context(), desk.ConsentEntry{
				Controller: w.controller, Contact: w.contact, Step: desk.ConsentWithdrawn, Means: desk.MeansWord, Actor: desk.Actor{Kind: desk.ActorSystem, Via: "test"},
			})
			return err
		}))
		w.clock.Add(-3 * time.Second)
		if k := w.ask(t, r); k.Consent.Allows() || k.Consent.By.Step != desk.ConsentWithdrawn {
			t.Errorf("the consent is %+v", k.Consent)
		}
	})
}
