package channel

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"botschaft/internal/desk"
)

func aliasesText(all []desk.Alias) string {
	var out []string
	for _, a := range all {
		out = append(out, a.Value.Reveal())
	}
	return strings.Join(out, " ")
}

// The bodies that say who goes by what now, as Meta writes them.
func TestRotations(t *testing.T) {
	for file, want := range map[string]string{
		"system_changed_number":       "new_number: +491713920012 > +491713920013",
		"system_changed_number_bsuid": "new_number: +491713920034 DE.1300000000269246 DE.ENT.1100000003560786 > +491713920035 DE.1300000000277165",
		"system_changed_user_id":      "new_user_id: DE.1300000000285084 DE.ENT.1100000003770244 > DE.1300000000293003 DE.ENT.1100000003874973",
		"system_legacy_new_wa_id":     "new_number: +491713920039 > +491713920040",
		"system_identity_changed":     "new_identity:  > ",
		"user_id_update":              "new_user_id: DE.1300000000641439 DE.ENT.1100000008483049 > +491713920081 DE.1300000000649358 DE.ENT.1100000008587778",
		"text":                        "",
	} {
		raw, err := os.ReadFile(filepath.Join("..", "whatsapp", "testdata", "webhook", file+".json"))
		if err != nil {
			t.Fatal(err)
		}
		arrivals, _ := decode(t, raw)
		got := ""
		for _, a := range arrivals {
			r := a.Rotation
			if a.Message != nil {
				r = a.Message.Rotation
			}
			if r != nil {
				got += fmt.Sprintf("%s: %s > %s", r.News, aliasesText(r.Before), aliasesText(r.After))
				if r.At.IsZero() {
					t.Errorf("%s: without a time", file)
				}
			}
			if file == "system_identity_changed" && a.Message.Key.Reveal() != "hash38" {
				t.Errorf("the key is %q", a.Message.Key.Reveal())
			}
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", file, got, want)
		}
	}
}

// What cannot be read says nothing, and an id in the place of a number stays one.
func TestOddRotations(t *testing.T) {
	for value, want := range map[string]string{
		`{"user_id_update":[{"wa_id":"DE.2","user_id":{"previous":"DE.1"},"timestamp":1795030001}]}`: "DE.1 > DE.2",
		`{"user_id_update":[{"user_id":{"previous":"DE.1","current":"DE.1"},"timestamp":"x"}]}`:      "",
		`{"user_id_update":[{"user_id":{"previous":"DE.1","current":"DE.2"},"timestamp":"x"}]}`:      "DE.1 > DE.2",
		`{"user_id_update":[{"user_id":{"current":"DE.2"}}]}`:                                        "",
		`{"user_id_update":[{"user_id":7}]}`:                                                         "",
		`{"user_id_update":{}}`:                                                                      "",
	} {
		arrivals, _ := decode(t, []byte(strings.Replace(string(body(value)), `"field":"messages"`, `"field":"user_id_update"`, 1)))
		got := ""
		for _, a := range arrivals {
			if a.Rotation != nil {
				got += aliasesText(a.Rotation.Before) + " > " + aliasesText(a.Rotation.After)
			}
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", value, got, want)
		}
	}
}
