package api

import (
	"strconv"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/inbox"
	"botschaft/internal/outbound"
)

// Named is a noun by id and name.
type Named struct {
	ID   string `json:"id" format:"uuid"`
	Name string `json:"name"`
}

// Person is a Contact as lists show it.
type Person struct {
	ID         string                 `json:"id" format:"uuid" doc:"Of the Contact."`
	Name       string                 `json:"name" doc:"What the Contact calls itself; empty if nothing."`
	Identity   string                 `json:"identity" doc:"Masked, as in +49 ••• 34."`
	Language   string                 `json:"language" doc:"BCP 47, as an Agent noted it; empty if nobody did."`
	Restricted Maybe[RestrictionView] `json:"restricted" doc:"Processing is restricted (GDPR Art. 18)."`
	Blocked    Maybe[BlockView]       `json:"blocked" doc:"Nobody writes to anybody here: a colleague blocked the Contact in this Inbox."`
	Assurance  Maybe[AssuranceView]   `json:"assurance" doc:"Why it may be somebody else than before; null: nothing speaks for that."`
}

// RestrictionView says since when and why processing is restricted.
type RestrictionView struct {
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}

// BlockView says who blocked a Contact in an Inbox, and what WhatsApp made of it.
type BlockView struct {
	At     time.Time        `json:"at"`
	By     Named            `json:"by"`
	Reason desk.BlockReason `json:"reason" enum:"insult,threat,harassment,spam,other"`
	State  string           `json:"state" enum:"asked,taken,failed" doc:"Failed: WhatsApp did not take it, and what the Contact writes still arrives."`
	Code   string           `json:"code" doc:"WhatsApp's error code; 131047: the last Message is older than 24 hours. Empty unless it failed."`
}

func blockView(b *desk.Block, n names) BlockView {
	v := BlockView{At: b.At, By: n.of(b.By), Reason: b.Reason, State: "asked", Code: b.Failure}
	switch {
	case b.Failure != "":
		v.State = "failed"
	case !b.Told.IsZero():
		v.State = "taken"
	}
	return v
}

// Line is the newest Message of a Conversation in short.
type Line struct {
	Direction desk.Direction `json:"direction" enum:"in,out"`
	Kind      desk.Kind      `json:"kind"`
	Text      string         `json:"text"`
	Status    desk.Status    `json:"status" enum:"received,queued,sending,sent,delivered,read,failed,in_doubt"`
}

// ClosureView says who ended a Conversation, when and why.
type ClosureView struct {
	At     time.Time    `json:"at"`
	By     Maybe[Named] `json:"by"`
	Reason string       `json:"reason"`
}

// SnoozeView says who let a Conversation rest, and until when.
type SnoozeView struct {
	At    time.Time        `json:"at"`
	By    Maybe[Named]     `json:"by"`
	Until Maybe[time.Time] `json:"until" doc:"Null: until the Contact writes."`
}

// Window is WhatsApp's customer-service window.
type Window struct {
	Open  bool             `json:"open"`
	Until Maybe[time.Time] `json:"until"`
}

// Conversation is one matter between a Contact and us.
type Conversation struct {
	ID         string           `json:"id" format:"uuid"`
	Inbox      Named            `json:"inbox"`
	Controller Named            `json:"controller"`
	Contact    Person           `json:"contact"`
	OpenedAt   time.Time        `json:"opened_at"`
	LastAt     time.Time        `json:"last_at"`
	Last       Maybe[Line]      `json:"last"`
	Window     Window           `json:"window"`
	Assignee   Maybe[Named]     `json:"assignee"`
	ClosedAt   Maybe[time.Time] `json:"closed_at"`

	Closure      Maybe[ClosureView] `json:"closure"`
	Snooze       Maybe[SnoozeView]  `json:"snooze"`
	WaitingSince Maybe[time.Time]   `json:"waiting_since" doc:"Since when the Contact waits for an answer."`
	Position     int64              `json:"position" doc:"Of the newest Message or Turn."`
	Received     int64              `json:"received" doc:"Position of the newest Message from the Contact, 0 if there is none."`
	ReadTo       int64              `json:"read_to" doc:"How far the caller has read: unread is what has received above it."`
}

// Author is who wrote an outbound Message.
type Author struct {
	ID   string      `json:"id" format:"uuid"`
	Name string      `json:"name"`
	Kind desk.Origin `json:"kind"`
}

// Words are the same in both languages of the house.
type Words struct {
	DE string `json:"de"`
	EN string `json:"en"`
}

// Failure says why a Message was not delivered and what would help.
type Failure struct {
	Code         string `json:"code" doc:"The provider's number or the gate's reason."`
	ProviderCode int    `json:"provider_code" doc:"The provider's number, 0 if it has none."`
	Sentence     Words  `json:"sentence"`
	Helps        Words  `json:"helps"`
}

// Message crosses the door, in or out.
type Message struct {
	ID           string         `json:"id" format:"uuid"`
	Conversation string         `json:"conversation" format:"uuid"`
	Direction    desk.Direction `json:"direction" enum:"in,out"`
	Kind         desk.Kind      `json:"kind"`
	Text         string         `json:"text" doc:"The text or the caption."`
	Buttons      []string       `json:"buttons" nullable:"false" doc:"Answers that it offers to tap."`
	Status       desk.Status    `json:"status" enum:"received,queued,sending,sent,delivered,read,failed,in_doubt"`
	At           time.Time      `json:"at" doc:"Arrival, or when it was composed."`
	ExternalAt   time.Time      `json:"external_at" doc:"The provider's time."`
	ThreadAt     time.Time      `json:"thread_at" doc:"Where it stands in the thread, together with position."`
	Late         bool           `json:"late" doc:"It arrived so late that it stands at its arrival."`
	Position     int64          `json:"position"`
	Origin       desk.Origin    `json:"origin" enum:"contact,agent,notice,system,app" doc:"Who made it; notice and system are automatic, app was written in the WhatsApp Business app."`
	Author       Maybe[Author]  `json:"author"`
	Failure      Maybe[Failure] `json:"failure"`
	Details      Maybe[Details] `json:"details" doc:"What it holds beside its text; null: nothing."`

	About     Maybe[Quoted]    `json:"about" doc:"The message that it answers, reacts to, changes or takes back; null: none, or none that is here."`
	Reactions []Reaction       `json:"reactions" nullable:"false" doc:"One of each side at most."`
	Earlier   []Wording        `json:"earlier" nullable:"false" doc:"What it said before it was changed, the oldest first."`
	EditedAt  Maybe[time.Time] `json:"edited_at"`
	RevokedAt Maybe[time.Time] `json:"revoked_at" doc:"When its author took it back; it says nothing any more then."`
	Hidden    bool             `json:"hidden" doc:"What it says is not shown until somebody vouches for the contact."`
}

// names are those of Agents.
type names map[desk.AgentID]desk.AgentProfile

func (n names) of(id desk.AgentID) Named {
	return Named{ID: id.String(), Name: n[id].Name.Reveal()}
}

// maybe is of, or null for nobody.
func (n names) maybe(id desk.AgentID) Maybe[Named] {
	if id.IsZero() {
		return Maybe[Named]{}
	}
	return some(n.of(id))
}

func conversationView(c *inbox.Conversation, n names, now time.Time) Conversation {
	v := Conversation{
		ID: c.ID.String(), Inbox: Named{c.In.ID.String(), c.In.Name}, Controller: Named{c.In.Controller.ID.String(), c.In.Controller.Name},
		Contact:  Person{ID: c.Contact.String(), Name: c.Profile.Name.Reveal(), Identity: c.Profile.Masked.Reveal()},
		OpenedAt: c.OpenedAt, LastAt: c.LastAt,
	}
	if v.Contact.Name == "" {
		v.Contact.Name = c.Profile.Username.Reveal()
	}
	v.Contact.Language = c.Profile.Language.Reveal()
	if r := c.Restricted; r != nil {
		v.Contact.Restricted = some(RestrictionView{r.At, r.Reason})
	}
	if c.Blocked != nil {
		v.Contact.Blocked = some(blockView(c.Blocked, n))
	}
	v.Contact.Assurance = assuranceView(&c.Assurance)
	v.Position, v.Received, v.ReadTo = c.Position, c.Received, c.ReadTo
	if !c.WaitingSince.IsZero() {
		v.WaitingSince = some(c.WaitingSince)
	}
	if s := c.Snoozed; s != nil {
		v.Snooze = some(SnoozeView{At: s.At, By: n.maybe(s.By), Until: maybeTime(s.Until)})
	}
	if until := c.WindowUntil(); !until.IsZero() {
		v.Window = Window{Open: now.Before(until), Until: some(until)}
	}
	if c.Last != nil {
		v.Last = some(Line{Direction: c.Last.Direction, Kind: c.Last.Kind, Text: c.Last.Text.Reveal(), Status: c.Last.Status})
	}
	if !c.Assignee.IsZero() {
		v.Assignee = some(n.of(c.Assignee))
	}
	if c.Closed != nil {
		v.ClosedAt = some(c.Closed.At)
		v.Closure = some(ClosureView{At: c.Closed.At, By: n.maybe(c.Closed.By), Reason: c.Reason.Reveal()})
	}
	return v
}

func messageView(m *inbox.Message, n names) Message {
	v := Message{
		ID: m.ID.String(), Conversation: m.Conversation.String(), Direction: m.Direction, Kind: m.Kind, Text: m.Text.Reveal(),
		Status: m.Status, At: m.At, ExternalAt: m.ExternalAt, ThreadAt: m.ThreadAt, Late: m.Late, Position: m.Position, Origin: m.Origin,
		Buttons: []string{}, Details: detailsView(&m.Details, m.File),
		EditedAt: maybeTime(m.EditedAt), RevokedAt: maybeTime(m.RevokedAt), Hidden: m.Hidden,
	}
	relate(&v, m)
	for _, b := range m.Buttons {
		v.Buttons = append(v.Buttons, b.Title.Reveal())
	}
	if !m.Author.IsZero() {
		author := n.of(m.Author)
		v.Author = some(Author{author.ID, author.Name, m.Origin})
	}
	if m.Status == desk.StatusFailed {
		v.Failure = some(failureOf(m.Failure))
	}
	return v
}

func failureOf(failure string) Failure {
	words := outbound.FailureOf(failure)
	code, _ := strconv.Atoi(failure) // a reason of the gate is no number
	return Failure{
		Code: failure, ProviderCode: code,
		Sentence: Words{words.Sentence.DE, words.Sentence.EN}, Helps: Words{words.Helps.DE, words.Helps.EN},
	}
}
