package outbound

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

const (
	doubtWait   = 60 * time.Second // how long a lane waits for a status to settle a doubt
	doubtLook   = time.Second      // how often it looks
	pausedLook  = 2 * time.Second
	sendTimeout = 30 * time.Second
	maxAttempts = 8
	shortWait   = 50 * time.Millisecond // waited for in place rather than put off
	departing   = 5 * time.Second       // how long a message that is ready waits to leave before it goes all the same
)

var errNoSendError = errors.New("outbound: the sender's error says nothing about the outcome")

// Deliver works the first Job of a Conversation's lane.
func (g *Gate) Deliver(ctx context.Context, h *queue.Held, jobs []desk.Job) error {
	job := jobs[0]
	row, err := g.store.Read().GetMessage(ctx, job.Ref)
	if store.IsNone(err) {
		return g.drop(ctx, h, job)
	} else if err != nil {
		return err
	}
	m := store.MessageOf(row)
	switch m.Status {
	case desk.StatusQueued:
		return g.send(ctx, h, job, &m)
	case desk.StatusSending:
		// Whoever began this lost the lane before it could say what came of it.
		return g.doubt(ctx, h, job, &m)
	case desk.StatusInDoubt:
		return g.awaitWord(ctx, h, job, &m)
	default:
		return g.drop(ctx, h, job)
	}
}

func (g *Gate) drop(ctx context.Context, h *queue.Held, job desk.Job) error {
	return g.store.Update(ctx, func(tx *store.Tx) error { return h.Finish(ctx, tx, job.ID) })
}

func (g *Gate) delay(ctx context.Context, h *queue.Held, job desk.Job, wait time.Duration) error {
	return g.store.Update(ctx, func(tx *store.Tx) error { return h.Delay(ctx, tx, job.ID, tx.Now().Add(wait)) })
}

// awaitWord holds the lane until a status settles the doubt, a minute at most.
func (g *Gate) awaitWord(ctx context.Context, h *queue.Held, job desk.Job, m *desk.Message) error {
	if g.store.Now().Sub(m.StatusAt) >= doubtWait {
		return g.drop(ctx, h, job)
	}
	return g.delay(ctx, h, job, doubtLook)
}

func (g *Gate) send(ctx context.Context, h *queue.Held, job desk.Job, m *desk.Message) error {
	if wait := g.rates.reserve(m.Inbox, m.Contact, m.Origin == desk.OriginAgent); wait > shortWait {
		return g.delay(ctx, h, job, wait)
	} else if wait > 0 {
		time.Sleep(wait)
		return nil // the lane offers the Job again
	}
	out, err := g.outgoing(ctx, m)
	if err != nil {
		g.rates.giveBack(m.Inbox, m.Contact)
	}
	if errors.Is(err, vault.ErrKeyGone) {
		return g.erased(ctx, h, job, m)
	} else if errors.Is(err, vault.ErrUnreadable) {
		return g.unreadable(ctx, h, job, m, err)
	} else if err != nil {
		return err
	}
	if wants, err := g.wantsUpload(ctx, m, out); err != nil || wants {
		g.rates.giveBack(m.Inbox, m.Contact) // an upload takes no place
		if err != nil {
			return err
		}
		return g.upload(ctx, h, job, m, out)
	}
	permit, attempt, err := g.begin(ctx, h, job, m)
	if err != nil || permit == nil {
		g.rates.giveBack(m.Inbox, m.Contact) // nothing goes
		return err
	}
	// From here on the send goes to its end even if the server is stopping.
	ctx = context.WithoutCancel(ctx)
	n, started := g.awaitDeparture(m.Inbox), g.store.Now()
	sending, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	receipt, err := g.to.Send(sending, out, permit)
	var failed *desk.SendError
	switch {
	case err == nil:
		g.rates.arrived(m.Inbox, n)
		g.meter.Sent("accepted", g.store.Now().Sub(started))
		return g.accepted(ctx, h, job, m, receipt)
	case errors.As(err, &failed):
		g.meter.Sent(string(failed.Outcome), g.store.Now().Sub(started))
		return g.failed(ctx, h, job, m, failed, attempt)
	default:
		g.log.Error("a send ended without an outcome", "message", m.ID, "error", err)
		return errors.Join(errNoSendError, g.doubt(ctx, h, job, m))
	}
}

// awaitDeparture waits until a message may leave, but not for ever.
func (g *Gate) awaitDeparture(inbox desk.InboxID) uint64 {
	for waited := time.Duration(0); ; {
		n, wait := g.rates.depart(inbox, waited > departing)
		if wait == 0 {
			return n
		}
		time.Sleep(wait)
		waited += wait
	}
}

// outgoing opens what the Provider needs.
func (g *Gate) outgoing(ctx context.Context, m *desk.Message) (desk.Outgoing, error) {
	inbox, err := g.inboxes.Inbox(ctx, m.Inbox)
	if err != nil {
		return desk.Outgoing{}, err
	}
	identities, err := g.store.Read().ListIdentities(ctx, m.Contact)
	if err != nil {
		return desk.Outgoing{}, err
	}
	if len(identities) == 0 { // by nothing of its own any more; by what the same person has elsewhere, if somebody said so
		if identities, err = g.store.Read().ListKinIdentities(ctx, m.Contact); err != nil {
			return desk.Outgoing{}, err
		}
	}
	var content desk.Content
	values := make([]private.Text, len(identities))
	opening, owner := g.vault.Opening(vault.ReasonSend), vault.ContactOwner(m.Contact)
	vault.Add(opening, owner, vault.ContentPlace(m.ID), m.Content, &content)
	for i, id := range identities {
		vault.Add(opening, vault.ContactOwner(id.Contact), vault.IdentityPlace(id.ID), id.Value, &values[i])
	}
	var about, key private.Text
	if sealed, err := g.store.Read().GetIdentityKey(ctx, rows.GetIdentityKeyParams{Contact: m.Contact, Inbox: m.Inbox}); err == nil {
		vault.Add(opening, owner, vault.KeyPlace(m.Inbox), sealed, &key)
	} else if !store.IsNone(err) {
		return desk.Outgoing{}, err
	}
	if m.AboutDigest != nil {
		named, err := g.store.FindNamed(ctx, [][]byte{m.AboutDigest})
		if err != nil {
			return desk.Outgoing{}, err
		}
		for _, of := range named {
			vault.Add(opening, vault.ContactOwner(of.Contact), vault.WamidPlace(of.ID), of.Wamid, &about)
		}
	}
	var media private.Text
	if m.Kind.MayHaveFile() {
		if err := g.openMedia(ctx, opening, m, &media); err != nil {
			return desk.Outgoing{}, err
		}
	}
	if err := opening.Run(ctx); err != nil {
		return desk.Outgoing{}, fmt.Errorf("open message %s: %w", m.ID, err)
	}
	if opening.Gone() > 0 {
		return desk.Outgoing{}, fmt.Errorf("open message %s: %w", m.ID, vault.ErrKeyGone)
	}
	out := desk.Outgoing{
		GraphURL: inbox.GraphURL, GraphVersion: inbox.GraphVersion, PhoneNumberID: inbox.PhoneNumberID,
		Token: inbox.Secrets.AccessToken, Kind: m.Kind, Content: content, About: about, Key: key, Reference: m.ID, Media: media,
	}
	for i, id := range identities {
		out.To = append(out.To, desk.Alias{Kind: id.Kind, Value: values[i]})
	}
	return out, nil
}

// backoff grows with each attempt, with jitter.
func backoff(attempt int) time.Duration {
	base := time.Second << min(attempt, 6)
	return base + rand.N(base/2)
}

// failureOf names the Provider's error; only a rejected send has one.
func failureOf(e *desk.SendError) string { return strconv.Itoa(e.Code) }
