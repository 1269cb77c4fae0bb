package outbound_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/outbound"
	"botschaft/internal/policy"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
)

// model is what a test knows of one Contact, beside the product and told by nobody.
type model struct {
	*world
	t    *testing.T
	db   *sql.DB
	rand *rand.Rand
	with desk.Conversation
	told []string // what was done, for whoever reads a failure

	paused, restricted, objected, invalid, granted bool
	version, material, shown                       int64 // of the Notice
	first                                          int   // of what the Provider saw
	went                                           int
}

// serviceRests is the Purpose that answers stand on.
const serviceRests = "Vertrag und Schaden"

// Whatever happens in whatever order: what reaches the Provider has a Permit that is written
// down and in the log, and nothing reaches it that was forbidden at that moment (GDPR
// Art. 5(2), 7(3), 13, 18, 21, 44; § 7 UWG).
func TestNothingForbiddenLeaves(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.recipient(t, desk.NewID[desk.RegisterEntry](), abroad(true), true)
		w.choose(t, func(p *desk.Policies) { p.Outbound, p.DPFInvalid = "advertising", desk.DPFBlock })
		m := &model{world: w, t: t, db: storetest.Beside(t, w.url), version: 1, material: 1}
		for seed := range uint64(10) {
			m.begin(t, seed)
			for range 60 {
				m.step()
			}
			m.mend()
			m.clock.Add(time.Minute)
			m.settle()
			if t.Failed() {
				t.Fatalf("seed %d: %s", seed, strings.Join(m.told, ", "))
			}
		}
		if m.went < 50 {
			t.Errorf("only %d messages left: the sequences say little", m.went)
		}
	})
}

// begin takes a new Contact in a house where nothing is forbidden.
func (m *model) begin(t *testing.T, seed uint64) {
	m.rand, m.told, m.first = rand.New(rand.NewPCG(seed, 7)), nil, m.provider.count()
	m.restricted, m.objected, m.granted, m.shown = false, false, false, 0
	m.with = m.came(t, fmt.Sprintf("+4917000000%02d", seed), time.Minute)
	m.provider.answers(m.answer)
}

// answer is the Provider's: it looks whether what it is asked was forbidden. Now and then it
// refuses.
func (m *model) answer(n int, out desk.Outgoing) (desk.Receipt, error) {
	row, err := m.Read().GetMessage(context.Background(), out.Reference)
	if err != nil {
		return desk.Receipt{}, err
	}
	msg := store.MessageOf(row)
	if why := m.forbidden(msg); why != "" {
		m.t.Errorf("a %s message left although %s", msg.Origin, why)
	}
	m.went++
	if m.rand.IntN(6) == 0 {
		return desk.Receipt{}, invalid
	}
	if msg.Origin == desk.OriginNotice {
		var v int64
		if err := m.db.QueryRow("SELECT version FROM showing WHERE message_id = $1", msg.ID[:]).Scan(&v); err != nil {
			return desk.Receipt{}, err
		}
		m.shown = max(m.shown, v)
	}
	return desk.Receipt{Wamid: text(fmt.Sprintf("wamid.%d", n))}, nil
}

// forbidden tells what stands against a Message now; empty if nothing does.
func (m *model) forbidden(msg desk.Message) string {
	var permit string
	var logged int
	if err := m.db.QueryRow("SELECT permit FROM dispatch WHERE message_id = $1", msg.ID[:]).Scan(&permit); err != nil || !strings.Contains(permit, `"policy":"`+policy.Version+`"`) {
		return fmt.Sprintf("its record is %q, %v", permit, err)
	}
	if err := m.db.QueryRow("SELECT COUNT(*) FROM audit_entry WHERE act = $1 AND subject = $2", string(desk.ActMessagePermitted), "message:"+msg.ID.String()).Scan(&logged); err != nil || logged == 0 {
		return fmt.Sprintf("the log holds %d permits of it, %v", logged, err)
	}
	advertising := strings.Contains(permit, `"class":"advertising"`)
	for why, is := range map[string]bool{
		"the inbox is paused":              m.paused,
		"the contact is restricted":        m.restricted,
		"the transfer has no basis":        m.invalid,
		"the contact objected":             m.objected && strings.Contains(permit, serviceRests),
		"the contact agreed to nothing":    advertising && !m.granted,
		"the notice was not shown":         msg.Origin != desk.OriginNotice && m.shown < m.material,
		"a notice advertises":              advertising && msg.Origin == desk.OriginNotice,
		"its contact is not the right one": msg.Contact != m.with.Contact,
		"it was not on its way to be sent": msg.Status != desk.StatusSending,
	} {
		if is {
			return why
		}
	}
	return ""
}

// step does one thing.
func (m *model) step() {
	m.clock.Add(2500 * time.Millisecond)
	steps := []struct {
		name string
		of   int // how often, by weight
		do   func()
	}{
		{"service", 6, func() { m.composes(outbound.Submission{Conversation: m.with.ID}) }},
		{"advertising", 5, func() { m.composes(advertises(m.with)) }},
		{"repeat", 2, m.repeat},
		{"deliver", 6, m.settle},
		{"grant", 2, func() { m.record(m.t, m.with, desk.ConsentGranted); m.granted = true }},
		{"withdraw", 1, func() { m.record(m.t, m.with, desk.ConsentWithdrawn); m.granted = false }},
		{"doubt", 1, func() { m.record(m.t, m.with, desk.ConsentDoubted); m.granted = false }},
		{"restrict", 1, func() { m.restrict(!m.restricted) }},
		{"object", 1, func() { m.object(!m.objected) }},
		{"pause", 1, func() { m.halt(!m.paused) }},
		{"framework", 1, func() { m.holdFramework(m.t, m.invalid); m.invalid = !m.invalid }},
		{"notice", 1, func() { m.activate(m.rand.IntN(2) == 0) }},
		{"mend", 4, m.mend},
	}
	var bag []int
	for i, s := range steps {
		for range s.of {
			bag = append(bag, i)
		}
	}
	s := steps[bag[m.rand.IntN(len(bag))]]
	m.told = append(m.told, s.name)
	s.do()
}

// composes asks for a Message; the gate may refuse.
func (m *model) composes(s outbound.Submission) {
	m.asked++
	s.ClientID, s.Kind, s.Text = fmt.Sprintf("client-%d", m.asked), desk.KindText, text("hello")
	if _, err := m.gate.Compose(m.t.Context(), ben, allScope, s); err != nil && desk.CodeOf(err) != desk.CodeRefused {
		m.t.Error(err)
	}
}

// repeat sends the newest Message that failed once more.
func (m *model) repeat() {
	listed, err := m.Read().ListMessages(m.t.Context(), rows.ListMessagesParams{
		Conversation: m.with.ID, BeforeAt: desk.AsMillis(m.Now().Add(time.Hour)), BeforePosition: 1 << 40, Page: 1000,
	})
	must(m.t, err)
	for _, row := range listed {
		if msg := m.message(m.t, row.ID); msg.Status == desk.StatusFailed {
			if err := m.gate.Repeat(m.t.Context(), ben, msg, false); err != nil && desk.CodeOf(err) != desk.CodeRefused {
				m.t.Error(err)
			}
			return
		}
	}
}

// settle delivers what is due. A lane is due until it is given back.
func (m *model) settle() {
	stop := m.deliver(m.t, "one")
	await(m.t, "lanes at rest", func() bool {
		var busy int
		must(m.t, m.db.QueryRow("SELECT COUNT(*) FROM lane WHERE due_at <= $1", m.Now().UnixMilli()).Scan(&busy))
		return busy == 0
	})
	stop()
}

func (m *model) restrict(yes bool) {
	must(m.t, m.Update(m.t.Context(), func(tx *store.Tx) error {
		if yes {
			return tx.RestrictContact(m.t.Context(), rows.RestrictContactParams{Contact: m.with.Contact, At: tx.Stamp(), Reason: "request"})
		}
		_, err := tx.UnrestrictContact(m.t.Context(), m.with.Contact)
		return err
	}))
	m.restricted = yes
}

func (m *model) object(yes bool) {
	must(m.t, m.Update(m.t.Context(), func(tx *store.Tx) error {
		if yes {
			return tx.AddObjection(m.t.Context(), rows.AddObjectionParams{Contact: m.with.Contact, Purpose: serviceRests, At: tx.Stamp(), Actor: "agent"})
		}
		_, err := tx.DropObjection(m.t.Context(), rows.DropObjectionParams{Contact: m.with.Contact, Purpose: serviceRests})
		return err
	}))
	m.objected = yes
}

func (m *model) halt(yes bool) {
	if yes {
		m.pause(m.t)
	} else {
		m.resume(m.t)
	}
	m.paused = yes
}

func (m *model) activate(material bool) {
	m.version++
	storetest.Activate(m.t, m.Store, m.controller, m.inbox, m.version, material)
	if material {
		m.material = m.version
	}
}

// mend takes away whatever forbids, but for what the Ledger says.
func (m *model) mend() {
	if m.paused {
		m.halt(false)
	}
	if m.restricted {
		m.restrict(false)
	}
	if m.objected {
		m.object(false)
	}
	if m.invalid {
		m.holdFramework(m.t, true)
		m.invalid = false
	}
}
