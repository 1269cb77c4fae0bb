package bench

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// documentSize is Meta's limit for a document, in bytes.
const documentSize = 100 << 20

// shelf is a provider that hands one large document out.
type shelf struct {
	server *httptest.Server
	block  []byte
	sum    string
}

func newShelf(b testing.TB) *shelf {
	s := &shelf{block: make([]byte, 1<<20)}
	for i := range s.block {
		s.block[i] = byte(i * 31)
	}
	sum := sha256.New()
	for range documentSize / len(s.block) {
		sum.Write(s.block)
	}
	s.sum = base64.StdEncoding.EncodeToString(sum.Sum(nil))
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost { // a Notice
			_, _ = fmt.Fprintf(w, `{"messaging_product":"whatsapp","messages":[{"id":"wamid.out.%d"}]}`, time.Now().UnixNano())
			return
		}
		if !strings.HasPrefix(r.URL.Path, "/there") {
			_, _ = fmt.Fprintf(w, `{"messaging_product":"whatsapp","url":"%s/there","mime_type":"application/zip","file_size":"%d","id":"1"}`, s.server.URL, documentSize)
			return
		}
		w.Header().Set("Content-Length", fmt.Sprint(documentSize))
		for range documentSize / len(s.block) {
			if _, err := w.Write(s.block); err != nil {
				return
			}
		}
	}))
	b.Cleanup(s.server.Close)
	return s
}

// BenchmarkMedia: a document of 100 MB, from the webhook's answer until it is sealed on the
// disk and shown as there, and read back whole; and how much memory that takes of the server.
func BenchmarkMedia(b *testing.B) {
	engines(b, func(b *testing.B, database string) {
		s := newShelf(b)
		h := newHouse(b, database, s.server.URL)
		medians(b, func(round int) map[string]float64 {
			time.Sleep(2 * time.Second) // what the start or the round before took is given back
			before, peak := h.resident(), 0.0
			wamid := fmt.Sprintf("wamid.media.%d", round)
			body := fmt.Appendf(nil, `{"object":"whatsapp_business_account","entry":[{"id":"200000000000001","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"49300000001","phone_number_id":"%s"},"contacts":[{"profile":{"name":"Sender"},"wa_id":"491570000%d"}],"messages":[{"from":"491570000%d","id":"%s","timestamp":"%d","type":"document","document":{"id":"%d","filename":"a.zip","mime_type":"application/zip","sha256":"%s"}}]}}]}]}`,
				phoneNumberID, 1000+round, 1000+round, wamid, time.Now().Unix(), round+1, s.sum)
			begun := time.Now()
			_, _, err := h.post(body)
			must(b, err, "post")
			path := ""
			for path == "" {
				peak = max(peak, h.resident())
				path = h.fetched(round)
				time.Sleep(5 * time.Millisecond)
			}
			took := time.Since(begun)
			out := map[string]float64{"MB/s": documentSize / 1e6 / took.Seconds(), "grows-MiB": peak - before}
			begun = time.Now()
			resp := h.call(http.MethodGet, path, nil)
			n, err := io.Copy(io.Discard, resp.Body)
			must(b, err, "read the document")
			must(b, resp.Body.Close(), "read the document")
			if n != documentSize {
				b.Errorf("%d bytes came back", n)
			}
			out["read-MB/s"] = documentSize / 1e6 / time.Since(begun).Seconds()
			return out
		})
	})
}

// fetched gives where the file of a round is read, once it is there.
func (h *house) fetched(round int) string {
	var list struct{ Items []struct{ ID string } }
	h.get("/api/v1/conversations?view=all", &list)
	if len(list.Items) <= round {
		return ""
	}
	var thread struct {
		Items []struct {
			ID      string
			Details *struct{ File *struct{ State string } }
		}
	}
	h.get("/api/v1/conversations/"+list.Items[0].ID+"/messages", &thread)
	for _, m := range thread.Items {
		if m.Details != nil && m.Details.File != nil && m.Details.File.State == "fetched" {
			return "/api/v1/messages/" + m.ID + "/file"
		}
	}
	return ""
}
