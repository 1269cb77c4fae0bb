package portal

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/httpd"
	"botschaft/internal/papers"
	"botschaft/internal/render"
)

// Notices gives every version of an Inbox's Notice, the newest first.
type Notices interface {
	Notices(ctx context.Context, id desk.InboxID) ([]desk.Notice, error)
}

// Portal serves the pages.
type Portal struct {
	inboxes *directory.Directory
	notices Notices
	zone    *time.Location
	log     *slog.Logger
}

// New makes the door; moments are shown in zone.
func New(d *directory.Directory, n Notices, zone *time.Location, log *slog.Logger) *Portal {
	return &Portal{inboxes: d, notices: n, zone: zone, log: log}
}

// Routes registers the addresses on mux. They are short, since layer 1 names them.
func (p *Portal) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /n/{inbox}", p.choose)
	mux.HandleFunc("GET /n/{inbox}/{language}", p.page)
	mux.HandleFunc("GET /n/{inbox}/{language}/notice.pdf", p.pdf)
	mux.HandleFunc("GET "+render.StylePath, style)
}

func style(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	_, _ = w.Write(render.Style())
}

var offered = language.NewMatcher([]language.Tag{language.German, language.English})

// choose leads to the language that the reader's browser prefers.
func (p *Portal) choose(w http.ResponseWriter, r *http.Request) {
	if _, err := desk.ParseNoticePath(r.PathValue("inbox")); err != nil {
		p.fail(w, r, err)
		return
	}
	w.Header().Set("Vary", "Accept-Language")
	http.Redirect(w, r, r.URL.Path+"/"+preferred(r), http.StatusFound)
}

// preferred is the language, of those there are, that the reader's browser asks for.
func preferred(r *http.Request) string {
	tag, _ := language.MatchStrings(offered, r.Header.Get("Accept-Language"))
	base, _ := tag.Base()
	return base.String()
}

// fail tells people on a page what is wrong.
func (p *Portal) fail(w http.ResponseWriter, r *http.Request, err error) {
	lang := preferred(r)
	text, status := words[lang].broken, http.StatusServiceUnavailable
	if desk.CodeOf(err) == desk.CodeNotFound {
		text, status = words[lang].missing, http.StatusNotFound
	} else {
		p.log.Error("a notice cannot be shown", "error", err)
	}
	var out bytes.Buffer
	if err := render.HTML(&out, render.Document{Title: words[lang].title, Language: lang, Intro: []string{text}}); err != nil {
		httpd.WriteProblem(w, r, err)
		return
	}
	w.Header().Set("Content-Type", html)
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes())
}

const html = "text/html; charset=utf-8"

func (p *Portal) page(w http.ResponseWriter, r *http.Request) {
	p.show(w, r, html, func(out *bytes.Buffer, d render.Document) error { return render.HTML(out, d) })
}

func (p *Portal) pdf(w http.ResponseWriter, r *http.Request) {
	p.show(w, r, "application/pdf", func(out *bytes.Buffer, d render.Document) error { return render.PDF(out, d) })
}

// show writes one version, the one in use unless ?version= names another.
func (p *Portal) show(w http.ResponseWriter, r *http.Request, kind string, write func(*bytes.Buffer, render.Document) error) {
	d, err := p.document(r)
	var out bytes.Buffer
	if err == nil {
		err = write(&out, d)
	}
	if err != nil {
		p.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Language", d.Language)
	w.Header().Set("Cache-Control", "public, max-age=60")
	_, _ = w.Write(out.Bytes())
}

func (p *Portal) document(r *http.Request) (render.Document, error) {
	id, err := desk.ParseNoticePath(r.PathValue("inbox"))
	if err != nil {
		return render.Document{}, err
	}
	inbox, err := p.inboxes.Claimed(r.Context(), id) // anybody may ask for any id
	if err != nil {
		return render.Document{}, err
	}
	all, err := p.notices.Notices(r.Context(), id)
	if err != nil {
		return render.Document{}, err
	}
	lang := r.PathValue("language")
	all = slices.DeleteFunc(all, func(n desk.Notice) bool { return n.Language != lang })
	at := 0
	if wanted := r.URL.Query().Get("version"); wanted != "" {
		n, _ := strconv.ParseInt(wanted, 10, 64)
		at = slices.IndexFunc(all, func(v desk.Notice) bool { return v.Version == n })
	}
	if at < 0 || at >= len(all) {
		return render.Document{}, desk.NotFound("notice")
	}
	return p.documentOf(&inbox.Inbox, inbox.Controller.Name, all, at)
}

// documentOf lays out the version at, with the way to all others.
func (p *Portal) documentOf(inbox *desk.Inbox, controller string, all []desk.Notice, at int) (render.Document, error) {
	n := all[at]
	var sections []papers.Section
	if err := json.Unmarshal([]byte(n.Long), &sections); err != nil {
		return render.Document{}, fmt.Errorf("notice %s: %w", n.ID, err)
	}
	w := words[n.Language]
	base := inbox.NoticePath() + "/" + n.Language
	short := strings.ReplaceAll(n.Short, desk.PageMark, "")
	d := render.Document{
		Title: w.title, Language: n.Language, Date: n.At, Subtitle: controller,
		Intro:  []string{w.intro},
		Footer: []string{fmt.Sprintf(w.version, n.Version, n.At.In(p.zone).Format(w.date))},
		PDF:    fmt.Sprintf("%s/notice.pdf?version=%d", base, n.Version),
	}
	if at > 0 {
		d.Intro = append([]string{w.old}, d.Intro...)
	}
	for _, s := range sections {
		d.Sections = append(d.Sections, render.Section{Title: s.Title, Text: s.Text, Apart: s.Item == "21(4)"})
	}
	d.Sections = append(d.Sections, render.Section{Title: w.short, Text: strings.Split(strings.TrimSpace(short), "\n\n")})
	for i, v := range all {
		if i != at {
			d.Versions = append(d.Versions, render.Link{
				Text: fmt.Sprintf(w.version, v.Version, v.At.In(p.zone).Format(w.date)), Href: fmt.Sprintf("%s?version=%d", base, v.Version),
			})
		}
	}
	other := words[w.other]
	d.Alternate = &render.Link{Text: other.name, Href: fmt.Sprintf("%s/%s?version=%d", inbox.NoticePath(), w.other, n.Version), Language: w.other}
	return d, nil
}

// wording is what stands around a Notice in a language.
type wording struct{ name, title, intro, short, version, date, old, other, missing, broken string }

var words = map[string]wording{
	"de": {
		"Deutsch", "Datenschutzhinweis",
		"Diese Seite sagt, was mit Daten geschieht, wenn jemand uns auf WhatsApp schreibt.",
		"Der kurze Hinweis im Chat", "Fassung %d vom %s", "02.01.2006, 15:04 Uhr",
		"Dies ist eine Fassung, die nicht mehr gilt.", "en",
		"Hier steht kein Datenschutzhinweis. Bitte prüfen Sie die Adresse, oder öffnen Sie den Link in der Nachricht noch einmal.",
		"Der Datenschutzhinweis kann im Moment nicht gezeigt werden. Bitte versuchen Sie es in einigen Minuten noch einmal.",
	},
	"en": {
		"English", "Privacy notice",
		"This page says what happens to data when somebody writes to us on WhatsApp.",
		"The short notice in the chat", "Version %d of %s", "2 January 2006, 15:04",
		"This version is no longer in force.", "de",
		"There is no privacy notice here. Please check the address, or open the link in the message again.",
		"The privacy notice cannot be shown at the moment. Please try again in a few minutes.",
	},
}
