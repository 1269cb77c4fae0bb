package bench

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"botschaft/bench/seed"
)

// clientPause is how long a client of BenchmarkLarge looks before it asks again. Eight of
// them look at a list sixty times a second.
const clientPause = 125 * time.Millisecond

// BenchmarkLarge: lists and threads of a house with 1,000,000 messages, or
// BENCH_MESSAGES, in 100,000 Conversations, or a tenth of BENCH_MESSAGES, while 200 others
// arrive every second.
func BenchmarkLarge(b *testing.B) {
	engines(b, func(b *testing.B, database string) {
		h := newHouse(b, database, nowhere)
		plan := h.seed(number("BENCH_MESSAGES", 1_000_000))
		medians(b, func(round int) map[string]float64 {
			out := map[string]float64{}
			for _, clients := range []int{1, 8} {
				var lists, opened, posted []time.Duration
				h.profiled(func() { lists, opened, posted = h.browsed(plan, round, clients) })
				for unit, took := range map[string][]time.Duration{"list": lists, "open": opened, "ack": posted} {
					for _, p := range []float64{50, 99} {
						out[fmt.Sprintf("%s-%d-p%.0f-ms", unit, clients, p)] = milliseconds(percentile(took, p))
					}
				}
			}
			out["resident-MiB"] = h.resident()
			return out
		})
	})
}

// seed fills the house while it is not served.
func (h *house) seed(messages int) seed.Plan {
	h.b.Helper()
	h.stop()
	plan := seed.Plan{Conversations: max(1, messages/10), Messages: messages, Seed: 1, At: time.Now()}
	begun := time.Now()
	made, err := seed.Fill(context.Background(), h.home, h.inbox, plan, os.Stderr)
	must(h.b, err, "seed the house")
	h.b.Logf("%s: seeded %+v in %s", h.b.Name(), made, time.Since(begun).Round(time.Second))
	h.start()
	return plan
}

// browsed has clients look at the first page of a list and open one of its Conversations,
// by turns, while seeded people write.
func (h *house) browsed(plan seed.Plan, round, clients int) (lists, opened, posted []time.Duration) {
	t := &traffic{who: crowd(plan)}
	t.serial.Store(int64(round*10+clients) << 32)
	lasting := seconds(30)
	var mu sync.Mutex
	var wg sync.WaitGroup
	wg.Go(func() {
		out := h.load(t, 200, lasting, alone)
		posted = out.acks
		if out.refused > 0 {
			h.b.Errorf("%d messages were refused", out.refused)
		}
	})
	end := time.Now().Add(lasting)
	for range clients {
		wg.Go(func() {
			for i := 0; time.Now().Before(end); i++ {
				list, open := h.look(i)
				mu.Lock()
				lists, opened = append(lists, list), append(opened, open)
				mu.Unlock()
				time.Sleep(clientPause)
			}
		})
	}
	wg.Wait()
	h.quiesce(time.Now().Add(time.Minute))
	return lists, opened, posted
}

// writers gives seeded people, and one new one in twenty.
func crowd(plan seed.Plan) func() int {
	return func() int {
		if rand.N(20) == 0 {
			return plan.Conversations + rand.N(1<<20)
		}
		return rand.N(plan.Conversations)
	}
}

// look asks for the first page of a list as the workspace does, both orders by turns, and
// opens one Conversation on it: its head and the end of its thread.
func (h *house) look(i int) (list, open time.Duration) {
	path := "/api/v1/conversations?limit=40&view=all&sort=newest"
	if i%2 == 1 {
		path = "/api/v1/conversations?limit=40&view=unassigned&sort=due"
	}
	var found page[struct{ ID string }]
	begun := time.Now()
	h.get(path, &found)
	list = time.Since(begun)
	if len(found.Items) == 0 {
		h.b.Error("the list is empty")
		return list, 0
	}
	id := found.Items[i%len(found.Items)].ID
	begun = time.Now()
	drain(h.call(http.MethodGet, "/api/v1/conversations/"+id, nil))
	drain(h.call(http.MethodGet, "/api/v1/conversations/"+id+"/thread?limit=50", nil))
	return list, time.Since(begun)
}

// BenchmarkFull: a number at Meta's maximum. 250 messages and 2,250 statuses a second, the
// statuses in bodies of 100 and of messages that exist. The lag is how long the youngest
// body waits to be worked in.
func BenchmarkFull(b *testing.B) {
	engines(b, func(b *testing.B, database string) {
		h := newHouse(b, database, nowhere)
		rounds, lasting := number("BENCH_ROUNDS", 5), seconds(60)
		needed := rounds * int(lasting.Seconds()) * 750 // of ours, each with three statuses
		plan := h.seed(max(number("BENCH_MESSAGES", 1_000_000), needed*5))
		told := &statuses{plan: plan, conversation: plan.Conversations}
		medians(b, func(round int) map[string]float64 {
			t := &traffic{who: crowd(plan)}
			t.serial.Store(int64(round+1) << 32)
			var messages, news sent
			var wg sync.WaitGroup
			wg.Go(func() { messages = h.load(t, 250, lasting, mixed) })
			wg.Go(func() { news = h.load(told, 2250, lasting, func(int) int { return 100 }) })
			wg.Wait()
			ended := time.Now()
			h.quiesce(ended.Add(5 * time.Minute))
			lag := time.Since(ended)
			time.Sleep(min(lasting, 60*time.Second) - min(lag, lasting, 60*time.Second))
			begun := time.Now()
			_, _, err := h.post(t.body(1))
			must(b, err, "post")
			h.quiesce(time.Now().Add(5 * time.Minute))
			after := time.Since(begun) - quietly
			acks := append(messages.acks, news.acks...)
			return map[string]float64{
				"refused": float64(messages.refused + news.refused), "messages/s": float64(messages.messages) / messages.took.Seconds(),
				"statuses/s": float64(news.messages) / news.took.Seconds(),
				"ack-p50-ms": milliseconds(percentile(acks, 50)), "ack-p99-ms": milliseconds(percentile(acks, 99)),
				"lag-end-s": (lag - quietly).Seconds(), "lag-after-s": after.Seconds(),
				"resident-MiB": h.resident(),
			}
		})
	})
}

// statuses makes webhook bodies of statuses: of each hundred of seeded messages sent, then
// delivered, then read, a body each. The newest Conversations come first.
type statuses struct {
	plan                  seed.Plan
	conversation, message int
	block                 [][2]int
	stage                 int
}

func (s *statuses) body(n int) []byte {
	if s.stage == 0 {
		s.block = s.next(n)
	}
	status := []string{"sent", "delivered", "read"}[s.stage]
	s.stage = (s.stage + 1) % 3
	var list bytes.Buffer
	for i, at := range s.block {
		if i > 0 {
			list.WriteByte(',')
		}
		fmt.Fprintf(&list, `{"id":"%s","status":"%s","timestamp":"%d","recipient_id":"%s"}`,
			seed.Wamid(at[0], at[1]), status, time.Now().Unix(), seed.Phone(at[0]))
	}
	return fmt.Appendf(nil, `{"object":"whatsapp_business_account","entry":[{"id":"200000000000001","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"49300000001","phone_number_id":"%s"},"statuses":[%s]}}]}]}`,
		phoneNumberID, list.Bytes())
}

// next finds further Messages that were sent.
func (s *statuses) next(n int) (found [][2]int) {
	for len(found) < n && s.conversation > 0 {
		if s.message == 0 {
			s.conversation--
			s.message = s.plan.Size(s.conversation)
			continue
		}
		s.message--
		if s.plan.IsSent(s.conversation, s.message) {
			found = append(found, [2]int{s.conversation, s.message})
		}
	}
	return found
}

// homeOf gives where a house keeps what it has.
func homeOf(dir, database, vault string) seed.Place {
	data := filepath.Join(dir, "data")
	if database != "" {
		return seed.Place{Database: database, Vault: vault, RootKeyFile: filepath.Join(dir, "root.key")}
	}
	return seed.Place{
		Database: "sqlite:" + filepath.Join(data, "botschaft.db"), Vault: "sqlite:" + filepath.Join(data, "vault.db"),
		RootKeyFile: filepath.Join(data, "root.key"),
	}
}
