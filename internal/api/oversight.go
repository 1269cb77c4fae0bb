package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
)

// Oversight reads for those who watch over the house.
type Oversight interface {
	Entries(ctx context.Context, actor desk.Actor, q desk.AuditQuery) (entries []desk.AuditEntry, next int64, err error)
	Revisions(ctx context.Context, q desk.RevisionQuery) (revisions []desk.Revision, next string, err error)
	Health(ctx context.Context, scope desk.Scope) (desk.Health, error)
}

// Verifying verifies the audit log in the background.
type Verifying interface {
	Last() desk.Verification
	Start(ctx context.Context, actor desk.Actor) (desk.Verification, error)
}

// Actor is whoever acted.
type Actor struct {
	Kind desk.ActorKind `json:"kind" enum:"agent,command,system"`
	ID   string         `json:"id" doc:"Of the Agent; empty if it was none, or one of another Controller."`
	Name string         `json:"name" doc:"The same."`
	Via  string         `json:"via" doc:"session, token, or the name of the command."`
}

// AuditEntry is one fact about an act.
type AuditEntry struct {
	N          int64             `json:"n" doc:"Its number in the log."`
	At         time.Time         `json:"at"`
	Actor      Actor             `json:"actor"`
	Act        desk.Act          `json:"act" example:"inbox.paused"`
	Subject    string            `json:"subject" doc:"Noun and id; of an Agent of another Controller the noun alone."`
	Controller Maybe[string]     `json:"controller"`
	Inbox      Maybe[string]     `json:"inbox"`
	Detail     map[string]string `json:"detail" nullable:"false" doc:"Codes and ids, never content."`
}

// Revision is one change of a setting.
type Revision struct {
	At      time.Time    `json:"at"`
	By      Actor        `json:"by"`
	Act     desk.Act     `json:"act"`
	Subject string       `json:"subject" doc:"Noun and id; of an Agent of another Controller the noun alone."`
	Changes []Alteration `json:"changes" nullable:"false"`
}

// Alteration is one field that changed.
type Alteration struct {
	Field  string   `json:"field" doc:"As the API names it."`
	Before []string `json:"before" nullable:"false" doc:"Its values; empty if there was none. Both sides are empty of what is not kept, such as a secret."`
	After  []string `json:"after" nullable:"false"`
}

// Verification is the last verification of the audit log on the node that answers.
type Verification struct {
	State        desk.VerificationState `json:"state" enum:"never,running,good,fault,failed" doc:"failed: the log could not be read to its end."`
	StartedAt    Maybe[time.Time]       `json:"started_at"`
	FinishedAt   Maybe[time.Time]       `json:"finished_at"`
	Read         int64                  `json:"read" doc:"Entries read so far."`
	Size         int64                  `json:"size" doc:"Entries there are to read."`
	Protected    int64                  `json:"protected" doc:"Entries under the last checkpoint that is right."`
	CheckpointAt Maybe[time.Time]       `json:"checkpoint_at"`
	Fault        Maybe[AuditFault]      `json:"fault"`
}

// AuditFault is the first thing that is wrong with the log.
type AuditFault struct {
	Kind  string `json:"kind" enum:"altered,missing,inserted,checkpoint,truncated"`
	Entry int64  `json:"entry" doc:"Number of the first entry concerned."`
	Text  string `json:"text"`
}

// Health is how the house stands, as the node that answers sees it.
type Health struct {
	Checks      []Check          `json:"checks" nullable:"false" doc:"The probes of readiness."`
	Version     string           `json:"version"`
	Database    string           `json:"database" enum:"sqlite,postgresql"`
	Node        string           `json:"node"`
	StartedAt   time.Time        `json:"started_at"`
	SetAside    int64            `json:"set_aside" doc:"Items of Deliveries that wait for a decision. This and what follows up to waiting_jobs is within the caller's Scope."`
	OldestDoubt Maybe[time.Time] `json:"oldest_doubt" doc:"Since when a Message is in doubt."`
	Paused      []string         `json:"paused" nullable:"false" doc:"Ids of the Inboxes that do not send."`
	WaitingJobs int64            `json:"waiting_jobs"`
	Events      EventNumbers     `json:"events"`
}

// Check is what one probe says.
type Check struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	Says string `json:"says" doc:"\"ok\", or why not in plain words."`
}

// EventNumbers are those of the events.
type EventNumbers struct {
	Last int64 `json:"last"`
}

type (
	auditInput struct {
		Act     string    `query:"act" maxLength:"100"`
		Agent   string    `query:"agent" doc:"Id of the Agent who acted."`
		Subject string    `query:"subject" maxLength:"100" doc:"Noun and id."`
		From    time.Time `query:"from"`
		To      time.Time `query:"to" doc:"This moment is not part of it."`
		Limit   int       `query:"limit" minimum:"1" maximum:"200" default:"50"`
		Cursor  string    `query:"cursor" maxLength:"200"`
	}
	auditOutput struct {
		Body struct {
			Items []AuditEntry `json:"items" nullable:"false" doc:"May be fewer than the limit before the end."`
			Next  string       `json:"next" doc:"Empty at the end."`
		}
	}
	historyInput struct {
		Subject string `query:"subject" maxLength:"100" doc:"Noun and id, such as inbox:ID; without it, or settings: whatever was changed."`
		Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
		Cursor  string `query:"cursor" maxLength:"200"`
	}
	historyOutput struct {
		Body struct {
			Items []Revision `json:"items" nullable:"false"`
			Next  string     `json:"next" doc:"Empty at the end."`
		}
	}
	verificationOutput struct{ Body Verification }
	healthOutput       struct{ Body Health }
)

func (a *API) oversight() {
	register(a, operation("audit-list", http.MethodGet, "/audit", "The audit log, the newest first; reading it is an act itself", http.StatusOK),
		auth.ReadAudit, a.listAudit)
	register(a, byItself(operation("audit-verification", http.MethodGet, "/audit/verification", "How the last verification of the audit log stands", http.StatusOK)),
		auth.ReadAudit, a.verification)
	// Verifying reads and changes nothing, so it takes no more than the right to read.
	register(a, operation("audit-verify", http.MethodPost, "/audit/verification", "Verify the audit log, unless that is under way", http.StatusAccepted),
		auth.ReadAudit, a.verify)
	register(a, operation("history-list", http.MethodGet, "/history", "What was changed about settings, the newest first", http.StatusOK),
		auth.ReadSettings, a.listHistory)
	register(a, byItself(operation("health", http.MethodGet, "/health", "How the house stands", http.StatusOK)),
		auth.ReadSettings, a.health)
}

func (a *API) listAudit(ctx context.Context, x *exchange, in *auditInput) (*auditOutput, error) {
	q := desk.AuditQuery{Scope: x.who.Scope(), Act: desk.Act(in.Act), Subject: in.Subject, From: in.From, Until: in.To, Limit: in.Limit}
	var err error
	if in.Agent != "" {
		if q.Agent, err = desk.ParseID[desk.Agent](in.Agent); err != nil {
			return nil, desk.Invalid("agent", "is not an id")
		}
	}
	if in.Cursor != "" {
		if q.Before, err = strconv.ParseInt(in.Cursor, 10, 64); err != nil || q.Before < 1 {
			return nil, desk.Invalid("cursor", "is not a cursor of this list")
		}
	}
	entries, next, err := a.Oversight.Entries(ctx, x.who.Actor(), q)
	if err != nil {
		return nil, err
	}
	n, err := a.names(ctx)
	if err != nil {
		return nil, err
	}
	out := &auditOutput{}
	out.Body.Items = make([]AuditEntry, len(entries))
	for i, e := range entries {
		out.Body.Items[i] = auditView(e, n)
	}
	if next > 0 {
		out.Body.Next = strconv.FormatInt(next, 10)
	}
	return out, nil
}

func auditView(e desk.AuditEntry, n names) AuditEntry {
	v := AuditEntry{N: e.N, At: e.At, Actor: actorView(e.Actor, n), Act: e.Act, Subject: e.Subject, Detail: e.Detail}
	if v.Detail == nil {
		v.Detail = map[string]string{}
	}
	if !e.Controller.IsZero() {
		v.Controller = some(e.Controller.String())
	}
	if !e.Inbox.IsZero() {
		v.Inbox = some(e.Inbox.String())
	}
	return v
}

func actorView(a desk.Actor, n names) Actor {
	v := Actor{Kind: a.Kind, Via: a.Via}
	if !a.Agent.IsZero() {
		v.ID, v.Name = a.Agent.String(), n.of(a.Agent).Name
	}
	return v
}

// everySetting is the subject of a history that leaves nothing out.
const everySetting = "settings"

func (a *API) listHistory(ctx context.Context, x *exchange, in *historyInput) (*historyOutput, error) {
	q := desk.RevisionQuery{Scope: x.who.Scope(), Subject: in.Subject, Limit: in.Limit, Cursor: in.Cursor}
	if q.Subject == everySetting {
		q.Subject = ""
	}
	revisions, next, err := a.Oversight.Revisions(ctx, q)
	if err != nil {
		return nil, err
	}
	n, err := a.names(ctx)
	if err != nil {
		return nil, err
	}
	out := &historyOutput{}
	out.Body.Next, out.Body.Items = next, make([]Revision, len(revisions))
	for i, r := range revisions {
		v := Revision{At: r.At, By: actorView(r.Actor, n), Act: r.Act, Subject: r.Subject, Changes: make([]Alteration, len(r.Changes))}
		for j, c := range r.Changes {
			v.Changes[j] = Alteration{c.Field, append([]string{}, c.Before...), append([]string{}, c.After...)}
		}
		out.Body.Items[i] = v
	}
	return out, nil
}

func (a *API) verification(context.Context, *exchange, *none) (*verificationOutput, error) {
	return &verificationOutput{verificationView(a.Verification.Last())}, nil
}

func (a *API) verify(ctx context.Context, x *exchange, _ *none) (*verificationOutput, error) {
	v, err := a.Verification.Start(ctx, x.who.Actor())
	if err != nil {
		return nil, err
	}
	return &verificationOutput{verificationView(v)}, nil
}

func verificationView(v desk.Verification) Verification {
	out := Verification{
		State: v.State, StartedAt: maybeTime(v.StartedAt), FinishedAt: maybeTime(v.FinishedAt), Read: v.Read, Size: v.Size,
		Protected: v.Protected, CheckpointAt: maybeTime(v.CheckpointAt),
	}
	if v.Fault != nil {
		out.Fault = some(AuditFault(*v.Fault))
	}
	return out
}

func (a *API) health(ctx context.Context, x *exchange, _ *none) (*healthOutput, error) {
	h, err := a.Oversight.Health(ctx, x.who.Scope())
	if err != nil {
		return nil, err
	}
	v := Health{
		Checks: make([]Check, len(h.Checks)), Version: h.Version, Database: h.Database, Node: h.Node, StartedAt: h.StartedAt,
		SetAside: h.SetAside, OldestDoubt: maybeTime(h.OldestDoubt), Paused: make([]string, len(h.Paused)),
		WaitingJobs: h.WaitingJobs, Events: EventNumbers{h.LastEvent},
	}
	for i, c := range h.Checks {
		v.Checks[i] = Check(c)
	}
	for i, id := range h.Paused {
		v.Paused[i] = id.String()
	}
	return &healthOutput{v}, nil
}
