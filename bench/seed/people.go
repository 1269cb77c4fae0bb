package seed

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"botschaft/internal/desk"
)

// Phone is the number of the n-th Contact as WhatsApp writes it, without a plus.
func Phone(n int) string { return fmt.Sprintf("49150%07d", n) }

// Name is what the n-th Contact calls itself.
func Name(n int) string { return fmt.Sprintf("Sender %d", n) }

// Wamid is WhatsApp's id of the m-th Message of the n-th Contact's Conversation.
func Wamid(n, m int) string { return fmt.Sprintf("wamid.seed.%d.%d", n, m) }

// Size tells how many Messages the n-th Conversation has. Two neighbours differ, and
// together they have what two of average length have.
func (p *Plan) Size(n int) int {
	size := p.Messages / p.Conversations
	if n < p.Messages%p.Conversations {
		size++
	}
	pair := n &^ 1
	if pair+1 == p.Conversations || p.Messages/p.Conversations < 2 {
		return size
	}
	shift := p.chance(pair, 1).IntN(p.Messages / p.Conversations)
	if n == pair {
		return size + shift
	}
	return size - shift
}

// IsSent tells whether the m-th Message of the n-th Conversation is one of ours. The
// first is the Contact's; of the others every third is ours, more or less.
func (p *Plan) IsSent(n, m int) bool { return m > 0 && p.chance(n, uint64(m)<<8|2).IntN(3) == 0 }

// chance gives the chances of a matter; the same each time.
func (p *Plan) chance(n int, matter uint64) *rand.Rand {
	return rand.New(rand.NewPCG(p.Seed^matter<<32, uint64(n)))
}

// person is a Contact with its Identity, readable still.
type person struct {
	number   int
	contact  desk.Contact
	identity desk.Identity
}

// letter is a Message, readable still.
type letter struct {
	number, place int // whose, and which of theirs
	text          string
	message       desk.Message
}

// invent makes a Contact and its Conversation.
func (p *Plan) invent(b *batch, n int) {
	r := p.chance(n, 3)
	size := p.Size(n)
	last := p.At.Add(-age(n, p.Conversations)).Truncate(time.Second)
	begun := last.Add(-time.Duration(size) * 20 * time.Minute)
	who := person{number: n}
	who.contact = desk.Contact{ID: id[desk.Contact](r, begun), Controller: p.Controller, CreatedAt: begun}
	who.identity = desk.Identity{
		ID: id[desk.Identity](r, begun), Controller: p.Controller, Contact: who.contact.ID, Kind: desk.IdentityPhone, ValidFrom: begun,
	}
	c := desk.Conversation{
		ID: id[desk.Conversation](r, begun), Controller: p.Controller, Inbox: p.Inbox, Contact: who.contact.ID, OpenedAt: begun, Receiving: true,
	}
	for m := range size {
		at := begun.Add(time.Duration(float64(last.Sub(begun)) * float64(m+1) / float64(size))).Truncate(time.Second)
		b.letters = append(b.letters, p.letter(r, &c, n, m, at))
	}
	p.fate(r, b, &c)
	b.people = append(b.people, who)
	b.conversations = append(b.conversations, c)
}

// age is how long ago the n-th of all Conversations was last written in: the later ones
// recently, a fifth within the last day.
func age(n, all int) time.Duration {
	x := float64(all-n-1) / float64(all)
	return time.Duration(x * x * x * float64(span))
}

func (p *Plan) letter(r *rand.Rand, c *desk.Conversation, n, m int, at time.Time) letter {
	l := letter{number: n, place: m, text: sentence(r)}
	l.message = desk.Message{
		ID: id[desk.Message](r, at), Controller: c.Controller, Inbox: c.Inbox, Contact: c.Contact, Conversation: c.ID,
		Direction: desk.In, Kind: desk.KindText, At: at.Add(400 * time.Millisecond), ExternalAt: at, ThreadAt: at,
		Status: desk.StatusReceived, StatusAt: at.Add(400 * time.Millisecond), Origin: desk.OriginContact,
	}
	if p.IsSent(n, m) {
		l.message.Direction, l.message.Status, l.message.Origin, l.message.Author = desk.Out, desk.StatusSent, desk.OriginAgent, p.Agent
	} else {
		c.OpenWindow(l.message.ExternalAt, l.message.At)
	}
	c.Receive(&l.message)
	return l
}

// fate lets three in ten be closed, two in a hundred be somebody's, and three rest.
func (p *Plan) fate(r *rand.Rand, b *batch, c *desk.Conversation) {
	now := c.LastAt.Add(time.Second)
	var t desk.Turn
	switch chance := r.IntN(100); {
	case chance < 30:
		t = c.Turn(desk.TurnClosed, p.Agent, now)
		c.Closed, c.Receiving = &desk.Closure{At: now, By: p.Agent}, false
	case chance < 32:
		t = c.Turn(desk.TurnAssigned, p.Agent, now)
		t.To, c.Assignee = p.Agent, p.Agent
	case chance < 35:
		t = c.Turn(desk.TurnSnoozed, p.Agent, now)
		c.Snoozed = &desk.Snooze{At: now, By: p.Agent}
	default:
		return
	}
	t.ID = id[desk.Turn](r, now)
	b.turns = append(b.turns, t)
}

// id makes a UUIDv7 of a moment, as the house would have then.
func id[Noun any](r *rand.Rand, at time.Time) (made desk.ID[Noun]) {
	binary.BigEndian.PutUint64(made[:8], uint64(at.UnixMilli())<<16|0x7000|r.Uint64()&0xfff)
	binary.BigEndian.PutUint64(made[8:], r.Uint64()&^(3<<62)|2<<62)
	return made
}

// sentence is what people write, of 80 characters or so.
func sentence(r *rand.Rand) string {
	about := []string{"zu meinem Vertrag", "zur letzten Rechnung", "zum Schaden von gestern", "zu meiner neuen Adresse"}
	asks := []string{"Können Sie mir bitte helfen?", "Wann höre ich von Ihnen?", "Was muss ich dafür einreichen?"}
	return strings.Join([]string{"Guten Tag, ich habe eine Frage", about[r.IntN(len(about))] + ".", asks[r.IntN(len(asks))]}, " ")
}
