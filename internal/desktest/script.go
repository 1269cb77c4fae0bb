package desktest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// script is one scenario: its lines, and the files behind them.
type script struct {
	path  string // scenarios/dialogue.txtar
	name  string // of the file without its ending
	about string // the comment it begins with
	lines []line
	files map[string]string
}

// line is one line to be played.
type line struct {
	at    string // scenarios/dialogue.txtar:7
	text  string
	words []word
}

// word is a part of a line; only what a person says stands in quotes.
type word struct {
	text   string
	quoted bool
}

// loadScripts reads every scenario of a directory.
func loadScripts(dir string) ([]*script, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("no scenario is in %s", dir)
	}
	all := make([]*script, len(names))
	for i, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if all[i], err = parseScript(filepath.Join(filepath.Base(dir), filepath.Base(name)), string(text)); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// parseScript reads the txtar form: lines first, then files behind their names.
func parseScript(path, text string) (*script, error) {
	s := &script{path: path, name: strings.TrimSuffix(filepath.Base(path), ".txtar"), files: map[string]string{}}
	file := ""
	for i, text := range strings.Split(text, "\n") {
		if name, ok := fileName(text); ok {
			file, s.files[name] = name, ""
			continue
		}
		if file != "" {
			s.files[file] += text + "\n"
			continue
		}
		l := line{at: path + ":" + strconv.Itoa(i+1), text: strings.TrimSpace(text)}
		var err error
		if l.words, err = splitWords(l.text); err != nil {
			return nil, fmt.Errorf("%s: %w", l.at, err)
		}
		switch {
		case len(l.words) > 0:
			s.lines = append(s.lines, l)
		case len(s.lines) == 0:
			s.about = strings.TrimSpace(s.about + " " + strings.TrimLeft(l.text, "# "))
		}
	}
	if s.about == "" || len(s.lines) == 0 {
		return nil, fmt.Errorf("%s: a scenario is a comment that says what it is about, and lines", path)
	}
	return s, nil
}

// speaksOf tells whether a line begins with the words.
func (s *script) speaksOf(words string) bool {
	return slices.ContainsFunc(s.lines, func(l line) bool { return strings.HasPrefix(l.text, words) })
}

// fileName gives the name in a line "-- name --".
func fileName(text string) (string, bool) {
	name, ok := strings.CutPrefix(strings.TrimSpace(text), "-- ")
	if !ok {
		return "", false
	}
	name, ok = strings.CutSuffix(name, " --")
	return strings.TrimSpace(name), ok && strings.TrimSpace(name) != ""
}

// splitWords splits at spaces, keeps together what stands in quotes, and leaves out
// what stands behind "#".
func splitWords(text string) ([]word, error) {
	var words []word
	for {
		text = strings.TrimLeft(text, " \t")
		switch {
		case text == "" || text[0] == '#':
			return words, nil
		case text[0] == '"':
			quoted, err := strconv.QuotedPrefix(text)
			if err != nil {
				return nil, fmt.Errorf("a quotation is not closed: %s", text)
			}
			said, err := strconv.Unquote(quoted)
			if err != nil {
				return nil, fmt.Errorf("a quotation cannot be read: %s", quoted)
			}
			words, text = append(words, word{said, true}), text[len(quoted):]
		default:
			end := strings.IndexAny(text+" ", " \t")
			words, text = append(words, word{text[:end], false}), text[end:]
		}
	}
}
