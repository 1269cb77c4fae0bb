package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// printing is how a command shows facts.
type printing struct {
	JSON bool `help:"Print facts as JSON."`
}

// facts prints v as JSON, or what text writes for people.
func (p printing) facts(v any, text func()) error {
	if !p.JSON {
		text()
		return nil
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	return out.Encode(v)
}

// done prints that a command without facts worked.
func (p printing) done(text string) error {
	return p.facts(map[string]bool{"done": true}, func() { fmt.Println(text) })
}
