package store

import (
	"context"
	"encoding/json"
	"fmt"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

// AddConsent writes the next entry of a Contact's Ledger, an audit entry with its digest, and
// what follows for the Tasks of people. It has a new id unless something is sealed for it
// already. The caller holds the Contact locked.
func (tx *Tx) AddConsent(ctx context.Context, e desk.ConsentEntry) (desk.ConsentEntry, error) {
	n, err := tx.CountLedger(ctx, e.Contact)
	if err != nil {
		return e, err
	}
	if e.ID.IsZero() {
		e.ID = desk.NewID[desk.ConsentEntry]()
	}
	e.N, e.At = n+1, tx.now
	p := rows.AddLedgerEntryParams{
		ID: e.ID, Controller: e.Controller, Contact: e.Contact, N: e.N, At: desk.AsMillis(e.At), ActedAt: desk.AsMillis(e.ActedAt),
		Step: e.Step, Ground: e.Ground, Purpose: e.Purpose, Means: e.Means, IdentityID: e.Identity,
		WordingDigest: e.Wording.Digest, WordingVersion: e.Wording.Version, WordingLanguage: e.Wording.Language,
		AskedID: e.Asked, AnswerID: e.Answer, Paper: e.Paper, ActorKind: e.Actor.Kind, ActorID: e.Actor.Agent, Via: e.Actor.Via,
	}
	if e.Customer != nil {
		conditions, err := json.Marshal(e.Customer)
		if err != nil {
			return e, err
		}
		p.Customer, p.Sale = string(conditions), e.Customer.Sale
	}
	if err := tx.AddLedgerEntry(ctx, p); err != nil {
		return e, err
	}
	tx.Audit(desk.AuditEntry{
		Actor: e.Actor, Act: desk.ActConsentRecorded, Subject: "contact:" + e.Contact.String(), Controller: e.Controller,
		Detail: map[string]string{"entry": e.ID.String(), "step": string(e.Step), "means": string(e.Means), "digest": e.Digest()},
	})
	return e, tx.follow(ctx, e)
}

// ConsentEntryOf reads a row.
func ConsentEntryOf(r rows.Ledger) (desk.ConsentEntry, error) {
	e := desk.ConsentEntry{
		ID: r.ID, N: r.N, At: r.At.Time, ActedAt: r.ActedAt.Time, Controller: r.Controller, Contact: r.Contact, Step: r.Step, Ground: r.Ground,
		Purpose: r.Purpose, Means: r.Means, Identity: r.IdentityID,
		Wording: desk.Wording{Digest: r.WordingDigest, Version: r.WordingVersion, Language: r.WordingLanguage},
		Asked:   r.AskedID, Answer: r.AnswerID, Paper: r.Paper, Actor: desk.Actor{Kind: r.ActorKind, Agent: r.ActorID, Via: r.Via},
	}
	if r.Customer != "" || !r.Sale.IsEmpty() {
		e.Customer = &desk.CustomerGround{Sale: r.Sale}
	}
	if r.Customer != "" {
		if err := json.Unmarshal([]byte(r.Customer), e.Customer); err != nil {
			return e, fmt.Errorf("entry %s of the ledger: %w", r.ID, err)
		}
	}
	return e, nil
}

// Ledger reads what a Contact's Ledger holds, in order.
func Ledger(ctx context.Context, q *rows.Queries, id desk.ContactID) ([]desk.ConsentEntry, error) {
	listed, err := q.ListLedger(ctx, id)
	if err != nil {
		return nil, err
	}
	return ConsentEntriesOf(listed)
}

// ConsentEntriesOf reads rows.
func ConsentEntriesOf(listed []rows.Ledger) ([]desk.ConsentEntry, error) {
	out := make([]desk.ConsentEntry, len(listed))
	for i, row := range listed {
		var err error
		if out[i], err = ConsentEntryOf(row); err != nil {
			return nil, err
		}
	}
	return out, nil
}
