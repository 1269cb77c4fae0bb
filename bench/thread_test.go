package bench

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// inThread is how many pictures the thread holds.
const inThread = 500

// gallery is a provider whose every file is the same small picture.
func gallery(b testing.TB) *httptest.Server {
	m := image.NewRGBA(image.Rect(0, 0, 320, 240))
	for i := range 320 * 240 {
		m.Set(i%320, i/320, color.RGBA{uint8(i), uint8(i >> 4), 90, 255})
	}
	var picture bytes.Buffer
	must(b, jpeg.Encode(&picture, m, nil), "draw a picture")
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPost:
			_, _ = fmt.Fprintf(w, `{"messaging_product":"whatsapp","messages":[{"id":"wamid.out.%d"}]}`, time.Now().UnixNano())
		case strings.HasPrefix(r.URL.Path, "/there"):
			_, _ = w.Write(picture.Bytes())
		default:
			_, _ = fmt.Fprintf(w, `{"messaging_product":"whatsapp","url":"%s/there","mime_type":"image/jpeg","file_size":"%d","id":"1"}`, server.URL, picture.Len())
		}
	}))
	b.Cleanup(server.Close)
	return server
}

// pictures is a webhook body of so many pictures of one person.
func pictures(from, n int) []byte {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(`{"from":"4915700000001","id":"wamid.picture.%d","timestamp":"%d","type":"image","image":{"id":"%d","mime_type":"image/jpeg","caption":"Bild %d"}}`,
			from+i, time.Now().Unix(), from+i, from+i)
	}
	return fmt.Appendf(nil, `{"object":"whatsapp_business_account","entry":[{"id":"200000000000001","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"49300000001","phone_number_id":"%s"},"contacts":[{"profile":{"name":"Sender"},"wa_id":"4915700000001"}],"messages":[%s]}}]}]}`,
		phoneNumberID, strings.Join(list, ","))
}

// BenchmarkThread: a Conversation of 500 pictures is opened: its first page with the thumbnails
// of it, and all of it without them.
func BenchmarkThread(b *testing.B) {
	engines(b, func(b *testing.B, database string) {
		h := newHouse(b, database, gallery(b).URL)
		begun := time.Now()
		for from := 0; from < inThread; from += 100 {
			_, _, err := h.post(pictures(from, 100))
			must(b, err, "post")
		}
		var list page[struct{ ID string }]
		for len(list.Items) == 0 || len(h.there(list.Items[0].ID)) < inThread {
			if time.Since(begun) > 5*time.Minute {
				b.Fatal("the pictures do not come")
			}
			time.Sleep(200 * time.Millisecond)
			h.get("/api/v1/conversations?view=all", &list)
		}
		fetched := time.Since(begun)
		id := list.Items[0].ID
		medians(b, func(int) map[string]float64 {
			begun := time.Now()
			var opened struct{ ID string }
			h.get("/api/v1/conversations/"+id, &opened)
			var first page[pictured]
			h.get("/api/v1/conversations/"+id+"/messages", &first)
			page := time.Since(begun)
			for _, m := range first.Items {
				if m.isThere() {
					resp := h.call(http.MethodGet, "/api/v1/messages/"+m.ID+"/file/thumbnail", nil)
					if resp.StatusCode != http.StatusOK {
						b.Fatalf("a thumbnail: %s", resp.Status)
					}
					drain(resp)
				}
			}
			thumbnails := time.Since(begun)
			begun = time.Now()
			if n := len(h.there(id)); n != inThread {
				b.Fatalf("%d pictures are there", n)
			}
			return map[string]float64{
				"page-ms": milliseconds(page), "open-ms": milliseconds(thumbnails), "all-ms": milliseconds(time.Since(begun)), "fetched-s": fetched.Seconds(),
			}
		})
	})
}

// pictured is a Message with how far its file is.
type pictured struct {
	ID      string
	Details *struct{ File *struct{ State string } }
}

func (p *pictured) isThere() bool {
	return p.Details != nil && p.Details.File != nil && p.Details.File.State == "fetched"
}

// there reads a whole thread, and gives the Messages whose file is there.
func (h *house) there(id string) (all []pictured) {
	for cursor := ""; ; {
		var p page[pictured]
		h.get("/api/v1/conversations/"+id+"/messages?limit=200&cursor="+cursor, &p)
		for _, m := range p.Items {
			if m.isThere() {
				all = append(all, m)
			}
		}
		if cursor = p.Next; cursor == "" {
			return all
		}
	}
}
