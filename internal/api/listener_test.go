package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// patience is how long a test waits for what must come.
const patience = 10 * time.Second

// told is one event of the stream, or a comment.
type told struct {
	raw, id, event, data, comment string
}

// listener follows the stream.
type listener struct {
	res *http.Response
	all chan told // closed when the stream ends
}

// listens opens the stream at a place; empty is now.
func (w *world) listens(t *testing.T, who asker, lastEventID string) *listener {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	q := question{method: "GET", path: "/api/v1/events", header: http.Header{}}
	if lastEventID != "" {
		q.header.Set("Last-Event-ID", lastEventID)
	}
	res := w.open(ctx, t, who, q)
	if res.StatusCode != http.StatusOK {
		t.Fatalf("%s may not listen: %d", who.name, res.StatusCode)
	}
	l := newListener(res)
	t.Cleanup(func() {
		cancel()
		for range l.all { // until the reader is gone
		}
		_ = res.Body.Close()
	})
	return l
}

func newListener(res *http.Response) *listener {
	l := &listener{res: res, all: make(chan told, 1000)}
	go func() {
		defer close(l.all)
		for in := bufio.NewReader(res.Body); ; {
			e, err := readEvent(in)
			if err != nil {
				return
			}
			l.all <- e
		}
	}()
	return l
}

// readEvent reads up to the blank line.
func readEvent(in *bufio.Reader) (told, error) {
	var e told
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return e, err
		}
		e.raw += line
		field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch field {
		case "":
			if line != "\n" {
				e.comment = value
				continue
			}
			return e, nil
		case "id":
			e.id = value
		case "event":
			e.event = value
		case "data":
			e.data = value
		default:
			return e, io.ErrUnexpectedEOF
		}
	}
}

// next waits for the next event; none has an empty raw.
func (l *listener) next(t *testing.T) told {
	t.Helper()
	select {
	case e := <-l.all:
		return e
	case <-time.After(patience):
		t.Fatal("the stream is silent")
		return told{}
	}
}

// live reads up to the word that everything before now was told.
func (l *listener) live(t *testing.T) (before []told, at told) {
	t.Helper()
	for {
		e := l.next(t)
		switch e.event {
		case "live":
			return before, e
		case "":
			if e.raw == "" {
				t.Fatal("the stream ended before it was live")
			}
		default:
			if !e.isCounts() {
				before = append(before, e)
			}
		}
	}
}

// change reads the next change that is about something.
func (l *listener) change(t *testing.T) (change, told) {
	t.Helper()
	for {
		e := l.next(t)
		if e.comment != "" || e.isCounts() {
			continue
		}
		if e.event != "change" {
			t.Fatalf("instead of a change came %q", e.raw)
		}
		return e.change(t), e
	}
}

// change is an event's data.
type change struct {
	Kind         string
	Conversation *struct {
		ID         string
		Controller struct{ ID, Name string }
		Last       *struct{ Text string }
	}
	Message   *struct{ ID, Text, Status string }
	MessageID string `json:"message_id"`
	Turn      *struct{ ID, Kind, Text string }
	TurnID    string `json:"turn_id"`
	Inbox     *struct{ ID string }
	Reading   *struct {
		Conversation string
		Position     int64
	}
	Presence *struct {
		People []struct{ ID, State string }
	}
	Counts *counts
}

// counts is how many Conversations stand in each view.
type counts struct {
	Items []struct {
		Inbox                         string
		Mine, Unassigned, All, Closed int64
	}
	Unread int64
}

// isCounts tells whether a change only counts anew: it follows the change it is about.
func (e told) isCounts() bool { return strings.Contains(e.data, `{"kind":"counts"`) }

func (e told) change(t *testing.T) (c change) {
	t.Helper()
	if err := json.Unmarshal([]byte(e.data), &c); err != nil {
		t.Fatalf("%q: %v", e.raw, err)
	}
	return c
}

// ended waits for the end of the stream and gives what was told before.
func (l *listener) ended(t *testing.T) (before []told) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		e := l.next(t)
		if e.raw == "" {
			return before
		}
		if e.comment == "" {
			before = append(before, e)
		}
	}
	t.Fatal("the stream goes on")
	return before
}
