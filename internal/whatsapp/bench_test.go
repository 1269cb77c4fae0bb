package whatsapp

import (
	"fmt"
	"strings"
	"testing"
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
