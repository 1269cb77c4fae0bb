package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// breakVariable names what is taken out of the program before it is tested, such as
// fence,key: the soak must say then what went wrong.
const breakVariable = "BOTSCHAFT_TEST_BREAK"

// mutation replaces words of a file of the program.
type mutation struct{ file, old, new string }

// mutations take one promise's keeper out each.
var mutations = map[string]mutation{
	"commit": {"internal/hook/intake.go", "case err := <-h.done:\n\t\treturn err\n", "default:\n\t\treturn nil\n"},
	"fence":  {"internal/queue/lane.go", "if err == nil && n == 0 {", "if err != nil && n == 0 {"},
	"key":    {"internal/store/migrations/00008_found_by_digest.sql", "CREATE UNIQUE INDEX message_digest", "CREATE INDEX message_digest"},
	"doubt":  {"internal/outbound/deliver.go", "return g.doubt(ctx, h, job, &m)", "return g.send(ctx, h, job, &m)"},
}

// mutate gives the flags of a build without the named keepers.
func mutate(dir, names string) ([]string, error) {
	if names == "" {
		return nil, nil
	}
	replaced := map[string]string{}
	for _, name := range strings.Split(names, ",") {
		m, known := mutations[name]
		path, err := filepath.Abs(filepath.Join("../..", m.file))
		if !known || err != nil {
			return nil, fmt.Errorf("%s: there is no %q to take out", breakVariable, name)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if bytes.Count(text, []byte(m.old)) != 1 {
			return nil, fmt.Errorf("%s does not hold %q once", m.file, m.old)
		}
		replaced[path] = filepath.Join(dir, name+filepath.Ext(path))
		if err := os.WriteFile(replaced[path], bytes.Replace(text, []byte(m.old), []byte(m.new), 1), 0o600); err != nil {
			return nil, err
		}
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replaced})
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "overlay.json")
	return []string{"-overlay", path}, os.WriteFile(path, overlay, 0o600)
}
