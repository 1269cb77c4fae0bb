package inbound

import (
	"context"
	"maps"
	"slices"
	"strings"

	"botschaft/internal/consent"
	"botschaft/internal/desk"
	"botschaft/internal/queue"
	"botschaft/internal/store"
)

// reading is what a Message means beside what it says to a colleague.
type reading struct {
	advertising consent.Verdict   // whether no more of it is wanted
	means       desk.ConsentMeans // by which that was said
	purpose     string            // no more of this one alone
	notice      bool              // whether the Notice is asked for
}

// reader acts when a text is read.
var reader = desk.Actor{Kind: desk.ActorSystem, Via: "inbound"}

// says tells whether a person said the text of a Message of this kind: wrote it, alone, beside
// a file or in the place of other words, or tapped it. A place's name or an emoji is no word
// of theirs.
func says(k desk.Kind) bool {
	switch k {
	case desk.KindText, desk.KindButton, desk.KindInteractive, desk.KindImage, desk.KindVideo, desk.KindDocument, desk.KindEdit:
		return true
	default:
		return false
	}
}

// read reads what was said for what must be done about it at once; most asks for nothing.
func (p *plan) read(m *desk.Message, a *desk.ArrivedMessage) {
	if !says(a.Kind) {
		return
	}
	text := a.Content.Text.Reveal()
	r := reading{advertising: consent.Read(text), means: desk.MeansWord}
	_, r.notice = desk.NoticeWord(text)
	if a.Kind == desk.KindButton || a.Kind == desk.KindInteractive {
		r.tap(a.Button.Reveal())
	}
	if r.advertising != consent.Silent || r.notice {
		if p.readings == nil {
			p.readings = map[desk.MessageID]reading{}
		}
		p.readings[m.ID] = r
	}
}

// tap reads a button: ours by its id, another's by its label and by the words it is called.
// WhatsApp's own, such as "Stop promotions", is called what its label says. An id that only
// may mean a withdrawal means none: people see the label.
func (r *reading) tap(id string) {
	r.means = desk.MeansButton
	if purpose, ours := desk.WithdrawButton(id); ours {
		r.advertising, r.purpose = consent.Withdrawn, purpose
	} else if consent.Read(id) == consent.Withdrawn {
		r.advertising = consent.Withdrawn
	}
}

// writeReadings writes withdrawals into the Ledger, before anything else can be sent to their
// Contacts: whoever decides about a send waits for the same lock (GDPR Art. 7(3), 21(3)).
// What may be one is held until a person has read it.
func (p *plan) writeReadings(ctx context.Context, tx *store.Tx) error {
	for _, m := range p.messages {
		r, ok := p.readings[m.ID]
		if !ok || r.advertising == consent.Silent {
			continue
		}
		if err := tx.LockContact(ctx, m.Contact); err != nil {
			return err
		}
		e := desk.ConsentEntry{
			Controller: m.Controller, Contact: m.Contact, ActedAt: m.ExternalAt, Step: desk.ConsentWithdrawn, Means: r.means,
			Answer: m.ID, Actor: reader,
		}
		if r.advertising == consent.Unsure {
			e.Step = desk.ConsentDoubted
		}
		var err error
		if e.Purpose, err = p.purpose(ctx, tx, r.purpose); err != nil {
			return err
		}
		if _, err := tx.AddConsent(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// purpose is the one of the register that a button names. One that nobody knows is no word
// for the Ledger, and then all advertising is taken back: too much is better than too little.
func (p *plan) purpose(ctx context.Context, tx *store.Tx, name string) (string, error) {
	if name == "" {
		return "", nil
	}
	register, err := store.RegisterNow(ctx, tx.Queries, p.to.Inbox.Controller, tx.Now())
	if err != nil || !register.HasPurpose(name) {
		return "", err
	}
	return name, nil
}

// telling is that something was sent of which a line tells.
type telling struct {
	in desk.ConversationID
	on desk.Occasion
}

// askForAnswers queues the Jobs that give automatic answers: for each Conversation that was
// opened, where a Notice may be owed; for each text that asks for one; for each answer that
// granted or took back; and for the first of what a line tells about.
func (p *plan) askForAnswers(ctx context.Context, tx *store.Tx, messages []desk.Message, opened []*desk.Conversation, grants map[desk.MessageID]bool) error {
	fresh := map[desk.ConversationID]bool{}
	for _, c := range opened {
		fresh[c.ID] = true
	}
	jobs, told := map[queue.Lane][]desk.Job{}, map[telling]bool{}
	for _, m := range messages {
		r, tells := p.readings[m.ID], telling{m.Conversation, m.Kind.Occasion()}
		first, line := fresh[m.Conversation] && m.Kind.Asks(), tells.on != "" && !told[tells]
		if !first && !line && !r.notice && !grants[m.ID] && r.advertising != consent.Withdrawn {
			continue
		}
		told[tells] = true
		if first {
			delete(fresh, m.Conversation)
		}
		lane := queue.Answers(m.Inbox, m.Conversation)
		jobs[lane] = append(jobs[lane], desk.Job{Ordinal: m.At.UnixMilli(), Ref: m.ID})
	}
	for _, lane := range slices.SortedFunc(maps.Keys(jobs), func(a, b queue.Lane) int { return strings.Compare(a.Name, b.Name) }) {
		if err := queue.Enqueue(ctx, tx, lane, jobs[lane]...); err != nil {
			return err
		}
	}
	return nil
}
