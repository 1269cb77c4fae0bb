package whatsapp

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestFetch(t *testing.T) {
	var base string
	client, _ := provider(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+testToken || r.Header.Get("User-Agent") == "" {
			t.Errorf("%s is asked for with %v", r.URL.Path, r.Header)
		}
		switch r.URL.Path {
		case "/v25.0/4711":
			if r.URL.Query().Get("phone_number_id") != testNumber {
				t.Errorf("it is asked for by %s", r.URL.RawQuery)
			}
			fmt.Fprintf(w, `{"messaging_product":"whatsapp","url":"%s/there?x=1","mime_type":"image/jpeg","sha256":"%x","file_size":"7","id":"4711"}`,
				base, sha256.Sum256([]byte("content")))
		case "/there":
			io.WriteString(w, "content")
		default:
			w.WriteHeader(http.StatusBadRequest)
			io.WriteString(w, `{"error":{"message":"Unsupported get request","type":"GraphMethodException","code":100}}`)
		}
	})
	base = client.BaseURL
	d, err := client.Fetch(context.Background(), testNumber, testToken, "4711")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Body.Close()
	sum := sha256.Sum256([]byte("content"))
	if b, _ := io.ReadAll(d.Body); string(b) != "content" || d.Size != 7 || d.MIME != "image/jpeg" || hex.EncodeToString(d.SHA256) != hex.EncodeToString(sum[:]) {
		t.Errorf("%q %+v", b, d)
	}
	_, err = client.Fetch(context.Background(), testNumber, testToken, "404")
	var failed *MediaError
	if !errors.As(err, &failed) || failed.API == nil || failed.API.Code != 100 || failed.Status != http.StatusBadRequest {
		t.Errorf("of one that is not there: %v", err)
	}
	for _, id := range []string{"", "../secret", "a/b", "a?b"} {
		if _, err := client.Fetch(context.Background(), testNumber, testToken, id); !errors.Is(err, errMediaID) {
			t.Errorf("the id %q: %v", id, err)
		}
	}
}

// The token goes to the provider, to Meta's media host, and to nobody else.
func TestTokenStaysWithTheProvider(t *testing.T) {
	for _, c := range []struct {
		client Client
		told   string
		want   string
	}{
		{Client{}, "https://lookaside.fbsbx.com/whatsapp?mid=1", "https://lookaside.fbsbx.com/whatsapp?mid=1"},
		{Client{}, "http://lookaside.fbsbx.com/whatsapp", ""},
		{Client{}, "https://lookaside.fbsbx.com.evil.example/a", ""},
		{Client{}, "https://graph.facebook.com/a", "https://graph.facebook.com/a"},
		{Client{}, "https://evil.example/a", ""},
		{Client{}, "https://graph.facebook.com@evil.example/a", ""},
		{Client{BaseURL: "https://graph.test"}, "https://lookaside.fbsbx.com/a", ""},
		{Client{BaseURL: "http://127.0.0.1:9"}, "http://127.0.0.1:9/media/1", "http://127.0.0.1:9/media/1"},
		{Client{BaseURL: "http://127.0.0.1:9"}, "http://127.0.0.1:10/media/1", ""},
		{Client{Provider: Dialog360}, "https://lookaside.fbsbx.com/whatsapp?mid=1", "https://waba-v2.360dialog.io/whatsapp?mid=1"},
		{Client{}, "file:///etc/passwd", ""},
		{Client{}, "", ""},
	} {
		c.client.HTTP = http.DefaultClient
		got, err := c.client.mediaAddress(c.told)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s leads to %q, %v", c.told, got, err)
		}
		if err != nil && strings.Contains(err.Error(), "evil") {
			t.Errorf("the error repeats the address: %v", err)
		}
	}
}

func TestChecksumInAnyWriting(t *testing.T) {
	sum := sha256.Sum256([]byte("a"))
	for _, s := range []string{hex.EncodeToString(sum[:]), strings.ToUpper(hex.EncodeToString(sum[:])), base64.StdEncoding.EncodeToString(sum[:]),
		base64.URLEncoding.EncodeToString(sum[:]), base64.RawStdEncoding.EncodeToString(sum[:])} {
		if got := Checksum(s); string(got) != string(sum[:]) {
			t.Errorf("%s is read as %x", s, got)
		}
	}
	for _, s := range []string{"", "abc", "x", base64.StdEncoding.EncodeToString(sum[:5])} {
		if Checksum(s) != nil {
			t.Errorf("%q is a checksum", s)
		}
	}
}
