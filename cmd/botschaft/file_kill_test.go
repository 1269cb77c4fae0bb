package main_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"botschaft/internal/simulator"
)

// halving hands out half of a file and then nothing, until it is told to hand out all.
type halving struct {
	http.Handler
	whole  atomic.Bool
	halved chan struct{}
	served atomic.Int32 // whole files
}

// ServeHTTP lets everything pass but files.
func (v *halving) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if matched, _ := filepath.Match("/media/*", r.URL.Path); !matched {
		v.Handler.ServeHTTP(w, r)
		return
	}
	if v.whole.Load() {
		v.Handler.ServeHTTP(w, r)
		v.served.Add(1)
		return
	}
	all := httptest.NewRecorder()
	v.Handler.ServeHTTP(all, r)
	for name, values := range all.Header() {
		w.Header()[name] = values
	}
	_, _ = w.Write(all.Body.Bytes()[:all.Body.Len()/2])
	_ = http.NewResponseController(w).Flush()
	select {
	case v.halved <- struct{}{}:
	default:
	}
	<-r.Context().Done()
}

// TestKill9WhileAFileComes kills the server when half of a file has come. After the restart the
// file is there whole, fetched once more, and of the half nothing stays; neither was ever
// readable on the disk.
func TestKill9WhileAFileComes(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, h *house) {
		const mark = "Stossfaenger "
		content := bytes.Repeat([]byte(mark), 200_000) // many chunks, so that half of them stand in the draft
		sim := simulator.New(simulator.Config{AppSecret: []byte(appSecret), AccessToken: accessToken, VerifyToken: verifyToken})
		v := &halving{Handler: sim.Handler(), halved: make(chan struct{}, 1)}
		h.faces(sim, v, simulator.Number{})
		_, err := sim.AddCustomer(simulator.NewCustomer{ID: "anna", Name: "Anna", Phone: "+49 1570 0000001"})
		must(t, err)
		h.start()
		_, err = sim.Send("anna", phoneNumberID, simulator.Inbound{Kind: "document", File: &simulator.InboundFile{Name: "angebot.txt", MIME: "text/plain", Data: content}})
		must(t, err)
		select {
		case <-v.halved:
		case <-time.After(30 * time.Second):
			t.Fatal("nobody fetched the file")
		}
		eventually(t, 10*time.Second, "half of it stands in a draft", func() bool {
			drafts := h.files("draft")
			return len(drafts) == 1 && drafts[0].Size() > int64(len(content)/3)
		})
		if status := h.serving.end(t, syscall.SIGKILL); status != -1 {
			t.Fatalf("the server ended by itself with status %d", status)
		}
		want(t, "drafts after the kill", len(h.files("draft")), 1)
		h.unreadable(mark)

		v.whole.Store(true)
		h.start()
		var id string
		eventually(t, 60*time.Second, "the file is whole", func() bool {
			all := slices.DeleteFunc(h.messages(), func(m shown) bool { return m.Kind != "document" })
			if len(all) != 1 {
				return false
			}
			id = all[0].ID
			return h.call(http.MethodGet, "/messages/"+id+"/file", "").status == http.StatusOK
		})
		if got := h.call(http.MethodGet, "/messages/"+id+"/file", "").body; got != string(content) {
			t.Errorf("got %d bytes that differ, want %d", len(got), len(content))
		}
		want(t, "times that it was handed out whole", int(v.served.Load()), 1)
		want(t, "files that are kept", len(h.files("??")), 1)
		h.unreadable(mark)

		// What the dead server had begun is swept when it is an hour old.
		for _, draft := range h.files("draft") {
			old := time.Now().Add(-2 * time.Hour)
			must(t, os.Chtimes(filepath.Join(h.data("files"), "draft", draft.Name()), old, old))
		}
		want(t, "the server's status", h.serving.end(t, syscall.SIGTERM), 0)
		h.start()
		eventually(t, 20*time.Second, "nothing is left over", func() bool { return len(h.files("draft")) == 0 })
		want(t, "files that are kept", len(h.files("??")), 1)
		wantStatus(t, "the file", h.call(http.MethodGet, "/messages/"+id+"/file", ""), http.StatusOK)
	})
}

// files lists the sealed files in directories that match a pattern.
func (h *house) files(directories string) (found []os.FileInfo) {
	h.t.Helper()
	paths, err := filepath.Glob(filepath.Join(h.data("files"), directories, "*"))
	must(h.t, err)
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil {
			found = append(found, info)
		}
	}
	return found
}

// unreadable wants none of the sealed files, whole or not, to hold the text.
func (h *house) unreadable(text string) {
	h.t.Helper()
	must(h.t, filepath.Walk(h.data("files"), func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err == nil && bytes.Contains(content, []byte(text)) {
			err = fmt.Errorf("%s can be read", info.Name())
		}
		return err
	}))
}

// isLine tells whether a text is what everybody is told once who sends a document.
func isLine(text string) bool { return strings.HasPrefix(text, "Ihr Dokument speichern wir ") }

// contentOf is what stands in the document that a customer sends with a text.
func contentOf(text string) string { return strings.Repeat(text+" in a document\n", 20) }

// wantFiles wants every document to be there, as it was sent, and every customer told once what
// becomes of it.
func (w *world) wantFiles(h history) {
	w.t.Helper()
	documents := 0
	for customer, thread := range h.threads {
		for _, m := range thread {
			if m.Kind != "document" {
				continue
			}
			documents++
			path := "/messages/" + m.ID + "/file"
			eventually(w.t, time.Minute, m.Text+" has its document", func() bool {
				a := w.house.call(http.MethodGet, path, "")
				if a.status == http.StatusConflict {
					w.house.call(http.MethodPost, path+"/attempts", "")
				}
				return a.status == http.StatusOK && a.body == contentOf(m.Text)
			})
		}
		if all, err := w.sim.Messages(customer, phoneNumberID); err != nil {
			w.t.Error(err)
		} else if n := len(slices.DeleteFunc(all, func(m simulator.MessageView) bool { return m.From != "business" || !isLine(m.Text) })); n > 1 {
			w.t.Errorf("%s was told %d times what becomes of documents", customer, n)
		}
	}
	w.t.Logf("%d documents", documents)
	if documents == 0 {
		w.t.Error("nobody sent a document")
	}
}
