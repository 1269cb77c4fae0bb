package outbound

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/facts"
	"botschaft/internal/policy"
	"botschaft/internal/private"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// system acts when nobody else does.
var system = desk.Actor{Kind: desk.ActorSystem, Via: "outbound"}

// begin decides again and commits that the send has begun, before its first byte. No
// Permit and no error: the Message waits, or was refused and the Job is done.
func (g *Gate) begin(ctx context.Context, h *queue.Held, job desk.Job, m *desk.Message) (permit policy.Permit, attempt int, err error) {
	err = g.store.Update(ctx, func(tx *store.Tx) error {
		permit = nil
		d, err := g.clear(ctx, tx, h, job, m)
		if err != nil || d == nil {
			return err
		}
		if ok, err := reach(ctx, tx, m, d.known.WindowUntil); err != nil {
			return err
		} else if !ok {
			return h.Delay(ctx, tx, job.ID, tx.Now().Add(reachLook))
		}
		attempt = int(d.attempts) + 1
		if err := g.start(ctx, tx, m, d, attempt); err != nil {
			return err
		}
		ok, err := step(ctx, tx, m, desk.StatusSending, "")
		if err != nil {
			return err
		}
		if ok {
			permit = d.Permit
		}
		return h.Fence(ctx, tx)
	})
	return permit, attempt, err
}

// clear decides again. Nothing and no error: the Message waits, or was refused and the Job is done.
func (g *Gate) clear(ctx context.Context, tx *store.Tx, h *queue.Held, job desk.Job, m *desk.Message) (*again, error) {
	if err := tx.LockContact(ctx, m.Contact); err != nil {
		return nil, err
	}
	d, err := g.decideAgain(ctx, tx, m, false)
	switch {
	case err != nil:
		return nil, err
	case d.known.Paused:
		return nil, h.Delay(ctx, tx, job.ID, tx.Now().Add(pausedLook))
	case d.Outcome != policy.OutcomePermit:
		return nil, refuse(ctx, tx, h, job, m, refusalOf(d.Decision))
	}
	return &d, nil
}

// start notes by what Permit, and when, data of a Message leaves the house.
func (g *Gate) start(ctx context.Context, tx *store.Tx, m *desk.Message, d *again, attempt int) error {
	record, err := json.Marshal(d.Permit.Record())
	if err != nil {
		return err
	}
	return tx.StartDispatch(ctx, rows.StartDispatchParams{
		Message: m.ID, Permit: string(record), Attempt: int64(attempt), Node: g.place.Node, SendingAt: tx.Stamp(),
	})
}

// step moves m from where it was read to next; false if news overtook it.
func step(ctx context.Context, tx *store.Tx, m *desk.Message, next desk.Status, failure string) (bool, error) {
	n, err := tx.SetMessageStatus(ctx, rows.SetMessageStatusParams{
		ID: m.ID, Was: m.Status, Status: next, StatusAt: tx.Stamp(), Failure: failure,
	})
	if err != nil || n == 0 {
		return false, err
	}
	tx.Emit(eventOf(m))
	if next == desk.StatusFailed { // a reaction that never arrived is none
		return true, tellChanged(ctx, tx, m)
	}
	return true, nil
}

func refuse(ctx context.Context, tx *store.Tx, h *queue.Held, job desk.Job, m *desk.Message, r *policy.Refusal) error {
	code := "refused"
	if len(r.Reasons) > 0 {
		code = string(r.Reasons[0].Code)
	}
	if err := fail(ctx, tx, m, code); err != nil {
		return err
	}
	tx.Audit(entry(system, desk.ActMessageRefused, m, refusedDetail(m, m.Permit.Purpose, r)))
	return h.Finish(ctx, tx, job.ID)
}

// fail ends a Message, and makes it a Task for whoever wrote it: unless there is nobody left
// to whom it could be sent.
func fail(ctx context.Context, tx *store.Tx, m *desk.Message, code string) error {
	moved, err := step(ctx, tx, m, desk.StatusFailed, code)
	if err != nil || !moved || code == string(policy.CodeContactErased) {
		return err
	}
	return tx.OpenFailure(ctx, m.ID, code)
}

// erased ends a Message whose Contact's key was destroyed: nobody can read any more
// what it said or to whom (GDPR Art. 17).
func (g *Gate) erased(ctx context.Context, h *queue.Held, job desk.Job, m *desk.Message) error {
	return g.store.Update(ctx, func(tx *store.Tx) error {
		return refuse(ctx, tx, h, job, m, &policy.Refusal{Reasons: []policy.Reason{{Code: policy.CodeContactErased}}})
	})
}

// unreadable ends a Message that nobody can read because it or its Contact was altered
// in the database; what stands behind it goes on.
func (g *Gate) unreadable(ctx context.Context, h *queue.Held, job desk.Job, m *desk.Message, why error) error {
	g.log.Error("a message cannot be read and is not sent", "message", m.ID, "error", why)
	return g.store.Update(ctx, func(tx *store.Tx) error {
		if err := fail(ctx, tx, m, FailureUnreadable); err != nil {
			return err
		}
		return h.Finish(ctx, tx, job.ID)
	})
}

// accepted notes the Provider's receipt. Statuses may have overtaken it: they are
// known by our reference, or parked by wamid.
func (g *Gate) accepted(ctx context.Context, h *queue.Held, job desk.Job, m *desk.Message, r desk.Receipt) error {
	return g.insist(ctx, func() error { return g.noteReceipt(ctx, h, job, m, r) })
}

// insist tries again for a while when a store is away for a moment: what the Provider
// said is known here alone, and forgetting it would leave a doubt.
func (g *Gate) insist(ctx context.Context, note func() error) error {
	err := note()
	for pause := firstPause; desk.CodeOf(err) == desk.CodeUnavailable && pause <= lastPause && ctx.Err() == nil; pause *= 2 {
		g.log.Warn("the outcome of a send could not be written yet", "error", err)
		time.Sleep(pause)
		err = note()
	}
	return err
}

// Pauses between attempts to write an outcome; together about twelve seconds.
const (
	firstPause = 100 * time.Millisecond
	lastPause  = 6400 * time.Millisecond
)

func (g *Gate) noteReceipt(ctx context.Context, h *queue.Held, job desk.Job, m *desk.Message, r desk.Receipt) error {
	digest, err := g.vault.Digest(ctx, m.Controller, "wamid", m.Inbox[:], []byte(r.Wamid.Reveal()))
	if err != nil {
		return err
	}
	sealed, err := vault.Seal(ctx, g.vault, vault.ContactOwner(m.Contact), vault.WamidPlace(m.ID), r.Wamid)
	if err != nil {
		return err
	}
	err = g.store.Update(ctx, func(tx *store.Tx) error {
		if err := receive(ctx, tx, m, digest, sealed); err != nil {
			return err
		}
		return h.Finish(ctx, tx, job.ID)
	})
	if errors.Is(err, queue.ErrLost) { // its new holder finds the Message sent and drops the Job
		return g.store.Update(ctx, func(tx *store.Tx) error { return receive(ctx, tx, m, digest, sealed) })
	}
	return err
}

// receive writes a receipt down. It only climbs, so it needs no fence.
func receive(ctx context.Context, tx *store.Tx, m *desk.Message, digest []byte, wamid private.Sealed[private.Text]) error {
	standings, err := tx.LockStandings(ctx, m.Inbox, []desk.MessageID{m.ID}, nil)
	if err != nil || len(standings) == 0 {
		return err
	}
	highest := standings[0]
	if highest.Status == desk.StatusFailed && len(highest.WamidDigest) > 0 && !bytes.Equal(highest.WamidDigest, digest) {
		highest.Status = desk.StatusSending // an earlier attempt failed, not this one
	}
	if highest.Status.Climbs(desk.StatusSent) {
		highest.Status, highest.StatusAt, highest.Failure = desk.StatusSent, tx.Now(), ""
	}
	if err := tx.LockWamids(ctx, digest); err != nil {
		return err
	}
	parked, err := tx.TakeParked(ctx, m.Inbox, [][]byte{digest})
	if err != nil {
		return err
	}
	for _, p := range parked {
		if highest.Status.Climbs(p.Status) {
			highest.Status, highest.StatusAt, highest.Failure = p.Status, p.At, p.Failure
		}
	}
	highest.WamidDigest = digest
	if err := tx.SetStandings(ctx, []store.Standing{highest}); err != nil {
		return err
	}
	if err := tx.SealWamid(ctx, rows.SealWamidParams{ID: m.ID, Contact: m.Contact, Wamid: wamid}); err != nil {
		return err
	}
	tx.Emit(eventOf(m))
	return nil
}

// doubt notes that nobody knows what became of the send.
func (g *Gate) doubt(ctx context.Context, h *queue.Held, job desk.Job, m *desk.Message) error {
	sending := *m
	sending.Status = desk.StatusSending
	return g.store.Update(ctx, func(tx *store.Tx) error {
		if _, err := step(ctx, tx, &sending, desk.StatusInDoubt, ""); err != nil {
			return err
		}
		return h.Delay(ctx, tx, job.ID, tx.Now().Add(doubtLook))
	})
}

// failed decides what a failed send means: in doubt, again later, or the end of it.
func (g *Gate) failed(ctx context.Context, h *queue.Held, job desk.Job, m *desk.Message, e *desk.SendError, attempt int) error {
	if e.Outcome == desk.SendUnknown {
		return g.doubt(ctx, h, job, m)
	}
	sending := *m
	sending.Status = desk.StatusSending
	return g.unsent(ctx, h, job, &sending, e, attempt)
}

// unsent repeats later what did not go, or ends it; m is as it stands in the store.
func (g *Gate) unsent(ctx context.Context, h *queue.Held, job desk.Job, m *desk.Message, e *desk.SendError, attempt int) error {
	g.rates.slow(e, m.Inbox, m.Contact)
	again := e.Stop || e.Outcome == desk.SendNotWritten || e.Retry && attempt < maxAttempts
	return g.insist(ctx, func() error {
		return g.store.Update(ctx, func(tx *store.Tx) error {
			if e.Code == desk.NoAdvertising {
				if err := noAdvertising(ctx, tx, m); err != nil {
					return err
				}
			}
			if e.Code == desk.KeyMismatch {
				if err := anotherDevice(ctx, tx, m); err != nil {
					return err
				}
			}
			if !again {
				if err := fail(ctx, tx, m, failureOf(e)); err != nil {
					return err
				}
				if e.Mend {
					if err := tx.AddAlert(ctx, m.Controller, m.Inbox, desk.ArrivedAlert{Kind: desk.AlertError, Code: failureOf(e), Severity: desk.SeverityWarning}); err != nil {
						return err
					}
				}
				return h.Finish(ctx, tx, job.ID)
			}
			return g.sendLater(ctx, tx, h, job, m, e, attempt)
		})
	})
}

// noAdvertising enters into the Ledger what the Provider knows: the Contact wants no
// advertising any more (GDPR Art. 7(3), 21(3); Meta: Error codes, 131050).
func noAdvertising(ctx context.Context, tx *store.Tx, m *desk.Message) error {
	if err := tx.LockContact(ctx, m.Contact); err != nil {
		return err
	}
	_, err := tx.AddConsent(ctx, desk.ConsentEntry{
		Controller: m.Controller, Contact: m.Contact, Step: desk.ConsentWithdrawn, Means: desk.MeansError, Asked: m.ID, Actor: system,
	})
	return err
}

// anotherDevice notes that the Contact's device has another key than before: perhaps somebody else
// has it (GDPR Art. 32; Meta: Error codes, 137000). From then on nothing is sent until an Agent
// vouches. A status may say the same of the same Message, which counts once.
func anotherDevice(ctx context.Context, tx *store.Tx, m *desk.Message) error {
	if err := tx.AddIdentityChanges(ctx, []desk.IdentityChange{{
		ID: desk.NewID[desk.IdentityChange](), Controller: m.Controller, Contact: m.Contact, Mark: m.ID[:],
		News: desk.SystemNewIdentity, Heard: desk.HeardRefusal, ChangedAt: tx.Now(), At: tx.Now(),
	}}); err != nil {
		return err
	}
	open, err := tx.ListOpenOf(ctx, m.Contact)
	if err != nil {
		return err
	}
	for _, o := range open {
		tx.Emit(desk.Event{Kind: desk.EventConversation, Controller: o.Controller, Inbox: o.Inbox, Conversation: o.ID})
	}
	return nil
}

func (g *Gate) sendLater(ctx context.Context, tx *store.Tx, h *queue.Held, job desk.Job, m *desk.Message, e *desk.SendError, attempt int) error {
	if _, err := step(ctx, tx, m, desk.StatusQueued, ""); err != nil {
		return err
	}
	if e.Stop {
		if err := g.pause(ctx, tx, m, e); err != nil {
			return err
		}
	}
	return h.Delay(ctx, tx, job.ID, tx.Now().Add(max(e.After, backoff(attempt))))
}

// pause stops the Inbox, and says so to whoever reads the log.
func (g *Gate) pause(ctx context.Context, tx *store.Tx, m *desk.Message, e *desk.SendError) error {
	d, err := tx.GetDispatch(ctx, m.ID)
	if err != nil {
		return err
	}
	paused, err := tx.PauseInbox(ctx, m.Controller, m.Inbox, failureOf(e), d.SendingAt.Time)
	if paused {
		g.log.Error("an inbox pauses itself: the provider says that nothing it sends can succeed", "inbox", m.Inbox, "provider_code", failureOf(e))
	}
	return err
}

// Repeat sends a failed Message once more, or one in doubt after a warning. It goes
// through the gate like any other.
func (g *Gate) Repeat(ctx context.Context, actor desk.Actor, m desk.Message, warned bool) error {
	switch {
	case m.Origin == desk.OriginApp:
		return desk.Conflict("what was written in the WhatsApp Business app is repeated there")
	case m.Direction != desk.Out || m.Status != desk.StatusFailed && m.Status != desk.StatusInDoubt:
		return desk.Conflict("only a message that failed or is in doubt can be repeated")
	case m.Status == desk.StatusInDoubt && !warned:
		return desk.Conflict("the message may have arrived; confirm that it may arrive twice")
	}
	r := &repeating{gate: g, actor: actor, message: m}
	err := g.withNotice(ctx, &m, func(tx *store.Tx, ahead *noticing) error {
		r.notice = ahead
		return r.decide(ctx, tx)
	})
	if err == nil && r.refusal != nil {
		return &Refused{r.refusal}
	}
	return err
}

// repeating is a Message on its way back into its lane.
type repeating struct {
	gate    *Gate
	actor   desk.Actor
	message desk.Message
	notice  *noticing // goes ahead
	refusal *policy.Refusal
}

func (r *repeating) decide(ctx context.Context, tx *store.Tx) error {
	m := r.message
	r.refusal = nil
	if err := tx.LockContact(ctx, m.Contact); err != nil {
		return err
	}
	d, err := r.gate.decideAgain(ctx, tx, &m, r.notice != nil)
	switch {
	case err != nil:
		return err
	case d.Outcome == policy.OutcomeNoticeFirst:
		return errNoticeOwed
	case d.Outcome == policy.OutcomeRefusal:
		r.refusal = d.Refusal
		tx.Audit(refusedEntry(r.actor, &m, m.Permit.Purpose, r.refusal))
		return nil
	}
	conversation, err := tx.LockConversation(ctx, m.Conversation)
	if err != nil {
		return err
	}
	if conversation.Closed != nil {
		return errClosed
	}
	if r.notice != nil && !d.known.Shown && !d.known.Pending {
		if err := r.notice.queue(ctx, tx, conversation); err != nil {
			return err
		}
		if err := tx.SaveConversations(ctx, []desk.Conversation{*conversation}); err != nil {
			return err
		}
	}
	if err := requeue(ctx, tx, &m); err != nil {
		return err
	}
	if err := forgetMedia(ctx, tx, &m); err != nil {
		return err
	}
	if err := tx.CloseFailure(ctx, r.actor, m.ID, desk.TaskRepeated); err != nil {
		return err
	}
	tx.Audit(entry(r.actor, desk.ActMessageRepeated, &m, map[string]string{"was": string(m.Status)}))
	tx.Emit(eventOf(&m))
	return queue.Enqueue(ctx, tx, LaneOf(m.Conversation), desk.Job{Ordinal: conversation.Position, Ref: m.ID})
}

// again is what a decision on fresh Facts came to.
type again struct {
	policy.Decision
	known    facts.Known
	attempts int64
}

// decideAgain decides upon a Message that was composed before, on fresh Facts. A Notice that
// goes ahead of it counts as shown until it is its turn.
func (g *Gate) decideAgain(ctx context.Context, tx *store.Tx, m *desk.Message, ahead bool) (again, error) {
	before, err := tx.GetDispatch(ctx, m.ID)
	if err != nil {
		return again{}, err
	}
	if err := json.Unmarshal([]byte(before.Permit), &m.Permit); err != nil {
		return again{}, err
	}
	k, err := g.ask(ctx, tx.Queries, tx.Now(), m)
	if err != nil {
		return again{}, err
	}
	f := factsOf(tx.Now(), k, m)
	if ahead || k.Pending && m.Status != desk.StatusQueued {
		f = behindNotice(f)
	}
	return again{policy.Decide(f, draftOf(m)), k, before.Attempt}, nil
}

// Abandon lets a Message in doubt rest: a person has decided that nothing more is to be
// done. News from the Provider still counts if it comes.
func (g *Gate) Abandon(ctx context.Context, actor desk.Actor, m desk.Message) error {
	return g.store.Update(ctx, func(tx *store.Tx) error {
		if m.Status != desk.StatusInDoubt {
			return errNotInDoubt
		}
		moved, err := step(ctx, tx, &m, desk.StatusFailed, FailureAbandoned)
		if err != nil {
			return err
		}
		if !moved {
			return errNotInDoubt
		}
		tx.Audit(entry(actor, desk.ActMessageAbandoned, &m, map[string]string{}))
		return nil
	})
}

var errNotInDoubt = desk.Conflict("the message is not in doubt any more")

// requeue puts m back to its beginning. The wamid of the attempt before stays until
// the Provider gives a new one: it tells late news of that attempt from news of the next.
func requeue(ctx context.Context, tx *store.Tx, m *desk.Message) error {
	found, err := tx.LockStandings(ctx, m.Inbox, []desk.MessageID{m.ID}, nil)
	if err != nil {
		return err
	}
	if len(found) == 0 || found[0].Status != m.Status {
		return desk.Conflict("the message moved on meanwhile")
	}
	found[0].Status, found[0].StatusAt, found[0].Failure = desk.StatusQueued, tx.Now(), ""
	return tx.SetStandings(ctx, found)
}

// OldestDoubt tells since when the oldest Message is in doubt; zero if none is.
func (g *Gate) OldestDoubt(ctx context.Context) (time.Time, error) {
	ms, err := g.store.Read().OldestDoubt(ctx)
	if err != nil || ms == 0 {
		return time.Time{}, err
	}
	return time.UnixMilli(ms).UTC(), nil
}
