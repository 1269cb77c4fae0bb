package api

import (
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/inbox"
)

// Quoted is the message that another one answers or changes.
type Quoted struct {
	ID        string         `json:"id" format:"uuid"`
	Direction desk.Direction `json:"direction" enum:"in,out"`
	Kind      desk.Kind      `json:"kind"`
	Text      string         `json:"text" doc:"As it is now; empty where it was taken back."`
}

// Reaction is what one side feels about a message.
type Reaction struct {
	By    desk.Direction `json:"by" enum:"in,out" doc:"in: the contact."`
	Emoji string         `json:"emoji"`
	At    time.Time      `json:"at"`
}

// Wording is what a message said until it was changed.
type Wording struct {
	Text string    `json:"text"`
	At   time.Time `json:"at" doc:"From when."`
}

// relate shows what a Message is about and what became of it.
func relate(v *Message, m *inbox.Message) {
	if m.About != nil {
		v.About = some(Quoted{m.About.ID.String(), m.About.Direction, m.About.Kind, m.About.Text.Reveal()})
	}
	v.Reactions, v.Earlier = make([]Reaction, len(m.Reactions)), make([]Wording, len(m.Earlier))
	for i, r := range m.Reactions {
		v.Reactions[i] = Reaction{r.By, r.Emoji.Reveal(), r.At}
	}
	for i, w := range m.Earlier {
		v.Earlier[i] = Wording{w.Text.Reveal(), w.At}
	}
}
