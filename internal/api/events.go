package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/httpd"
	"botschaft/internal/inbox"
	"botschaft/internal/live"
)

const (
	heartbeat   = 15 * time.Second
	reconsider  = time.Minute // how often a stream asks again who listens
	slowestRead = 30 * time.Second
)

func (a *API) events() {
	a.mux.Handle("GET /api/v1/events", a.Stream(http.HandlerFunc(a.follow)))
	op := operation("events-follow", http.MethodGet, "/events", "Follow changes as server-sent events", http.StatusOK)
	op.Description = "Each event `change` has a number as its id. Send the last one as Last-Event-ID to continue, or as_of of a list. " +
		"`live` says that everything before now was told; `reload` that the stream cannot continue from there and ends."
	op.Extensions = map[string]any{rightKey: string(auth.ReadConversations)}
	op.Security = []map[string][]string{{"session": {}}, {"token": {}}}
	op.Parameters = []*huma.Param{{Name: "Last-Event-ID", In: "header", Schema: &huma.Schema{Type: "string"}}}
	schemas := a.huma.OpenAPI().Components.Schemas
	op.Responses = map[string]*huma.Response{
		"200": {Description: "The stream", Content: map[string]*huma.MediaType{
			"text/event-stream": {Schema: schemas.Schema(reflect.TypeFor[Change](), true, "Change")},
		}},
		"default": {Description: "Error", Content: map[string]*huma.MediaType{
			"application/problem+json": {Schema: schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")},
		}},
	}
	a.huma.OpenAPI().AddOperation(&op)
}

// stream is one listener.
type stream struct {
	api     *API
	w       http.ResponseWriter
	r       *http.Request
	flush   *http.ResponseController
	who     auth.Principal
	reach   desk.Reach      // nothing is looked up per event
	inboxes []*inbox.Served // that it serves
	checked time.Time
	names   names
	counts  inbox.Counts // as told last
	at      int64
}

func (a *API) follow(w http.ResponseWriter, r *http.Request) {
	s := &stream{api: a, w: w, r: r, flush: http.NewResponseController(w)}
	if err := s.begin(r.Context()); err != nil {
		httpd.WriteProblem(w, r, err)
		return
	}
	defer a.Feed.Listen()()
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would hold events back
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return
	}
	if err := s.run(r.Context()); err != nil && r.Context().Err() == nil && !errors.Is(err, errEnded) {
		httpd.Blame(w, err)
	}
}

// errEnded ends a stream on purpose: the browser comes back and is told why.
var errEnded = errors.New("the stream has ended")

// begin admits the listener and finds its place.
func (s *stream) begin(ctx context.Context) error {
	if err := s.admit(ctx); err != nil {
		return err
	}
	if err := s.api.Inbox.Looked(ctx, s.who.Actor()); err != nil {
		return err
	}
	last, err := s.api.LastEvent(ctx)
	s.at = last
	return err
}

// admit asks who listens, and where they may.
func (s *stream) admit(ctx context.Context) error {
	who, err := s.api.admit(s.r, auth.ReadConversations, s.api.Authenticator.Recognise)
	if err != nil {
		return err
	}
	reach, err := s.api.People.Reach(ctx, who)
	if err != nil {
		return err
	}
	s.who, s.reach, s.checked = who, reach, s.api.Now()
	if err := s.surround(ctx, who); err != nil {
		return err
	}
	s.names, err = s.api.names(ctx)
	return err
}

func (s *stream) run(ctx context.Context) error {
	if reload, err := s.place(ctx); err != nil {
		return err
	} else if reload {
		return s.send("event: reload\ndata: {}\n\n")
	}
	if err := s.catchUp(ctx); err != nil {
		return err
	}
	beat := time.NewTicker(s.api.beat) // whatever is told to others meanwhile
	defer beat.Stop()
	for {
		items, err := s.api.Feed.Next(ctx, s.at, beat.C)
		switch {
		case err != nil:
		case len(items) == 0:
			err = s.idle(ctx)
		default:
			err = s.tell(ctx, items)
		}
		if err != nil {
			return err
		}
	}
}

// place reads Last-Event-ID. Without one the stream begins now.
func (s *stream) place(ctx context.Context) (reload bool, err error) {
	given := s.r.Header.Get("Last-Event-ID")
	if given == "" {
		return false, nil
	}
	c, err := desk.ParseCursor(given)
	if err != nil || c.Feed != s.api.FeedName {
		return true, nil
	}
	err = s.api.Feed.Check(ctx, c.N)
	if errors.Is(err, live.ErrGone) {
		return true, nil
	}
	s.at = c.N
	return false, err
}

// catchUp tells what happened before now, then says so.
func (s *stream) catchUp(ctx context.Context) error {
	last, err := s.api.LastEvent(ctx)
	if err != nil {
		return err
	}
	for s.at < last {
		items, err := s.api.Feed.Next(ctx, s.at, nil)
		if err != nil {
			return err
		}
		if err := s.tell(ctx, items); err != nil {
			return err
		}
	}
	return s.send("id: " + s.cursor() + "\nevent: live\ndata: {}\n\n")
}

func (s *stream) cursor() string { return desk.Cursor{Feed: s.api.FeedName, N: s.at}.String() }

// idle keeps the line alive and asks again, now and then, who listens.
func (s *stream) idle(ctx context.Context) error {
	if err := s.again(ctx, false); err != nil {
		return err
	}
	return s.send(": still here\n\n")
}

// again admits anew after a while, or at once. Whoever may not listen any more is cut
// off: who is logged out learns it by the 401 to the next request; who is logged in and
// became somebody who reads no Conversations is told so first, since for a browser a
// 403 to the stream alone looks like a broken line.
func (s *stream) again(ctx context.Context, now bool) error {
	if !now && s.api.Now().Sub(s.checked) < reconsider {
		return nil
	}
	if err := s.admit(ctx); err != nil {
		switch desk.CodeOf(err) {
		case desk.CodeUnauthorized:
			return errEnded
		case desk.CodeForbidden:
			return errors.Join(s.dismiss(), errEnded)
		}
		return err
	}
	return s.api.Inbox.Looked(ctx, s.who.Actor())
}

// dismiss tells the listener that its access changed, and nothing else.
func (s *stream) dismiss() error {
	var out bytes.Buffer
	if err := s.frame(&out, Change{Kind: desk.EventAccess}); err != nil {
		return err
	}
	return s.send(out.String())
}

// tell sends what concerns the listener. Of several events about the same thing the
// last one alone is sent: they all show it as it is now.
func (s *stream) tell(ctx context.Context, items []live.Item[inbox.News]) error {
	if err := s.again(ctx, concernsAccess(items, s.who.Agent)); err != nil {
		return err
	}
	s.at = items[len(items)-1].N
	if !slices.ContainsFunc(items, func(it live.Item[inbox.News]) bool { return s.concerns(&it.Event) }) {
		return nil
	}
	last := lastOf(items)
	var out bytes.Buffer
	for i := range items {
		e := &items[i]
		s.at = e.N
		if last[keyOf(&e.Event)] != i || !s.concerns(&e.Event) {
			continue
		}
		if err := s.frame(&out, s.change(e)); err != nil {
			return err
		}
	}
	counts, changed, err := s.counted(ctx, items)
	if err != nil {
		return err
	}
	if changed {
		if err := s.frame(&out, Change{Kind: desk.EventCounts, Counts: some(counts)}); err != nil {
			return err
		}
	}
	if out.Len() == 0 {
		return nil
	}
	return s.send(out.String())
}

// thing is what an event is about.
type thing struct {
	kind         desk.EventKind
	conversation desk.ConversationID
	message      desk.MessageID
	turn         desk.TurnID
	inbox        desk.InboxID
	agent        desk.AgentID // whom alone it concerns
}

func keyOf(e *desk.Event) thing {
	return thing{e.Kind, e.Conversation, e.Message, e.Turn, e.Inbox, e.Agent}
}

// lastOf finds the last event about each thing.
func lastOf(items []live.Item[inbox.News]) map[thing]int {
	last := map[thing]int{}
	for i := range items {
		last[keyOf(&items[i].Event)] = i
	}
	return last
}

// frame writes one change at the place the stream has reached.
func (s *stream) frame(out *bytes.Buffer, c Change) error {
	data, err := json.Marshal(c)
	if err != nil {
		return err
	}
	out.WriteString("id: " + s.cursor() + "\nevent: change\ndata: ")
	out.Write(data)
	out.WriteString("\n\n")
	return nil
}

// concernsAccess tells whether who listens, or what they serve, must be asked anew.
func concernsAccess(items []live.Item[inbox.News], agent desk.AgentID) bool {
	for i := range items {
		if e := &items[i]; e.Kind == desk.EventInbox || e.Kind == desk.EventAccess && (e.Agent.IsZero() || e.Agent == agent) {
			return true
		}
	}
	return false
}

func (s *stream) concerns(e *desk.Event) bool {
	switch e.Kind {
	case desk.EventAccess:
		return e.Agent == s.who.Agent
	case desk.EventReading:
		if e.Agent != s.who.Agent {
			return false
		}
	case desk.EventApproval:
		if !auth.May(s.who.Role, auth.DecideApprovals) {
			return false
		}
	}
	return s.reach.Covers(e.Controller, e.Inbox)
}

// send writes and flushes; a listener that does not read is cut off.
func (s *stream) send(text string) error {
	_ = s.flush.SetWriteDeadline(time.Now().Add(slowestRead)) // of the connection, so by the real clock
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.flush.Flush()
}
