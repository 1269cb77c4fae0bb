package desktest

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// ear is an Agent's event stream, open until the house or the scenario ends.
type ear struct {
	mu    sync.Mutex
	live  bool   // everything before now was told
	from  string // the event it became live at
	ended bool
	heard []change
}

// change is an event as the stream tells it.
type change struct {
	Conversation *conversationSeen
	Message      *messageSeen
}

// listen opens the stream of an Agent behind an event, or from now on, and waits until
// everything before was told.
func (w *world) listen(ctx context.Context, who *colleague, behind string) (*ear, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.door.url()+"/api/v1/events", http.NoBody)
	if err != nil {
		return nil, err
	}
	who.introduce(r)
	r.Header.Set("Last-Event-ID", behind)
	endless := http.Client{Transport: w.client.Transport}
	resp, err := endless.Do(r)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		text, err := w.kept(resp)
		return nil, errors.Join(err, problemOf(resp, text))
	}
	e := &ear{}
	go func() {
		defer func() { _ = resp.Body.Close() }()
		e.hear(bufio.NewScanner(resp.Body))
	}()
	return e, eventually(func() error { return errors.New("the stream does not become live") }, e.is(func() bool { return e.live }))
}

// hear reads events until the stream ends.
func (e *ear) hear(lines *bufio.Scanner) {
	lines.Buffer(nil, 1<<20)
	id, event := "", ""
	for lines.Scan() {
		if text, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
			id = text
		}
		if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			event = name
		}
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			e.note(id, event, data)
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ended = true
}

func (e *ear) note(id, event, data string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var c change
	switch {
	case event == "live":
		e.live, e.from = true, id
	case event == "change" && json.Unmarshal([]byte(data), &c) == nil:
		e.heard = append(e.heard, c)
	}
}

// is asks the ear something.
func (e *ear) is(fn func() bool) func() (bool, error) {
	return func() (bool, error) {
		e.mu.Lock()
		defer e.mu.Unlock()
		return fn(), nil
	}
}

func agentListens(ctx context.Context, w *world, a args) error {
	who, err := w.agent(ctx, a.one("AGENT"))
	if err != nil {
		return err
	}
	who.ear, err = w.listen(ctx, who, "")
	return err
}

// listener gives an Agent who listens, and the person a line is about.
func (w *world) listener(ctx context.Context, a args) (*colleague, party, error) {
	who, err := w.agent(ctx, a.one("AGENT"))
	if err != nil {
		return nil, party{}, err
	}
	if who.ear == nil {
		return nil, party{}, fmt.Errorf("%s does not listen", a.one("AGENT"))
	}
	c, err := w.party(a.one("CUSTOMER"))
	return who, c, err
}

// tells finds what was told of a person's Conversation in an Inbox.
func (e *ear) tells(c party) []*conversationSeen {
	e.mu.Lock()
	defer e.mu.Unlock()
	var found []*conversationSeen
	for _, x := range e.heard {
		if v := x.Conversation; v != nil && v.Contact.Name == c.name && v.Inbox.ID == c.in.id.String() {
			found = append(found, v)
		}
	}
	return found
}

// agentHears waits until the stream has told of a conversation whose newest line says
// the text.
func agentHears(ctx context.Context, w *world, a args) error {
	who, c, err := w.listener(ctx, a)
	if err != nil {
		return err
	}
	return eventually(func() error { return fmt.Errorf("of %d changes none tells it", len(who.ear.tells(c))) }, func() (bool, error) {
		return slices.ContainsFunc(who.ear.tells(c), func(v *conversationSeen) bool {
			return v.Last != nil && w.plain(v.Last.Text) == a.one("TEXT")
		}), nil
	})
}

// agentHearsNothing checks that the stream never told of the person's conversation in
// that Inbox, nor does one that begins where the first did and has told everything.
func agentHearsNothing(ctx context.Context, w *world, a args) error {
	who, c, err := w.listener(ctx, a)
	if err != nil {
		return err
	}
	if err := eventually(func() error { return errors.New("events wait for their numbers") }, func() (bool, error) {
		var n int
		err := w.data.QueryRowContext(ctx, `SELECT COUNT(*) FROM event WHERE n IS NULL`).Scan(&n)
		return n == 0, err
	}); err != nil {
		return err
	}
	ctx, leave := context.WithCancel(ctx)
	defer leave()
	second, err := w.listen(ctx, who, who.ear.from)
	if err != nil {
		return err
	}
	if n := len(second.tells(c)) + len(who.ear.tells(c)); n > 0 {
		return fmt.Errorf("it heard %d changes", n)
	}
	return nil
}

func agentIsCutOff(ctx context.Context, w *world, a args) error {
	who, err := w.agent(ctx, a.one("AGENT"))
	if err != nil {
		return err
	}
	if who.ear == nil {
		return fmt.Errorf("%s never listened", a.one("AGENT"))
	}
	return eventually(func() error { return fmt.Errorf("the stream goes on") }, who.ear.is(func() bool { return who.ear.ended }))
}
