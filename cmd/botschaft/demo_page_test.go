package main_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestDemoPageShowsLoginsToThisMachineAlone: the page has no inline script, and under
// another name it says nothing.
func TestDemoPageShowsLoginsToThisMachineAlone(t *testing.T) {
	t.Parallel()
	d := newDemo(t)
	d.start()
	ask := func(host, language string) (*http.Response, string) {
		req, err := http.NewRequest(http.MethodGet, d.page+"/", nil)
		must(t, err)
		req.Host = host
		req.Header.Set("Accept-Language", language)
		resp, err := http.DefaultTransport.RoundTrip(req)
		must(t, err)
		defer func() { _ = resp.Body.Close() }()
		body, err := io.ReadAll(resp.Body)
		must(t, err)
		return resp, string(body)
	}
	for language, word := range map[string]string{"de-DE,de;q=0.9,en;q=0.8": "Zugangsdaten", "fr, en-GB": "Logins", "": "Logins"} {
		resp, body := ask("", language)
		policy := resp.Header.Get("Content-Security-Policy")
		if resp.StatusCode != http.StatusOK || strings.Contains(policy, "unsafe") || !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%d with policy %q", resp.StatusCode, policy)
		}
		for _, l := range d.logins {
			if !strings.Contains(body, l[0]) || !strings.Contains(body, l[1]) {
				t.Errorf("%s is not on the page", l[0])
			}
		}
		for _, raw := range []string{"agent of", "data-protection"} {
			if strings.Contains(body, raw) {
				t.Errorf("in %q a role of %q has no words of its own", language, raw)
			}
		}
		if !strings.Contains(body, "<summary>"+word+"</summary>") {
			t.Errorf("in %q the word %s is missing", language, word)
		}
	}
	resp, body := ask("rebound.example", "en")
	if resp.StatusCode != http.StatusTemporaryRedirect || resp.Header.Get("Location") != d.page+"/" || strings.Contains(body, d.logins[0][1]) {
		t.Errorf("under another name: %d to %q: %s", resp.StatusCode, resp.Header.Get("Location"), body)
	}
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
}
