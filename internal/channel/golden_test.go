package channel

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/private"
)

var update = flag.Bool("update", false, "write the golden files anew")

// ownBodies are the webhook bodies of our own, by name.
func ownBodies(t testing.TB) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("../whatsapp/testdata/webhook/*.json")
	if err != nil || len(files) < 60 {
		t.Fatalf("got %d bodies (%v)", len(files), err)
	}
	all := map[string][]byte{}
	for _, file := range files {
		if all[strings.TrimSuffix(filepath.Base(file), ".json")], err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// Each body of our own becomes the values of the desk that are written down for it.
func TestDecodeGolden(t *testing.T) {
	for name, body := range ownBodies(t) {
		t.Run(name, func(t *testing.T) {
			compareGolden(t, "testdata/webhook/"+name+".golden", arrivalLines(t, body, false))
		})
	}
}

func compareGolden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("differs from %s: %s", path, firstDifference(got, string(want)))
	}
}

// firstDifference shows the first line in which two texts differ.
func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(a), len(b)) {
		var x, y string
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			return fmt.Sprintf("line %d\ngot  %s\nwant %s", i+1, x, y)
		}
	}
	return "nowhere"
}

// arrivalLines writes what a body becomes, a line for each value that is not empty.
func arrivalLines(t testing.TB, body []byte, digested bool) string {
	t.Helper()
	var b strings.Builder
	w := NewWhatsApp(nil, time.Now, func(name string, n int) {})
	arrivals, err := w.Decode(body)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range arrivals {
		b.WriteString("-- " + a.Path + "\n" + linesOf(a, digested))
	}
	return b.String()
}

// linesOf writes an Arrival but for its path. Of what was kept of a Message beside its text the
// Details are written.
func linesOf(a desk.Arrival, digested bool) string {
	l := lines{digested: digested}
	a.Path = ""
	if a.Message != nil {
		m := *a.Message
		details := Details(m.Content)
		m.Content.Raw = private.Text{}
		a.Message = &m
		l.add("Arrival", reflect.ValueOf(a))
		l.add("Details", reflect.ValueOf(details))
		return l.String()
	}
	l.add("Arrival", reflect.ValueOf(a))
	return l.String()
}

// lines writes values with their places and private texts readable. With digested, whatever
// somebody wrote stands as a digest; our own words, numbers of elements and truths stay.
type lines struct {
	strings.Builder
	digested bool
}

func (l *lines) add(place string, v reflect.Value) {
	switch x := v.Interface().(type) {
	case private.Text:
		if !x.IsEmpty() {
			l.line(place, x.Reveal(), true)
		}
		return
	case []byte:
		if len(x) > 0 {
			l.line(place, hex.EncodeToString(x), true)
		}
		return
	case time.Time:
		if !x.IsZero() {
			l.line(place, x.UTC().Format(time.RFC3339), true)
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			l.line(place, "is told", false)
			l.add(place, v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				l.add(place+"."+v.Type().Field(i).Name, v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			l.add(fmt.Sprintf("%s[%d]", place, i), v.Index(i))
		}
	default:
		if !v.IsZero() {
			named := v.Type().PkgPath() != "" // one of our own words
			l.line(place, fmt.Sprint(v.Interface()), !named && v.Kind() != reflect.Bool)
		}
	}
}

func (l *lines) line(place, value string, theirs bool) {
	if theirs && l.digested {
		sum := sha256.Sum256([]byte(value))
		value = "#" + hex.EncodeToString(sum[:6])
	}
	fmt.Fprintf(l, "%s = %q\n", place, value)
}
