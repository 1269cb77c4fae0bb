package house

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// schema is what migrations have made so far: the type of each column by table.
// It reads the portable SQL the house writes and reports what it cannot read, so
// that no table slips past.
type schema map[string]map[string]string

// The statements the reader knows.
var (
	comment     = regexp.MustCompile(`--[^\n]*|(?s:/\*.*?\*/)`)
	createTable = regexp.MustCompile(`(?is)^CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(\w+)\s*\((.*)\)$`)
	dropTable   = regexp.MustCompile(`(?is)^DROP\s+TABLE\s+(?:IF\s+EXISTS\s+)?(\w+)(?:\s+CASCADE)?$`)
	addColumn   = regexp.MustCompile(`(?is)^ALTER\s+TABLE\s+(\w+)\s+ADD\s+COLUMN\s+(?:IF\s+NOT\s+EXISTS\s+)?(\w+)\s+(\w+)`)
	dropColumn  = regexp.MustCompile(`(?is)^ALTER\s+TABLE\s+(\w+)\s+DROP\s+COLUMN\s+(?:IF\s+EXISTS\s+)?(\w+)$`)
	renamed     = regexp.MustCompile(`(?is)^ALTER\s+TABLE\s+(\w+)\s+RENAME\s+COLUMN\s+(\w+)\s+TO\s+(\w+)$`)
	harmless    = regexp.MustCompile(`(?is)^ALTER\s+TABLE\s+\w+\s+(SET\s*\(|(ADD|DROP|VALIDATE)\s+CONSTRAINT\s)`)
	onTables    = regexp.MustCompile(`(?is)^(CREATE\s+(\w+\s+)*TABLE|ALTER\s+TABLE|DROP\s+TABLE)\s`)
	constraint  = regexp.MustCompile(`(?i)^(PRIMARY|UNIQUE|FOREIGN|CHECK|CONSTRAINT|EXCLUDE)\b`)
)

// upOf gives the part of a goose migration that goes forward.
func upOf(text string) string {
	up, _, _ := strings.Cut(text, "-- +goose Down")
	return up
}

// apply runs the statements of text and reports those it cannot read.
func (s schema) apply(name, text string) []string {
	var found []string
	for statement := range strings.SplitSeq(comment.ReplaceAllString(text, ""), ";") {
		statement = strings.TrimSpace(statement)
		if onTables.MatchString(statement) && !s.change(statement) {
			found = append(found, name+": the guard cannot read this statement, so it cannot vouch for its columns: "+
				strings.Join(strings.Fields(statement), " "))
		}
	}
	return found
}

// change runs one statement, and tells whether it could.
func (s schema) change(statement string) bool {
	if m := createTable.FindStringSubmatch(statement); m != nil {
		return s.create(strings.ToLower(m[1]), m[2])
	}
	if m := dropTable.FindStringSubmatch(statement); m != nil {
		delete(s, strings.ToLower(m[1]))
		return true
	}
	for _, form := range []*regexp.Regexp{addColumn, dropColumn, renamed} {
		m := form.FindStringSubmatch(statement)
		if m == nil {
			continue
		}
		table := s[strings.ToLower(m[1])]
		if table == nil || form == addColumn && strings.Count(strings.ToUpper(statement), "ADD COLUMN") != 1 {
			return false
		}
		column := strings.ToLower(m[2])
		switch form {
		case addColumn:
			table[column] = strings.ToUpper(m[3])
		case renamed:
			table[strings.ToLower(m[3])] = table[column]
			delete(table, column)
		default:
			delete(table, column)
		}
		return true
	}
	return harmless.MatchString(statement)
}

// create reads the columns between a table's brackets.
func (s schema) create(table, body string) bool {
	columns := map[string]string{}
	for _, part := range splitTop(body) {
		if constraint.MatchString(part) {
			continue
		}
		words := strings.Fields(part)
		if len(words) < 2 {
			return false
		}
		columns[strings.ToLower(words[0])] = strings.ToUpper(words[1])
	}
	s[table] = columns
	return len(columns) > 0
}

// splitTop splits at the commas outside of brackets and quotes.
func splitTop(body string) []string {
	var parts []string
	depth, quoted, from := 0, false, 0
	for i, c := range body {
		switch {
		case c == '\'':
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			parts = append(parts, strings.TrimSpace(body[from:i]))
			from = i + 1
		}
	}
	return append(parts, strings.TrimSpace(body[from:]))
}

// columns gives the type of every column by "table.column".
func (s schema) columns() map[string]string {
	all := map[string]string{}
	for table, columns := range s {
		for column, kind := range columns {
			all[table+"."+column] = kind
		}
	}
	return all
}

func TestSchemaIsRead(t *testing.T) {
	s := schema{}
	found := s.apply("1.sql", upOf(`-- +goose Up
CREATE TABLE contact (
    id BYTEA NOT NULL PRIMARY KEY, -- a comment, with commas
    name bytea CHECK (name IN ('a,b', 'c')),
    old TEXT,
    PRIMARY KEY (id, name)
);
CREATE TABLE gone (id BYTEA);
CREATE UNIQUE INDEX contact_name ON contact (name);
ALTER TABLE contact ADD COLUMN at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE contact RENAME COLUMN at TO since;
ALTER TABLE contact DROP COLUMN old;
ALTER TABLE contact SET (fillfactor = 70);
DROP TABLE gone;
-- +goose Down
DROP TABLE contact;`))
	wantFindings(t, found)
	want := map[string]string{"contact.id": "BYTEA", "contact.name": "BYTEA", "contact.since": "BIGINT"}
	if got := s.columns(); !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestSchemaReportsWhatItCannotRead(t *testing.T) {
	for _, statement := range []string{
		"CREATE VIRTUAL TABLE words USING fts5(body)",
		"CREATE TEMPORARY TABLE t (id BYTEA)",
		"CREATE TABLE copy AS SELECT * FROM contact",
		"ALTER TABLE nowhere ADD COLUMN a TEXT",
		"ALTER TABLE known ADD COLUMN a TEXT, ADD COLUMN b TEXT",
		"ALTER TABLE known ADD b TEXT",
		"ALTER TABLE known RENAME TO other",
		`CREATE TABLE "quoted" (id BYTEA)`,
	} {
		s := schema{"known": {"id": "BYTEA"}}
		if found := s.apply("1.sql", statement); len(found) != 1 {
			t.Errorf("%s: got %q, want one finding", statement, found)
		}
	}
}

func TestSQLInGoIsRead(t *testing.T) {
	got := sqlStrings(newSource(t, "internal/vault/a.go",
		"package vault\nvar a = `CREATE TABLE t (id BYTEA)`\nvar b = \"SELECT 1 FROM the_table\"\nvar c = \"alter table t add column b text\""))
	if want := []string{"CREATE TABLE t (id BYTEA)", "alter table t add column b text"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
