package whatsapp

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestCapacity(t *testing.T) {
	const unknown = `{"error":{"message":"(#100) nonexisting field","type":"OAuthException","code":100}}`
	for name, c := range map[string]struct {
		level, onApp, tier string
		want               int
		people             int
	}{
		"standard":             {`{"throughput":{"level":"STANDARD"},"id":"33"}`, `{"is_on_biz_app":false,"id":"33"}`, `{"whatsapp_business_manager_messaging_limit":"TIER_2K"}`, 80, 2000},
		"high":                 {`{"throughput":{"level":"HIGH"},"id":"33"}`, `{"id":"33"}`, `{"whatsapp_business_manager_messaging_limit":"TIER_UNLIMITED"}`, 1000, 0},
		"in the app, too":      {`{"throughput":{"level":"STANDARD"},"id":"33"}`, `{"is_on_biz_app":true,"id":"33"}`, `{"whatsapp_business_manager_messaging_limit":"TIER_250"}`, 20, 250},
		"of an older version":  {`{"throughput":{"level":"HIGH"},"id":"33"}`, unknown, unknown, 1000, 0},
		"none":                 {`{"throughput":{"level":"NOT_APPLICABLE"},"id":"33"}`, unknown, unknown, 0, 0},
		"of another type":      {`{"throughput":"HIGH"}`, unknown, unknown, -1, 0},
		"refused":              {unknown, unknown, unknown, -1, 0},
		"no answer of a graph": {`<html>`, `<html>`, `<html>`, -1, 0},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet || r.URL.Path != "/v25.0/33" || r.Header.Get("Authorization") != "Bearer token" {
				t.Errorf("%s: asked %s %s", name, r.Method, r.URL.Path)
			}
			answer := map[string]string{"throughput": c.level, "is_on_biz_app": c.onApp, "whatsapp_business_manager_messaging_limit": c.tier}[r.URL.Query().Get("fields")]
			if answer == unknown {
				w.WriteHeader(http.StatusBadRequest)
			}
			_, _ = io.WriteString(w, answer)
		}))
		got, err := (&Client{HTTP: server.Client(), BaseURL: server.URL, Version: "v25.0"}).Capacity(t.Context(), "33", "token")
		server.Close()
		var failed *MediaError
		if c.want < 0 && !errors.As(err, &failed) || c.want >= 0 && (err != nil || got != Capacity{c.want, c.people}) {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
	if n, err := (&Client{Provider: Dialog360}).Capacity(t.Context(), "33", "token"); n != (Capacity{}) || err != nil {
		t.Errorf("360dialog: got %+v, %v", n, err)
	}
	if _, err := (&Client{HTTP: http.DefaultClient}).Capacity(t.Context(), "33/../44", "token"); err == nil {
		t.Error("an odd number is asked for")
	}
}
