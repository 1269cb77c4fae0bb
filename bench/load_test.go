package bench

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// traffic makes webhook bodies: 1,000 known senders and 5 % new ones, texts of 80
// characters, half of the messages alone in their body and half in bodies of 20.
type traffic struct {
	round  int
	number string     // the Provider's id of the number they write to; empty: the house's first
	who    func() int // gives who writes the next message, if others than these do
	serial atomic.Int64
	fresh  atomic.Int64
}

const knownSenders = 1000

func (t *traffic) sender() int {
	if t.who != nil {
		return t.who()
	}
	if rand.N(20) == 0 {
		return knownSenders + int(t.fresh.Add(1))
	}
	return rand.N(knownSenders)
}

// text is 80 characters that begin with the moment it was made.
func text() string { return (strconv.FormatInt(time.Now().UnixNano(), 10) + " " + words)[:80] }

var words = strings.Repeat("Guten Tag, ich habe eine Frage zu meinem Vertrag. ", 2)

func (t *traffic) body(messages int) []byte {
	var contacts, list bytes.Buffer
	for i := range messages {
		sender := t.sender()
		n := t.serial.Add(1)
		if i > 0 {
			contacts.WriteByte(',')
			list.WriteByte(',')
		}
		fmt.Fprintf(&contacts, `{"profile":{"name":"Sender %d"},"wa_id":"4915%d%07d"}`, sender, t.round, sender)
		fmt.Fprintf(&list, `{"from":"4915%d%07d","id":"wamid.bench.%d.%d","timestamp":"%d","type":"text","text":{"body":"%s"}}`,
			t.round, sender, t.round, n, time.Now().Unix(), text())
	}
	return fmt.Appendf(nil, `{"object":"whatsapp_business_account","entry":[{"id":"200000000000001","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"49300000001","phone_number_id":"%s"},"contacts":[%s],"messages":[%s]}}]}]}`,
		cmp.Or(t.number, phoneNumberID), contacts.Bytes(), list.Bytes())
}

func sign(body []byte) string {
	mac := hmac.New(sha256.New, []byte(appSecret))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// post delivers one body as the provider does.
func (h *house) post(body []byte) (time.Duration, int, error) {
	req, err := http.NewRequest(http.MethodPost, "http://"+h.listen+"/hooks/whatsapp/"+h.inbox, bytes.NewReader(body))
	if err != nil {
		return 0, 0, err
	}
	req.Header.Set("X-Hub-Signature-256", sign(body))
	req.Header.Set("Content-Type", "application/json")
	begun := time.Now()
	resp, err := h.client.Do(req)
	if err != nil {
		return 0, 0, err
	}
	drain(resp)
	return time.Since(begun), resp.StatusCode, nil
}

// sent is what became of a load.
type sent struct {
	messages int64
	refused  int64
	acks     []time.Duration // until the 200, from the moment it was due
	took     time.Duration
}

// source makes webhook bodies of so many items.
type source interface{ body(items int) []byte }

// load posts rate messages a second for a while, however slowly they are answered.
func (h *house) load(t source, rate int, lasting time.Duration, size func(i int) int) sent {
	const posters = 64
	type due struct {
		body     []byte
		messages int
		at       time.Time
	}
	jobs := make(chan due, 4096)
	var out sent
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range posters {
		wg.Go(func() {
			for j := range jobs {
				_, status, err := h.post(j.body)
				mu.Lock()
				if err != nil || status != http.StatusOK {
					out.refused += int64(j.messages)
				} else {
					out.messages += int64(j.messages)
					out.acks = append(out.acks, time.Since(j.at))
				}
				mu.Unlock()
			}
		})
	}
	begun := time.Now()
	for i, messages := 0, 0; ; i++ {
		at := begun.Add(time.Duration(float64(messages) / float64(rate) * float64(time.Second)))
		if at.Sub(begun) >= lasting {
			break
		}
		n := size(i)
		time.Sleep(time.Until(at))
		body := t.body(n)
		jobs <- due{body, n, at}
		messages += n
	}
	close(jobs)
	wg.Wait()
	out.took = time.Since(begun)
	return out
}

// mixed is the traffic of the ingest figure: of 21 bodies 20 hold one message and one
// holds 20.
func mixed(i int) int {
	if i%21 == 20 {
		return 20
	}
	return 1
}

// alone is one message a body.
func alone(int) int { return 1 }
