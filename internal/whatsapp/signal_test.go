package whatsapp

import (
	"errors"
	"io"
	"net/http"
	"testing"
)

func TestSignal(t *testing.T) {
	for name, tt := range map[string]struct {
		provider   Provider
		typing     bool
		path, body string
	}{
		"read":      {Meta, false, "/v25.0/" + testNumber + "/messages", `{"messaging_product":"whatsapp","status":"read","message_id":"wamid.A"}`},
		"typing":    {Meta, true, "/v25.0/" + testNumber + "/messages", `{"messaging_product":"whatsapp","status":"read","message_id":"wamid.A","typing_indicator":{"type":"text"}}`},
		"360dialog": {Dialog360, false, "/messages", `{"messaging_product":"whatsapp","status":"read","message_id":"wamid.A"}`},
	} {
		t.Run(name, func(t *testing.T) {
			client, calls := provider(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				if r.Method != http.MethodPost || r.URL.Path != tt.path || string(body) != tt.body {
					t.Errorf("got %s %s\n%s", r.Method, r.URL.Path, body)
				}
				io.WriteString(w, `{"success":true}`)
			})
			client.Provider = tt.provider
			if err := client.Signal(t.Context(), testNumber, testToken, "wamid.A", tt.typing); err != nil || calls.Load() != 1 {
				t.Errorf("got %v after %d calls", err, calls.Load())
			}
		})
	}
}

func TestSignalAnswers(t *testing.T) {
	for name, tt := range map[string]struct {
		status int
		body   string
		code   int
	}{
		"refused":  {400, `{"error":{"message":"no","type":"OAuthException","code":131009}}`, 131009},
		"not done": {200, `{"success":false}`, 0},
		"garbage":  {502, `<html>`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := provider(t, answering(tt.status, tt.body))
			var failed *SendError
			err := client.Signal(t.Context(), testNumber, testToken, "wamid.A", false)
			if !errors.As(err, &failed) || !failed.Written || failed.Status != tt.status || (failed.API != nil) != (tt.code != 0) {
				t.Fatalf("got %#v", err)
			}
			if tt.code != 0 && failed.API.Code != tt.code {
				t.Errorf("got code %d", failed.API.Code)
			}
		})
	}
	client, calls := provider(t, answering(200, `{"success":true}`))
	if err := client.Signal(t.Context(), testNumber, testToken, "", false); !errors.Is(err, ErrOutgoing) || calls.Load() != 0 {
		t.Errorf("without a message: %v after %d calls", err, calls.Load())
	}
}
