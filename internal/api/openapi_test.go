package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"log/slog"
	"net/http"
	"os"
	"testing"
	"time"

	"botschaft/internal/api"
)

var update = flag.Bool("update", false, "write web/app/openapi.json anew")

const openAPIFile = "../../web/app/openapi.json"

// document gives the OpenAPI document, indented.
func document(t *testing.T) []byte {
	t.Helper()
	a := api.New(api.Uses{
		Stream: func(h http.Handler) http.Handler { return h }, Now: time.Now, Log: slog.New(slog.DiscardHandler), Version: "1",
	})
	raw, err := a.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := json.Indent(&out, raw, "", "  "); err != nil {
		t.Fatal(err)
	}
	return append(out.Bytes(), '\n')
}

// The front end's types are generated from this file.
func TestOpenAPIFileIsCurrent(t *testing.T) {
	want := document(t)
	if *update {
		if err := os.WriteFile(openAPIFile, want, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(openAPIFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		t.Error("web/app/openapi.json is not current: run make gen")
	}
}
