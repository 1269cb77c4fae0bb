package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"botschaft/internal/desk"
)

func TestReadPrices(t *testing.T) {
	const good = `
[[prices]]
from = "2026-10-01"
currency = "EUR"
free_replies = 1000
[prices.rates]
service = "0.0456"
`
	read := func(text string) (desk.PriceTable, error) {
		file := filepath.Join(t.TempDir(), "prices.toml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return readPrices(file)
	}
	table, err := read(good)
	if err != nil || len(table) != 1 || table[0].Free != 1000 || table[0].Rates["service"].FloatString(4) != "0.0456" {
		t.Errorf("read %+v: %v", table, err)
	}
	for from, to := range map[string]string{"2026-10-01": "October", `"EUR"`: `"Euro"`, `"0.0456"`: `"cheap"`, "free_replies": "gratis", "[[prices]]": "[[prices"} {
		if _, err := read(strings.Replace(good, from, to, 1)); desk.CodeOf(err) != desk.CodeInvalid {
			t.Errorf("%s instead of %s: %v", to, from, err)
		}
	}
	if table, err := readPrices(""); table != nil || err != nil {
		t.Errorf("no file: %+v, %v", table, err)
	}
}
