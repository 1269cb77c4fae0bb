package inbound_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
)

// sends is a Message of some kind.
func sends(to *directory.Entry, from []desk.Alias, wamid string, kind desk.Kind, ago time.Duration) desk.Arrival {
	a := says(to, from, wamid, wamid, ago)
	a.Message.Kind = kind
	return a
}

// What people send that is not text asks for a line, once in a batch for each kind of it and
// Conversation, and never again because a Delivery comes twice (GDPR Art. 13).
func TestOccasionsAskForLines(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		at := w.inbox(t, w.controller(t), "secret")
		anna, bert := phone("+491700000001"), phone("+491700000002")
		w.deliver(t, at, says(at, anna, "hello", "hello", 5*time.Minute), says(at, bert, "hi", "hi", 5*time.Minute))
		w.process(t, 200)
		var batch []desk.Arrival
		for i := range 10 {
			batch = append(batch, sends(at, anna, fmt.Sprintf("photo %d", i), desk.KindImage, time.Duration(60-i)*time.Second))
		}
		batch = append(batch, sends(at, anna, "film", desk.KindVideo, 0), sends(at, anna, "voice", desk.KindAudio, 0), sends(at, anna, "paper", desk.KindDocument, 0),
			sends(at, anna, "place", desk.KindLocation, 0), sends(at, anna, "sticker", desk.KindSticker, 0), sends(at, bert, "his photo", desk.KindImage, 0))
		for range 3 {
			id := w.deliver(t, at, batch...)
			w.process(t, 200)
			w.again(t, at, id)
			w.process(t, 200)
		}
		m := w.messages(t, at)
		ids := func(words ...string) (ids []desk.MessageID) {
			for _, s := range words {
				ids = append(ids, m[s].ID)
			}
			return ids
		}
		same := func(whose string, got, want []desk.MessageID) {
			t.Helper()
			for _, list := range [][]desk.MessageID{got, want} {
				slices.SortFunc(list, func(a, b desk.MessageID) int { return slices.Compare(a[:], b[:]) })
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %d answers are asked for, want %d", whose, len(got), len(want))
			}
		}
		same("anna", w.asks(t, at, m["hello"].Conversation), ids("hello", "photo 0", "voice", "paper", "place"))
		same("bert", w.asks(t, at, m["hi"].Conversation), ids("hi", "his photo"))
	})
}
