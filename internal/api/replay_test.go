package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"testing"
	"time"

	"botschaft/internal/desk"
)

// The front end's apply must make of a state and the events behind it what the server
// shows when it is asked anew. This test plays a shift and writes down what was shown
// before, what was told meanwhile and what was shown afterwards; Vitest replays it.
const recordingFile = "../../web/app/tests/replay/shift.json"

// snapshot is what the app would load.
type snapshot struct {
	Lists  map[string]json.RawMessage `json:"lists"`
	Thread json.RawMessage            `json:"thread"`
	Other  json.RawMessage            `json:"other_thread"`
	Counts json.RawMessage            `json:"counts"`
	People json.RawMessage            `json:"presence"`
}

// recording is a shift.
type recording struct {
	Me     json.RawMessage   `json:"me"`
	Open   string            `json:"open"`  // the Conversation whose thread the app shows
	Other  string            `json:"other"` // one whose thread it keeps
	Before snapshot          `json:"before"`
	Events []json.RawMessage `json:"events"` // as {n, change}
	After  snapshot          `json:"after"`
}

// shift is an agent's work while a listener writes down.
type shift struct {
	*world
	t      *testing.T
	me     asker
	ben    asker
	self   desk.AgentID
	colleg desk.AgentID
	open   desk.Conversation
	other  desk.Conversation
	ear    *listener
	heard  []json.RawMessage
}

func (s *shift) get(path string) json.RawMessage {
	s.t.Helper()
	a := s.ask(s.t, s.me, question{method: "GET", path: "/api/v1" + path})
	if a.status != 200 {
		s.t.Fatalf("GET %s: %d %s", path, a.status, a.body)
	}
	return json.RawMessage(a.body)
}

func (s *shift) snapshot() snapshot {
	s.t.Helper()
	shot := snapshot{
		Lists: map[string]json.RawMessage{}, Thread: s.get("/conversations/" + s.open.ID.String() + "/thread"),
		Other: s.get("/conversations/" + s.other.ID.String() + "/thread"), Counts: s.get("/counts"),
		People: s.get("/conversations/" + s.open.ID.String() + "/presence"),
	}
	for view, sort := range map[string]string{"mine": "due", "unassigned": "due", "all": "newest", "closed": "newest"} {
		shot.Lists[view] = s.get("/conversations?view=" + view + "&sort=" + sort)
	}
	return shot
}

// does acts over the API.
func (s *shift) does(who asker, method, path string, body any) {
	s.t.Helper()
	if a := s.ask(s.t, who, question{method: method, path: "/api/v1" + path, body: body}); a.status >= 300 {
		s.t.Fatalf("%s %s: %d %s", method, path, a.status, a.body)
	}
	s.listen()
}

// listen writes down until what has happened so far was told.
func (s *shift) listen() {
	s.t.Helper()
	s.numbered(s.t)
	last, err := s.LastEvent(s.t.Context())
	must(s.t, err)
	for told := int64(-1); told < last; {
		e := s.ear.next(s.t)
		if e.event != "change" {
			continue
		}
		c, err := desk.ParseCursor(e.id)
		must(s.t, err)
		told = c.N
		s.heard = append(s.heard, json.RawMessage(fmt.Sprintf(`{"n":%d,"change":%s}`, c.N, e.data)))
	}
	s.clock.Add(20 * time.Second) // all within the ten minutes for which opening counts
}

func (s *shift) path(c desk.Conversation, rest string) string {
	return "/conversations/" + c.ID.String() + rest
}

// work is the shift: every kind of event, in the order a day brings them.
func (s *shift) work() {
	t, self, colleague := s.t, s.self.String(), s.colleg.String()
	s.hears(t, s.open, "Und noch etwas")
	s.listen()
	s.does(s.me, "PUT", s.path(s.open, "/assignment"), map[string]any{"agent": self, "was": ""})
	s.does(s.me, "PUT", s.path(s.open, "/reading"), map[string]any{"position": 3})
	s.does(s.ben, "PUT", s.path(s.open, "/presence"), map[string]any{"state": "viewing"})
	s.does(s.me, "POST", s.path(s.open, "/notes"), map[string]any{"client_id": "n", "text": "Police liegt vor."})
	s.does(s.me, "POST", s.path(s.open, "/messages"), map[string]any{"client_id": "m", "kind": "text", "text": "Gern."})
	s.does(s.ben, "PUT", s.path(s.open, "/presence"), map[string]any{"state": "writing"})
	s.does(s.ben, "POST", s.path(s.open, "/messages"), map[string]any{"client_id": "b", "kind": "text", "text": "Ich auch."})
	s.hears(t, s.open, "Danke")
	s.listen()
	newcomer := s.wrote(t, s.north)
	s.listen()
	s.does(s.ben, "PUT", s.path(newcomer, "/assignment"), map[string]any{"agent": colleague})
	s.does(s.ben, "POST", s.path(newcomer, "/transfers"), map[string]any{"agent": self, "note": "Kennst du den Fall?"})
	s.does(s.me, "PUT", s.path(newcomer, "/snooze"), map[string]any{"until": nil})
	s.does(s.me, "PUT", s.path(s.other, "/snooze"), map[string]any{"until": s.Now().Add(time.Hour)})
	s.does(s.me, "DELETE", s.path(s.other, "/snooze"), nil)
	s.does(s.ben, "POST", s.path(s.other, "/closure"), map[string]any{"reason": "Doppelt"})
	s.does(s.me, "DELETE", s.path(s.other, "/closure"), nil)
	s.does(s.me, "DELETE", s.path(s.open, "/assignment"), nil)
	s.does(s.me, "PUT", s.path(s.open, "/restriction"), map[string]any{"reason": "Auf Wunsch"})
	s.does(s.me, "PUT", s.path(s.open, "/language"), map[string]any{"language": "tr"})
	s.does(s.me, "POST", s.path(s.other, "/closure"), map[string]any{})
	s.does(s.me, "PUT", s.path(s.open, "/reading"), map[string]any{"position": 2})
	s.does(s.ben, "PUT", s.path(s.open, "/presence"), map[string]any{"state": "viewing"})
	// What was counted is told behind the change it is about: one more lets it be heard.
	s.does(s.me, "PUT", s.path(s.open, "/reading"), map[string]any{"position": 3})
}

func TestShiftIsRecorded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.run(t)
		s := &shift{world: w, t: t, self: w.agent(t, desk.RoleAgent, w.north), colleg: w.agent(t, desk.RoleAgent, w.north)}
		s.me, s.ben = w.byCookie(t, "me", desk.RoleAgent, w.north, s.self), w.byCookie(t, "ben", desk.RoleAgent, w.north, s.colleg)
		s.open, s.other = w.north.conversation, w.wrote(t, w.north)
		w.clock.Add(time.Minute)
		w.hears(t, s.other, "Guten Morgen")
		w.clock.Add(time.Minute)
		w.numbered(t)
		r := recording{Me: s.get("/me"), Open: s.open.ID.String(), Other: s.other.ID.String(), Before: s.snapshot()}
		s.ear = w.listens(t, s.me, w.asOf(t, s.me))
		s.work()
		r.Events, r.After = s.heard, s.snapshot()
		raw, err := json.MarshalIndent(r, "", " ")
		must(t, err)
		checkRecording(t, append(named(raw), '\n'))
	})
}

// named gives ids and session names that are the same each time.
func named(raw []byte) []byte {
	seen := map[string]string{}
	ids := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`)
	return ids.ReplaceAllFunc(raw, func(id []byte) []byte {
		name, ok := seen[string(id)]
		if !ok {
			name = fmt.Sprintf("00000000-0000-7000-8000-%012d", len(seen)+1)
			seen[string(id)] = name
		}
		return []byte(name)
	})
}

func checkRecording(t *testing.T, now []byte) {
	t.Helper()
	if *update {
		must(t, os.WriteFile(recordingFile, now, 0o600))
	}
	have, err := os.ReadFile(recordingFile)
	must(t, err)
	if !bytes.Equal(have, now) {
		t.Errorf("%s is not what happens now: go test ./internal/api -run TestShiftIsRecorded -args -update", recordingFile)
	}
}
