package whatsapp

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// batch is a body of n text messages of different people, as Meta batches them.
func batch(n int) []byte {
	var contacts, messages strings.Builder
	for i := range n {
		comma := ","
		if i == 0 {
			comma = ""
		}
		fmt.Fprintf(&contacts, `%s{"profile":{"name":"Kundin %d"},"wa_id":"49171%07d","user_id":"DE.13491%09d"}`, comma, i, i, i)
		fmt.Fprintf(&messages, `%s{"from":"49171%07d","from_user_id":"DE.13491%09d","id":"wamid.HBgMNDkxNzEzOTIwMDAxFQIAEhgUM0E0QTY1%08d","timestamp":"1795032000","text":{"body":"Guten Tag, hier kommt Nachricht Nummer %d mit ein paar W\u00f6rtern."},"type":"text"}`, comma, i, i, i, i)
	}
	return wrap(`{"messaging_product":"whatsapp","metadata":{"display_phone_number":"492214710123","phone_number_id":"330022119900776"},"contacts":[` +
		contacts.String() + `],"messages":[` + messages.String() + `]}`)
}

func BenchmarkDecode(b *testing.B) {
	for _, bench := range []struct {
		name string
		body []byte
	}{
		{"text", batch(1)},
		{"20", batch(20)},
		{"3MiB", batch(8500)},
		{"3MiB_one_text", wrap(`{"messages":[{"id":"a","type":"text","text":{"body":"` + strings.Repeat("W\\u00f6rter ", 3<<20/12) + `"}}]}`)},
		{"3MiB_nested", wrap(`{"x":` + strings.Repeat(strings.Repeat("[", 5000)+strings.Repeat("]", 5000)+`,"y":`, 300) + `1}`)},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.SetBytes(int64(len(bench.body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Decode(bench.body); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Sixteen times the body may take about sixteen times as long, and not the square of
// it, whatever the body is made of. The best of several runs leaves the machine's other
// work out, and the bound is far from both.
func TestDecodeIsLinear(t *testing.T) {
	repeat := func(head, one, tail string) func(n int) []byte {
		return func(n int) []byte { return wrap(head + strings.Repeat(one+",", n/(len(one)+1)) + one + tail) }
	}
	const entry = `{"id":"1","changes":[{"field":"messages","value":{"contacts":[{"wa_id":"1"}],"messages":[{"id":"a"}]}}]}`
	for name, form := range map[string]func(n int) []byte{
		"texts":   func(n int) []byte { return batch(n / 380) },
		"broken":  repeat(`{"messages":[`, `{"x":"y","z":[1,2,3]}`, `]}`),
		"unknown": repeat(`{`, `"x":0`, `}`),
		"edits":   repeat(`{"messages":[`, `{"id":"a","type":"edit","edit":{"message":{"edit":{"message":{}}}}}`, `]}`),
		"escapes": repeat(`{"x":[`, `"\u00e4\u0000\ud83d"`, `]}`),
		"again":   repeat(`{`, `"messages":[{}],"contacts":[{"wa_id":"1"}]`, `}`),
		"nested": func(n int) []byte {
			return wrap(`{"x":[` + strings.Repeat(strings.Repeat("[", 500)+strings.Repeat("]", 500)+",", n/1001) + `1]}`)
		},
		"entries": func(n int) []byte {
			return []byte(`{"entry":[` + strings.Repeat(entry+",", n/len(entry)) + entry + `]}`)
		},
		"long_name": func(n int) []byte { return wrap(`{"` + strings.Repeat("x", n) + `":1}`) },
	} {
		t.Run(name, func(t *testing.T) {
			var small, large time.Duration
			for range 12 { // a busy machine may slow one of the two; a square is one every time
				small, large = best(t, form(48<<10)), best(t, form(16*48<<10))
				if large <= 80*small+10*time.Millisecond {
					return
				}
			}
			t.Errorf("takes %v, and %v for sixteen times as much", small, large)
		})
	}
}

func best(t *testing.T, body []byte) time.Duration {
	t.Helper()
	fastest := time.Hour
	for range 4 {
		start := time.Now()
		if _, err := Decode(body); err != nil {
			t.Fatal(err)
		}
		fastest = min(fastest, time.Since(start))
	}
	return fastest
}
