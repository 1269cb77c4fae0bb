package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"botschaft/internal/simulator"
)

// hold says which requests are held, by the end of their path, and whether they reach WhatsApp.
type hold struct {
	path    string
	reaches bool
}

// holding keeps what WhatsApp answers from whoever asked, until the one who asked is gone or it is
// let go.
type holding struct {
	http.Handler
	now     atomic.Pointer[hold]
	uploads atomic.Int32
	held    chan struct{}
	letGo   chan struct{}
}

func (v *holding) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/media") {
		v.uploads.Add(1)
	}
	now := v.now.Load()
	if now == nil || !strings.HasSuffix(r.URL.Path, now.path) {
		v.Handler.ServeHTTP(w, r)
		return
	}
	answer := httptest.NewRecorder()
	if now.reaches {
		v.Handler.ServeHTTP(answer, r)
	}
	_, _ = io.Copy(io.Discard, r.Body) // only then the end of the connection is seen
	v.held <- struct{}{}
	select {
	case <-r.Context().Done():
	case <-v.letGo:
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}
}

// TestKill9BetweenUploadAndSend kills the server at every step on which the file of a Message is
// with WhatsApp and the Message is not: before the answer to the upload came, once it was noted,
// and when the send has begun. An upload that nobody knows of is repeated; a send is not, unless
// somebody says so. The person gets the file once (decisions 6 and 27).
func TestKill9BetweenUploadAndSend(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, h *house) {
		sim := simulator.New(simulator.Config{AppSecret: []byte(appSecret), AccessToken: accessToken, VerifyToken: verifyToken})
		v := &holding{Handler: sim.Handler(), held: make(chan struct{}, 8), letGo: make(chan struct{})}
		h.faces(sim, v, simulator.Number{})
		_, err := sim.AddCustomer(simulator.NewCustomer{ID: "anna", Name: "Anna", Phone: "+49 1570 0000001"})
		must(t, err)
		h.start()
		_, err = sim.Say("anna", phoneNumberID, "Bitte das Angebot")
		must(t, err)
		eventually(t, 30*time.Second, "anna is informed", func() bool {
			all, err := sim.Messages("anna", phoneNumberID)
			must(t, err)
			return len(all) == 2 && len(h.messages()) == 1
		})
		inbox := h.onlyInbox()

		v.now.Store(&hold{"/media", true})
		h.sendsDocument("Das Angebot in einem Dokument")
		h.killedWhile(v, "the file is uploaded")
		h.start()
		v.await(t, "it is uploaded once more")
		wantStatus(t, "pause", h.call(http.MethodPut, "/inboxes/"+inbox+"/pause", `{"reason":"a test"}`), http.StatusNoContent)
		v.now.Store(nil)
		v.letGo <- struct{}{}
		db := h.open("data")
		eventually(t, 30*time.Second, "its id is noted", func() bool {
			var n int
			must(t, db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM dispatch WHERE media IS NOT NULL").Scan(&n))
			return n == 1
		})
		want(t, "the server's status", h.serving.end(t, syscall.SIGKILL), -1)
		v.now.Store(&hold{"/messages", false})
		h.start()
		want(t, "its status", h.document().Status, "queued")
		wantStatus(t, "resume", h.call(http.MethodDelete, "/inboxes/"+inbox+"/pause", ""), http.StatusNoContent)
		h.killedWhile(v, "it is sent")
		v.now.Store(nil)
		h.start()
		eventually(t, 30*time.Second, "it is in doubt", func() bool { return h.document().Status == "in_doubt" })
		want(t, "files that arrived", documentsAt(t, sim), 0)
		path := "/messages/" + h.document().ID + "/attempts"
		wantStatus(t, "repeated unwarned", h.call(http.MethodPost, path, `{"confirm_doubt":false}`), http.StatusConflict)
		wantStatus(t, "repeated", h.call(http.MethodPost, path, `{"confirm_doubt":true}`), http.StatusCreated)
		eventually(t, 90*time.Second, "it is delivered", func() bool { return h.document().Status == "delivered" })
		want(t, "files that arrived", documentsAt(t, sim), 1)
		want(t, "uploads", v.uploads.Load(), 2)
	})
}

func (v *holding) await(t testing.TB, what string) {
	t.Helper()
	select {
	case <-v.held:
	case <-time.After(90 * time.Second):
		t.Fatalf("in vain waited until %s", what)
	}
}

func (h *house) killedWhile(v *holding, what string) {
	h.t.Helper()
	v.await(h.t, what)
	if status := h.serving.end(h.t, syscall.SIGKILL); status != -1 {
		h.t.Fatalf("the server ended by itself with status %d", status)
	}
}

func (h *house) onlyInbox() string {
	h.t.Helper()
	var all struct{ Items []struct{ ID string } }
	must(h.t, json.Unmarshal([]byte(h.call(http.MethodGet, "/inboxes", "").body), &all))
	want(h.t, "inboxes", len(all.Items), 1)
	return all.Items[0].ID
}

// sendsDocument brings a text file in and sends it.
func (h *house) sendsDocument(holds string) {
	h.t.Helper()
	at := "/conversations/" + h.conversation()
	a := h.ask(http.MethodPost, "/api/v1"+at+"/files", holds, "Authorization", "Bearer "+h.token, "Content-Type", "text/plain")
	wantStatus(h.t, "the file", a, http.StatusCreated)
	var made struct{ ID string }
	must(h.t, json.Unmarshal([]byte(a.body), &made))
	body := fmt.Sprintf(`{"client_id":"with-a-file","kind":"document","document":{"file":%q,"filename":"angebot.txt","caption":""}}`, made.ID)
	wantStatus(h.t, "the message", h.call(http.MethodPost, at+"/messages", body), http.StatusCreated)
}

// document is the only one that was sent.
func (h *house) document() shown {
	h.t.Helper()
	var found []shown
	for _, m := range h.messages() {
		if m.Kind == "document" {
			found = append(found, m)
		}
	}
	want(h.t, "documents", len(found), 1)
	return found[0]
}

func documentsAt(t testing.TB, sim *simulator.Simulator) (n int) {
	t.Helper()
	all, err := sim.Messages("anna", phoneNumberID)
	must(t, err)
	for _, m := range all {
		if m.From == "business" && m.Kind == "document" {
			n++
		}
	}
	return n
}
