package house

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the generated files anew")

// levels are the methods of a logger that write a line, and the level it has.
var levels = map[string]string{"Debug": "debug", "Info": "info", "Warn": "warn", "Error": "error"}

// logged is one line that the program may write.
type logged struct {
	level, text string
	keys        []string
	at          string // the file
}

// logLines finds the lines a server may write: calls on a logger with the text as a literal.
func logLines(all []source) []logged {
	var found []logged
	for _, s := range all {
		if s.test || s.generated || helper(s.pkg()) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if line, ok := logCall(call); ok {
				line.at = s.path
				if call.Ellipsis.IsValid() { // the keys were gathered before
					line.keys = attributes(s)
				}
				found = append(found, line)
			}
			return true
		})
	}
	return found
}

// logCall reads x.Warn("text", "key", value, slog.Int("key", n), …), x.WarnContext and
// x.Log(ctx, level, "text", …).
func logCall(call *ast.CallExpr) (logged, bool) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !isLogger(sel.X) {
		return logged{}, false
	}
	args := call.Args
	level := levels[strings.TrimSuffix(sel.Sel.Name, "Context")]
	switch {
	case sel.Sel.Name == "Log" || sel.Sel.Name == "LogAttrs":
		level, args = logLevel(args), args[min(2, len(args)):]
	case strings.HasSuffix(sel.Sel.Name, "Context"):
		args = args[min(1, len(args)):]
	}
	if level == "" || len(args) == 0 {
		return logged{}, false
	}
	text, ok := literal(args[0])
	return logged{level: level, text: text, keys: logKeys(args[1:])}, ok
}

// logLevel reads the level of x.Log(ctx, slog.LevelError, …), if it does not depend.
func logLevel(args []ast.Expr) string {
	if len(args) > 1 {
		if sel, ok := args[1].(*ast.SelectorExpr); ok {
			if level := levels[strings.TrimPrefix(sel.Sel.Name, "Level")]; level != "" {
				return level
			}
		}
	}
	return "by the case"
}

// isLogger tells whether an expression is a logger, which the house calls log or Log.
func isLogger(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.Ident:
		return strings.EqualFold(x.Name, "log")
	case *ast.SelectorExpr:
		return strings.EqualFold(x.Sel.Name, "log")
	}
	return false
}

// logKeys gives the keys of a line; an argument that is neither a key nor an attribute
// takes the next as its value.
func logKeys(args []ast.Expr) []string {
	var keys []string
	for i := 0; i < len(args); i++ {
		if key, ok := literal(args[i]); ok {
			keys = append(keys, key)
			i++
			continue
		}
		if call, ok := args[i].(*ast.CallExpr); ok && len(call.Args) > 0 { // slog.String("key", …)
			if key, ok := literal(call.Args[0]); ok {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// attributes gives the keys of all attributes that a file makes, in order.
func attributes(s source) []string {
	var keys []string
	s.selections("log/slog", func(sel *ast.SelectorExpr, _ bool) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && call.Fun == sel && len(call.Args) > 1 {
				if key, ok := literal(call.Args[0]); ok {
					keys = append(keys, key)
				}
			}
			return true
		})
	})
	return keys
}

func literal(x ast.Expr) (string, bool) {
	lit, ok := x.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

const logHead = `# Log lines

<!-- Generated from the code by make gen. Do not edit. -->

Every line a server or a command may write to its log, with the keys it may have besides ` + "`time`, `level` and `msg`" + `. What the important ones mean and ask for stands in [operate.md](operate.md#logs). Values are ids, codes, numbers, routes and causes; nothing in them comes from people.

| Level | Line | Keys | Written in |
|---|---|---|---|
`

func TestLogReferenceIsCurrent(t *testing.T) {
	lines := logLines(repository(t))
	if len(lines) < 30 {
		t.Errorf("only %d log lines were found", len(lines))
	}
	slices.SortFunc(lines, func(a, b logged) int { return strings.Compare(a.text+a.at, b.text+b.at) })
	var out bytes.Buffer
	out.WriteString(logHead)
	for _, l := range lines {
		keys := "–"
		if len(l.keys) > 0 {
			keys = "`" + strings.Join(l.keys, "`, `") + "`"
		}
		fmt.Fprintf(&out, "| %s | %s | %s | [%s](../%s) |\n", l.level, strings.ReplaceAll(l.text, "|", `\|`), keys, filepath.Base(l.at), l.at)
	}
	path := filepath.Join(root, "docs", "reference-log.md")
	if *update {
		if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, out.Bytes()) {
		t.Errorf("docs/reference-log.md is not current: run make gen (%v)", err)
	}
}

func TestLogLinesAreFound(t *testing.T) {
	got := logLines(fixture(t, map[string]string{
		"internal/room/a.go": `package room
import "log/slog"
func f(log *slog.Logger, h struct{ log *slog.Logger }, t struct{ Error func(...any) }, err error) {
	log.Warn("one", "error", err)
	h.log.InfoContext(nil, "two", slog.Int("n", 1), "key", 2)
	log.Log(nil, slog.LevelInfo, "three")
	t.Error("no line")
	log.Warn(err.Error())
}`,
		"internal/room/a_test.go": "package room\nvar log struct{ Info func(string) }\nfunc g() { log.Info(\"no line\") }",
	}))
	var told []string
	for _, l := range got {
		told = append(told, fmt.Sprintf("%s %s %v", l.level, l.text, l.keys))
	}
	if want := []string{"warn one [error]", "info two [n key]", "info three []"}; !slices.Equal(told, want) {
		t.Errorf("got %q, want %q", told, want)
	}
}
