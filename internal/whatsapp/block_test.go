package whatsapp

import (
	"errors"
	"io"
	"net/http"
	"testing"
)

func TestBlock(t *testing.T) {
	for name, tt := range map[string]struct {
		user   string
		block  bool
		method string
		answer string
	}{
		"block":   {"+491713920001", true, "POST", `{"messaging_product":"whatsapp","block_users":{"added_users":[{"input":"+491713920001","wa_id":"491713920001"}]}}`},
		"unblock": {"DE.13", false, "DELETE", `{"messaging_product":"whatsapp","block_users":{"removed_users":[{"input":"DE.13"}]}}`},
	} {
		t.Run(name, func(t *testing.T) {
			client, calls := provider(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				want := `{"messaging_product":"whatsapp","block_users":[{"user":"` + tt.user + `"}]}`
				if r.Method != tt.method || r.URL.Path != "/v25.0/"+testNumber+"/block_users" || string(body) != want {
					t.Errorf("got %s %s\n%s", r.Method, r.URL.Path, body)
				}
				io.WriteString(w, tt.answer)
			})
			if err := client.Block(t.Context(), testNumber, testToken, tt.user, tt.block); err != nil || calls.Load() != 1 {
				t.Errorf("got %v after %d calls", err, calls.Load())
			}
		})
	}
}

// What an answer says of the user counts more than what it says of all.
func TestBlockAnswers(t *testing.T) {
	for name, tt := range map[string]struct {
		status int
		body   string
		code   int
	}{
		"of the user": {400, `{"messaging_product":"whatsapp","error":{"message":"no","code":139100},"block_users":{"added_users":[],"failed_users":[{"input":"+491713920001","errors":[{"message":"late","code":131047,"error_data":{"details":"x"}}]}]}}`, 131047},
		"of all":      {400, `{"error":{"message":"no","type":"OAuthException","code":139101}}`, 139101},
		"nothing":     {200, `{"messaging_product":"whatsapp","block_users":{"added_users":[]}}`, 0},
		"garbage":     {502, `<html>`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := provider(t, answering(tt.status, tt.body))
			var failed *SendError
			err := client.Block(t.Context(), testNumber, testToken, "+491713920001", true)
			if !errors.As(err, &failed) || (failed.API != nil) != (tt.code != 0) || failed.API != nil && failed.API.Code != tt.code {
				t.Errorf("got %v", err)
			}
		})
	}
	client, calls := provider(t, answering(200, `{}`))
	if err := client.Block(t.Context(), testNumber, testToken, "0171 1", true); !errors.Is(err, ErrOutgoing) || calls.Load() != 0 {
		t.Errorf("nobody: %v after %d calls", err, calls.Load())
	}
}
