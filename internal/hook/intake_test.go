package hook_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/hook"
	"botschaft/internal/store"
	"botschaft/internal/storetest"
	"botschaft/internal/whatsapp"
)

// A 200 says that the body is committed: whoever gets one finds it there, however
// many post at the same time.
func TestCommittedBeforeAnswered(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		d := openDoor(t, storetest.Open(t, url, nil))
		reader := storetest.Open(t, url, nil) // sees what is committed alone
		var posters sync.WaitGroup
		const many, each = 64, 4
		for i := range many {
			posters.Go(func() {
				for n := range each {
					text := fmt.Sprintf(`{"n":"%d-%d"}`, i, n)
					answer, _ := d.post(t, d.path(desk.AuthMeta), text, "X-Hub-Signature-256", whatsapp.Sign([]byte("the new secret"), []byte(text)))
					if answer.StatusCode != http.StatusOK {
						t.Errorf("got %d", answer.StatusCode)
					}
					seen := door{store: reader, vault: d.vault, inboxes: d.inboxes}
					if n == each-1 && !slices.Contains(seen.kept(t, desk.AuthMeta), text) {
						t.Errorf("%s was answered with 200 and is not there", text)
					}
				}
			})
		}
		posters.Wait()
		kept := d.kept(t, desk.AuthMeta)
		slices.Sort(kept)
		if unique := slices.Compact(kept); len(unique) != many*each {
			t.Errorf("%d of %d were kept", len(unique), many*each)
		}
	})
}

func TestStoreGone(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s, err := store.Open(t.Context(), store.Config{URL: url})
		must(t, err)
		d := openDoor(t, s)
		must(t, s.Close())
		known, unknown := d.path(desk.AuthMeta), "/hooks/whatsapp/"+desk.NewID[desk.Inbox]().String()
		for name, path := range map[string]string{"a known inbox": known, "an unknown inbox": unknown} {
			answer, _ := d.post(t, path, body, "X-Hub-Signature-256", whatsapp.Sign([]byte("the new secret"), []byte(body)))
			if answer.StatusCode != http.StatusServiceUnavailable {
				t.Errorf("%s: got %d", name, answer.StatusCode)
			}
			if after, err := strconv.Atoi(answer.Header.Get("Retry-After")); err != nil || after < 1 {
				t.Errorf("%s: Retry-After is %q", name, answer.Header.Get("Retry-After"))
			}
		}
		if answer, _ := d.post(t, known, body, "X-Hub-Signature-256", "sha256=00"); answer.StatusCode != http.StatusUnauthorized {
			t.Errorf("a forged body while the store is gone: got %d", answer.StatusCode)
		}
	})
}

// A door whose intake has ended says so and leaves nobody waiting.
func TestIntakeEnds(t *testing.T) {
	storetest.Each(t, nil, func(t *testing.T, s *store.Store) {
		intake := hook.NewIntake(s)
		ctx, stop := context.WithCancel(context.Background())
		stop()
		must(t, intake.Run(ctx))
		waited := make(chan error, 1)
		go func() { waited <- intake.Add(context.Background(), desk.Delivery{ID: desk.NewID[desk.Delivery]()}) }()
		select {
		case err := <-waited:
			if desk.CodeOf(err) != desk.CodeUnavailable {
				t.Errorf("got %v", err)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("waits for ever")
		}
	})
}
