package audit_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"botschaft/internal/audit"
	"botschaft/internal/auth"
	"botschaft/internal/channel"
	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/evidence"
	"botschaft/internal/inbound"
	"botschaft/internal/inbox"
	"botschaft/internal/outbound"
	"botschaft/internal/oversight"
	"botschaft/internal/policy"
	"botschaft/internal/private"
	"botschaft/internal/queue"
	"botschaft/internal/settings"
	"botschaft/internal/store"
	"botschaft/internal/storetest"
	"botschaft/internal/tasks"
	"botschaft/internal/vault"
)

// house is a whole one around the log, in which every act can happen.
type house struct {
	*channel.WhatsApp
	*world
	vault    *vault.Vault
	settings *settings.Settings
	people   *auth.People
	inboxes  *directory.Directory
	gate     *outbound.Gate
	desk     *inbox.Inbox
	worker   *inbound.Worker

	controller   desk.ControllerID
	admin        inbox.Viewer
	inbox        desk.InboxID
	conversation desk.ConversationID
	secrets      []string // that were made on the way

	mu   sync.Mutex
	fail *desk.SendError // how the Provider answers; nil: it accepts
}

var shell = desk.Actor{Kind: desk.ActorCommand, Via: "test"}

func text(s string) private.Text { return private.NewText(s) }
func key(s string) private.Key   { return private.NewKey([]byte(s)) }

func openHouse(t *testing.T, w *world) *house {
	t.Helper()
	h := &house{world: w}
	var err error
	h.vault, err = vault.Open(t.Context(), vault.Config{
		URL: "sqlite:" + filepath.Join(t.TempDir(), "vault.db"), RootKey: key(strings.Repeat("k", 32)), Clock: w.clock.Now,
	})
	must(t, err)
	t.Cleanup(func() { _ = h.vault.Close() })
	h.settings, h.people = settings.New(w.Store, h.vault, auth.NewHasher()), auth.NewPeople(w.Store, h.vault)
	h.inboxes, err = directory.New(t.Context(), w.Store, h.vault)
	must(t, err)
	h.gate = outbound.New(w.Store, h.vault, h.inboxes, h, h, outbound.Place{Node: "one"}, silent)
	h.desk = inbox.New(w.Store, h.vault, h.inboxes, h.gate, audit.NewOpenings(w.Store), channel.Details, silent)
	h.worker = inbound.New(w.Store, h.vault, h.inboxes, h, h, silent)
	return h
}

// Send answers as the Provider does.
func (h *house) Send(context.Context, desk.Outgoing, policy.Permit) (desk.Receipt, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.fail != nil {
		return desk.Receipt{}, h.fail
	}
	return desk.Receipt{Wamid: text(canaryWamid + ".out")}, nil
}

func (h *house) fails(e *desk.SendError) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.fail = e
}

// Decode gives one Message, and three items that stand in the way.
func (h *house) Decode([]byte) ([]desk.Arrival, error) {
	out := []desk.Arrival{{Path: "entry[0]", PhoneNumberID: "4711", Message: &desk.ArrivedMessage{
		Wamid: text(canaryWamid), At: h.Now(), Kind: desk.KindText, Content: desk.Content{Text: text(canaryWords)},
		From:    []desk.Alias{{Kind: desk.IdentityPhone, Value: text(canaryNumber)}, {Kind: desk.IdentityBSUID, Value: text(canaryBSUID)}},
		Profile: desk.Profile{Name: text(canaryName)},
	}}}
	for _, path := range []string{"entry[1]", "entry[2]", "entry[3]"} {
		out = append(out, desk.Arrival{Path: path, PhoneNumberID: "4711", Undecodable: true})
	}
	return out, nil
}

// Sent, Processed and SetAside are what meters are told.
func (h *house) Sent(string, time.Duration)             {}
func (h *house) Signalled(string)                       {}
func (h *house) Processed(int, int, int, time.Duration) {}
func (h *house) Dropped(string, int)                    {}
func (h *house) SetAside(int)                           {}

// run works the lanes of a kind until ok.
func (h *house) run(t *testing.T, kind string, work queue.Work, what string, ok func() bool) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	r := queue.NewRunner(h.Store, queue.Config{Kind: kind, Node: "one", Batch: 1, Parallel: 1, Lease: time.Hour, Poll: 2 * time.Millisecond, Log: silent}, work)
	go func() { ended <- r.Run(ctx) }()
	defer func() { stop(); must(t, <-ended) }()
	h.await(t, what, ok)
}

// settle is everything that is decided about a house.
func (h *house) settle(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	facts, _ := storetest.Papers()
	facts.DPO.Email = canaryEmail
	controller, admin, err := h.settings.SetUp(ctx, shell, settings.FirstSetup{
		Controller: facts,
		Email:      text(canaryEmail), Name: text(canaryAgent), Password: text(canaryPassword),
	})
	must(t, err)
	h.controller = controller
	_, err = h.settings.CreateAgent(ctx, shell, settings.NewAgent{Email: text("2" + canaryEmail), Name: text(canaryAgent), Role: desk.RoleAdmin, Password: text(canaryPassword)})
	must(t, err)
	must(t, h.settings.ResetPassword(ctx, shell, admin, text(canaryPassword)))
	made, secret, err := h.settings.CreateToken(ctx, shell, settings.NewToken{Agent: admin, Name: text(canaryAgent)})
	must(t, err)
	must(t, h.settings.RevokeToken(ctx, shell, desk.AgentID{}, made.ID))
	row, err := h.Read().GetAgent(ctx, admin)
	must(t, err)
	_, cookie, err := h.people.StartSession(ctx, auth.Entry{Agent: admin, Stored: row.Password, Rehash: text(canaryPassword)})
	must(t, err)
	who, err := auth.NewAuthenticator(h.people, h.Now).Authenticate(ctx, auth.Credentials{Session: cookie})
	must(t, err)
	h.admin = inbox.Viewer{Actor: who.Actor(), Scope: who.Scope()}
	must(t, h.people.EndSession(ctx, who))
	must(t, h.people.NoteRefusal(ctx))
	h.secrets = append(h.secrets, secret.Reveal(), cookie.Reveal())
	h.meet(t)
	h.inbox, err = h.settings.CreateWhatsAppInbox(ctx, h.admin.Actor, settings.NewInbox{
		Controller: controller, Name: "Service", PhoneNumberID: "4711", WABA: "2",
		Secrets: desk.InboxSecrets{AppSecrets: []private.Key{key(canaryApp)}, AccessToken: key(canaryAccess), VerifyTokens: []private.Key{key(canaryVerify)}},
	})
	must(t, err)
	// The reason of a pause is for circumstances: it is in the log on purpose.
	_, err = h.settings.KeepTerms(ctx, h.admin.Actor, h.controller, []byte("%PDF-1.7 signed by "+canaryAgent))
	must(t, err)
	must(t, h.settings.PauseInbox(ctx, h.admin.Actor, h.inbox, "a move"))
	must(t, h.settings.ResumeInbox(ctx, h.admin.Actor, h.inbox))
	must(t, h.settings.ReplaceSecrets(ctx, h.admin.Actor, h.inbox, desk.InboxSecrets{AppSecrets: []private.Key{key(canaryApp + "2")}}))
	must(t, h.settings.RenameInbox(ctx, h.admin.Actor, h.inbox, "Kundendienst"))
	must(t, h.settings.ChooseSignals(ctx, h.admin.Actor, h.inbox, desk.SignalsRead))
	must(t, h.inboxes.Refresh(ctx))
	h.agree(t)
	over := oversight.New(h.Store, audit.NewOpenings(h.Store), oversight.Node{})
	_, _, err = over.Entries(ctx, h.admin.Actor, desk.AuditQuery{Scope: h.admin.Scope})
	must(t, err)
	_, err = oversight.NewVerification(h.Store, audit.NewVerifier(h.Store, ours.public(), ourID), silent).Start(ctx, h.admin.Actor)
	must(t, err)
}

// agree is everything that takes two people.
func (h *house) agree(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	other, err := h.settings.FindAgent(ctx, text("2"+canaryEmail))
	must(t, err)
	colleague, p := desk.Actor{Kind: desk.ActorAgent, Agent: other, Via: auth.ViaSession}, desk.DefaultPolicies()
	ask := func(media string) desk.ApprovalID {
		p.Media = media
		id, err := h.settings.SetPolicies(ctx, h.admin.Actor, h.controller, p, text(canaryReason))
		must(t, err)
		return id
	}
	must(t, h.settings.DecideApproval(ctx, colleague, ask("all"), false, text(canaryReason)))
	must(t, h.settings.WithdrawApproval(ctx, h.admin.Actor, ask("all")))
	must(t, h.settings.DecideApproval(ctx, colleague, ask("all"), true, text(canaryReason)))
	app, err := h.settings.AskForCoexistence(ctx, h.admin.Actor, h.inbox, "a field service")
	must(t, err)
	must(t, h.settings.DecideApproval(ctx, colleague, app, true, text(canaryReason)))
	must(t, h.settings.EndCoexistence(ctx, h.admin.Actor, h.inbox))
	ask("portal_only") // and it lapses
	_, err = h.settings.SetPolicies(ctx, h.admin.Actor, h.controller, desk.DefaultPolicies(), text(""))
	must(t, err)
}

// receive takes a body in, as far as it can be.
func (h *house) receive(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	d := desk.Delivery{ID: desk.NewID[desk.Delivery](), Inbox: h.inbox, ReceivedAt: h.Now(), Day: h.vault.Day(h.Now())}
	must(t, h.vault.EnsureDay(ctx, d.Day))
	var err error
	d.Body, err = vault.Seal(ctx, h.vault, vault.DayOwner(d.Day), vault.BodyPlace(d.ID), []byte(canaryWords))
	must(t, err)
	must(t, h.Update(ctx, func(tx *store.Tx) error {
		if err := tx.AddDeliveries(ctx, []desk.Delivery{d}); err != nil {
			return err
		}
		return queue.Enqueue(ctx, tx, queue.Inbound(h.inbox), desk.Job{Ordinal: 1, Ref: d.ID})
	}))
	h.run(t, inbound.Kind, h.worker.Work, "a body to be taken in", func() bool {
		depths, err := h.Read().LaneDepths(context.Background())
		must(t, err)
		for _, d := range depths {
			if d.Kind == inbound.Kind {
				return false
			}
		}
		return true
	})
	h.run(t, queue.KindAnswers, h.gate.Answer, "the notice to be made", func() bool {
		depths, err := h.Read().LaneDepths(context.Background())
		must(t, err)
		return len(depths) == 1 && depths[0].Kind == outbound.Kind
	})
	h.run(t, outbound.Kind, h.gate.Deliver, "the notice to be sent", func() bool {
		depths, err := h.Read().LaneDepths(context.Background())
		must(t, err)
		return len(depths) == 0
	})
}

// answer is what an Agent does with a Conversation.
func (h *house) answer(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	page, err := h.desk.List(ctx, h.admin, inbox.Query{View: desk.ViewAll})
	must(t, err)
	if len(page.Items) != 1 {
		t.Fatalf("%d conversations", len(page.Items))
	}
	h.conversation = page.Items[0].ID
	_, err = h.desk.Open(ctx, h.admin, h.conversation)
	must(t, err)
	aliases, err := h.desk.Reveal(ctx, h.admin, h.conversation)
	if err != nil || len(aliases) != 2 {
		t.Fatalf("revealed are %d identities, %v", len(aliases), err)
	}
	reply := func(client string) (inbox.Message, error) {
		return h.desk.Reply(ctx, h.admin, outbound.Submission{Conversation: h.conversation, ClientID: client, Kind: desk.KindText, Text: text(canaryReply)})
	}
	m, err := reply(canaryClient)
	must(t, err)
	h.fails(&desk.SendError{Outcome: desk.SendRejected, Code: 131026, Err: errProvider})
	h.deliver(t, m.ID, desk.StatusFailed)
	_, err = h.desk.Repeat(ctx, h.admin, m.ID, false)
	must(t, err)
	h.fails(&desk.SendError{Outcome: desk.SendRejected, Code: 190, Stop: true, Err: errProvider})
	h.run(t, outbound.Kind, h.gate.Deliver, "the inbox to be paused", func() bool {
		pauses, err := h.Read().ListInboxPauses(context.Background())
		must(t, err)
		return len(pauses) == 1
	})
	must(t, h.settings.ResumeInbox(ctx, h.admin.Actor, h.inbox))
	must(t, h.desk.Block(ctx, h.admin, h.conversation, desk.BlockInsult))
	must(t, h.desk.Unblock(ctx, h.admin, h.conversation))
	must(t, h.desk.Restrict(ctx, h.admin, h.conversation, canaryReason))
	h.deliver(t, m.ID, desk.StatusFailed) // what waited is refused at the moment of sending
	if _, err := reply(canaryClient + "-2"); desk.CodeOf(err) != desk.CodeRefused {
		t.Fatalf("a reply to a restricted contact: %v", err)
	}
	must(t, h.desk.Unrestrict(ctx, h.admin, h.conversation))
}

// work is what is done with a Conversation beside answering.
func (h *house) work(t *testing.T) {
	t.Helper()
	ctx, v, id := t.Context(), h.admin, h.conversation
	did := func(_ inbox.Conversation, err error) { t.Helper(); must(t, err) }
	did(h.desk.Assign(ctx, v, id, v.Actor.Agent, nil))
	did(h.desk.Release(ctx, v, id))
	did(h.desk.Transfer(ctx, v, id, v.Actor.Agent, text(canaryReply)))
	did(h.desk.Snooze(ctx, v, id, time.Time{}))
	did(h.desk.Wake(ctx, v, id))
	did(h.desk.Close(ctx, v, id, text(canaryReason)))
	did(h.desk.Reopen(ctx, v, id))
	_, err := h.desk.Note(ctx, v, id, inbox.NewNote{ClientID: canaryClient, Text: text(canaryWords)})
	must(t, err)
	must(t, h.desk.SetLanguage(ctx, v, id, text("tr")))
	must(t, h.desk.Withdraw(ctx, v, id, ""))
	c, err := h.desk.Open(ctx, v, id)
	must(t, err)
	_, err = evidence.New(h.Store, h.vault, audit.NewOpenings(h.Store), time.UTC).Sheet(ctx, v.Actor, v.Scope, desk.SheetQuery{Contact: c.Contact, Language: "de"})
	must(t, err)
	h.inform(t, c.ID)
	h.open(t)
	must(t, h.desk.Object(ctx, v, id, "Neues zu unseren Tarifen"))
	must(t, h.desk.LiftObjection(ctx, v, id, "Neues zu unseren Tarifen"))
	must(t, h.desk.SaveDraft(ctx, v, id, desk.Writing{Reply: text(canaryReply)}))
	m, err := h.desk.Reply(ctx, v, outbound.Submission{Conversation: id, ClientID: canaryClient + "-3", Kind: desk.KindText, Text: text(canaryReply)})
	must(t, err)
	h.fails(&desk.SendError{Outcome: desk.SendUnknown, Err: errProvider})
	h.deliver(t, m.ID, desk.StatusInDoubt)
	_, err = h.desk.Abandon(ctx, v, m.ID)
	must(t, err)
}

// inform is what is done about somebody whom the Contact introduced.
func (h *house) inform(t *testing.T, id desk.ConversationID) {
	t.Helper()
	ctx, v := t.Context(), h.admin
	page, err := h.desk.Messages(ctx, v, id, 50, "")
	must(t, err)
	i := slices.IndexFunc(page.Items, func(m inbox.Message) bool { return m.Direction == desk.In })
	due := tasks.New(h.Store, h.vault, audit.NewOpenings(h.Store), time.UTC)
	made, err := due.Mark(ctx, v.Actor, v.Scope, desk.NewThirdPerson{Conversation: id, Message: page.Items[i].ID, Role: desk.ThirdWitness, Note: text(canaryWords)})
	must(t, err)
	_, err = due.Text(ctx, v.Actor, v.Scope, made.ID, "de", false)
	must(t, err)
	must(t, due.Finish(ctx, v.Actor, v.Scope, made.ID, desk.TaskResult{How: desk.TaskInformed, Reason: text(canaryReason)}))
	must(t, h.Update(ctx, func(tx *store.Tx) error {
		return tx.AddAlert(ctx, made.Controller, made.Inbox, desk.ArrivedAlert{Kind: desk.AlertError, Code: "131042", Severity: desk.SeverityWarning})
	}))
	told, err := due.Alerts(ctx, made.Inbox)
	must(t, err)
	must(t, due.EndAlert(ctx, v.Actor, told[0].ID))
}

func (h *house) deliver(t *testing.T, id desk.MessageID, until desk.Status) {
	t.Helper()
	h.run(t, outbound.Kind, h.gate.Deliver, "a message to be "+string(until), func() bool {
		row, err := h.Read().GetMessage(context.Background(), id)
		must(t, err)
		return row.Status == until
	})
}

// decide is what becomes of what was set aside; one item nobody decides about.
func (h *house) decide(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	listed, err := h.settings.SetAside(ctx)
	if err != nil || len(listed) != 3 {
		t.Fatalf("%d items are set aside, %v", len(listed), err)
	}
	must(t, h.settings.DropSetAside(ctx, h.admin.Actor, listed[0].ID, canaryReason))
	must(t, h.settings.RetrySetAside(ctx, h.admin.Actor, listed[1].ID))
	h.clock.Add(40 * 24 * time.Hour)
	must(t, h.worker.Sweep(ctx))
}

// leave ends the admin's access; the other one stays.
func (h *house) leave(t *testing.T) {
	t.Helper()
	must(t, h.settings.DisableAgent(t.Context(), h.admin.Actor, h.admin.Actor.Agent, canaryReason))
}
