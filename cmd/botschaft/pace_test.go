package main_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"botschaft/internal/simulator"
)

// TestPaceOfANumber lets sixty people be informed by a number that is used in the WhatsApp Business
// app, too: no more than twenty a second leave, because WhatsApp was asked.
func TestPaceOfANumber(t *testing.T) {
	t.Parallel()
	const people, most = 60, 20
	h := newHouse(t)
	sim := simulator.New(simulator.Config{
		AppSecret: []byte(appSecret), AccessToken: accessToken, VerifyToken: verifyToken,
		Settings: &simulator.Settings{IgnoreThroughput: true, BatchSize: people},
	})
	asked := make(chan struct{}, 1)
	h.faces(sim, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sim.Handler().ServeHTTP(w, r)
		if strings.Contains(r.URL.RawQuery, "is_on_biz_app") {
			select {
			case asked <- struct{}{}:
			default:
			}
		}
	}), simulator.Number{OnApp: true})
	h.start()
	select {
	case <-asked:
	case <-time.After(20 * time.Second):
		t.Fatal("nobody asked what the number may send")
	}
	time.Sleep(200 * time.Millisecond) // the answer is read
	for i := range people {
		name := fmt.Sprintf("customer%02d", i)
		_, err := sim.AddCustomer(simulator.NewCustomer{ID: name, Name: name, Phone: fmt.Sprintf("+49 1570 00001%02d", i)})
		must(t, err)
		_, err = sim.Say(name, phoneNumberID, "Guten Tag")
		must(t, err)
	}
	eventually(t, time.Minute, "everybody is informed", func() bool { sent, _ := sim.Outbox(); return len(sent) >= people })
	sent, _ := sim.Outbox()
	for i := most; i < len(sent); i++ {
		if took := sent[i].At - sent[i-most].At; took < 900 { // milliseconds; some are underway longer than others
			t.Fatalf("%d left within %d ms", most+1, took)
		}
	}
}

// TestPaceHeedsAnUpgrade lets WhatsApp tell that a number may send more: it is asked at once, and
// not at the next hour.
func TestPaceHeedsAnUpgrade(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, h *house) {
		sim := simulator.New(simulator.Config{AppSecret: []byte(appSecret), AccessToken: accessToken, VerifyToken: verifyToken})
		webhook := h.faces(sim, sim.Handler(), simulator.Number{})
		h.start()
		db := h.open("data")
		perSecond := func(want int) func() bool {
			return func() bool {
				var now int
				must(t, db.QueryRowContext(t.Context(), "SELECT COALESCE(MAX(per_second), 0) FROM capacity").Scan(&now))
				return now == want
			}
		}
		eventually(t, 20*time.Second, "it is asked at the start", perSecond(80))
		patched := httptest.NewRecorder()
		sim.Handler().ServeHTTP(patched, httptest.NewRequest(http.MethodPatch, "/sim/numbers/"+phoneNumberID, strings.NewReader(`{"throughput":1000}`)))
		want(t, "the upgrade", patched.Code, http.StatusOK)
		told := fmt.Sprintf(`{"object":"whatsapp_business_account","entry":[{"id":%q,"changes":[{"field":"phone_number_quality_update","value":`+
			`{"display_phone_number":"49300000001","event":"THROUGHPUT_UPGRADE","current_limit":"TIER_2K"}}]}]}`, wabaID)
		wantStatus(t, "the webhook", h.deliver(webhook, told), http.StatusOK)
		eventually(t, 20*time.Second, "it is asked again", perSecond(1000))
	})
}
