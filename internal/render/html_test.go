package render

import (
	"flag"
	"fmt"
	"html"
	"math"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

func pageOf(t *testing.T, d Document) string {
	t.Helper()
	var b strings.Builder
	if err := HTML(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestPageIsAsReviewed compares the page, in both languages, with one that was looked at.
func TestPageIsAsReviewed(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"de", "en"} {
		d := example(language)
		d.Sections[1].Table.Rows = d.Sections[1].Table.Rows[:1]
		d.Sections[3].Text = nil
		got, file := pageOf(t, d), "testdata/page."+language+".html"
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: the page changed; look at it, then write it anew with -update:\n%s", language, got)
		}
	}
}

var tags = regexp.MustCompile(`<[^>]*>`)

func TestPageSaysEveryWord(t *testing.T) {
	t.Parallel()
	d := example("de")
	text := pageOf(t, d)
	text = strings.NewReplacer("</dt>", " ", "</th>", " ", "</td>", " ").Replace(text[strings.Index(text, "<main>"):])
	wantInOrder(t, d, html.UnescapeString(tags.ReplaceAllString(text, "")))
}

// TestPageHasContentsWhenItIsLong wants them for more than five sections, and working.
func TestPageHasContentsWhenItIsLong(t *testing.T) {
	t.Parallel()
	d := example("de")
	text := pageOf(t, d)
	for i := range d.Sections {
		id := d.Sections[i].ID
		if id == "" {
			id = fmt.Sprint("section-", i+1)
		}
		if !strings.Contains(text, `<a href="#`+id+`">`) || !strings.Contains(text, `<section id="`+id+`"`) {
			t.Errorf("the contents do not lead to %q", id)
		}
	}
	d.Sections = d.Sections[:5]
	if strings.Contains(pageOf(t, d), `class="contents"`) {
		t.Error("five sections have a table of contents")
	}
}

// TestPageEscapes puts hostile text everywhere.
func TestPageEscapes(t *testing.T) {
	t.Parallel()
	const bad = `"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;`
	d := example("de")
	spoil(reflect.ValueOf(&d).Elem(), bad)
	d.Language = "de"
	d.Versions = append(d.Versions, Link{Text: "x", Href: "javascript:alert(1)"})
	d.Intro = append(d.Intro, `https://a.example/"onclick="alert(1)`, "https://a.example/<script>")
	text := pageOf(t, d)
	for _, trace := range []string{"<script", "<img", `"onclick`, `href="javascript`, "&amp;</"} {
		if strings.Contains(text, trace) {
			t.Errorf("%s got through:\n%s", trace, text)
		}
	}
	if n := strings.Count(text, "&lt;script"); n < 20 {
		t.Errorf("hostile text is shown %d times", n)
	}
}

// spoil makes every string below v the given one.
func spoil(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Pointer:
		spoil(v.Elem(), text)
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			spoil(v.Index(i), text)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() {
				spoil(f, text)
			}
		}
	}
}

// TestPageAsksNobody wants no script, no style in the page, and no address that a browser
// fetches by itself but our own style.
func TestPageAsksNobody(t *testing.T) {
	t.Parallel()
	text := pageOf(t, example("de"))
	if found := regexp.MustCompile(`(?i)<(?:script|style|img|iframe|object|embed|video|audio)|\sstyle=|\ssrc=|\son\w+=`).FindAllString(text, -1); found != nil {
		t.Errorf("the page contains %q", found)
	}
	if found := regexp.MustCompile(`<link[^>]*>`).FindAllString(text, -1); len(found) != 1 || found[0] != `<link rel="stylesheet" href="/papers/style.css">` {
		t.Errorf("the page links to %q", found)
	}
	if strings.Contains(string(Style()), "url(") || strings.Contains(string(Style()), "@import") {
		t.Error("the style fetches something")
	}
	for _, link := range regexp.MustCompile(`<a href="https:[^>]*>`).FindAllString(text, -1) {
		if !strings.Contains(link, `rel="noreferrer"`) {
			t.Errorf("%s tells where it was followed", link)
		}
	}
}

// TestContrast computes the contrast of text on every ground, by WCAG 2.2 (1.4.3).
func TestContrast(t *testing.T) {
	t.Parallel()
	sheet := string(Style())
	dark := strings.Index(sheet, "prefers-color-scheme: dark")
	end := dark + strings.Index(sheet[dark:], "* {")
	for name, part := range map[string]string{"light": sheet[:dark], "dark": sheet[dark:end], "print": sheet[strings.Index(sheet, "@media print"):]} {
		grounds, inks := []string{"paper", "accent-tint"}, []string{"ink", "ink-quiet", "accent"}
		for _, ground := range grounds {
			for _, ink := range inks {
				if c := contrast(cssColour(t, part, ground), cssColour(t, part, ink)); c < 4.5 {
					t.Errorf("%s: %s on %s has %.1f", name, ink, ground, c)
				}
			}
		}
	}
	for _, ground := range []colour{{1, 1, 1}, tint} {
		for _, on := range []colour{ink, quiet, accent} {
			if c := contrast(ground, on); c < 4.5 {
				t.Errorf("PDF: %v on %v has %.1f", on, ground, c)
			}
		}
	}
}

func cssColour(t *testing.T, part, name string) (c colour) {
	t.Helper()
	found := regexp.MustCompile(`--` + name + `: #([0-9a-f]{3,6});`).FindStringSubmatch(part)
	if found == nil {
		t.Fatalf("no --%s in %q", name, part)
	}
	hex := found[1]
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	for i := range c {
		v, _ := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		c[i] = float64(v) / 255
	}
	return c
}

func contrast(a, b colour) float64 {
	light := func(c colour) float64 {
		for i, v := range c {
			if v <= 0.04045 {
				c[i] = v / 12.92
			} else {
				c[i] = math.Pow((v+0.055)/1.055, 2.4)
			}
		}
		return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2] + 0.05
	}
	return max(light(a), light(b)) / min(light(a), light(b))
}
