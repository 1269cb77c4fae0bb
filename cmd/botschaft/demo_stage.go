package main

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"strings"
)

//go:embed stage
var stageFiles embed.FS

// stageWords are the words of the demo's page in one language.
type stageWords struct {
	Lang, Title, Lead, Show, Inbox, Phone, InboxAlone, PhoneAlone, Logins, Email, Password, Copy, Copied string
	roles                                                                                                map[string]string
}

// Role is what a login is for.
func (w stageWords) Role(l demoLogin) string {
	if role, ok := w.roles[l.Role]; ok {
		return role
	}
	return l.Role
}

var stageGerman = stageWords{
	Lang: "de", Title: "Botschaft: Demo", Lead: "Postfach und Telefone der Kundschaft. Nichts verlässt diesen Rechner.",
	Show: "Ansicht", Inbox: "Postfach", Phone: "Telefon", InboxAlone: "Postfach allein", PhoneAlone: "Telefon allein",
	Logins: "Zugangsdaten", Email: "E-Mail-Adresse", Password: "Passwort", Copy: "Kopieren", Copied: "Kopiert",
	roles: map[string]string{
		"admin of both": "Admin beider Häuser", "agent of Muster Leben": "Service Muster Leben", "agent of Muster Auto": "Service Muster Auto",
		"another agent of Muster Auto": "Schaden Muster Auto", "data-protection officer": "Datenschutz beider Häuser",
	},
}

var stageEnglish = stageWords{
	Lang: "en", Title: "Botschaft demo", Lead: "The inbox and its customers’ phones. Nothing leaves this machine.",
	Show: "View", Inbox: "Inbox", Phone: "Phone", InboxAlone: "Inbox alone", PhoneAlone: "Phone alone",
	Logins: "Logins", Email: "Email address", Password: "Password", Copy: "Copy", Copied: "Copied",
	roles: map[string]string{
		"admin of both": "Admin of both", "agent of Muster Leben": "Service Muster Leben", "agent of Muster Auto": "Service Muster Auto",
		"another agent of Muster Auto": "Schaden Muster Auto", "data-protection officer": "Data protection of both",
	},
}

// stageWordsFor picks the first language of the browser that we speak.
func stageWordsFor(r *http.Request) stageWords {
	for wish := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		switch wish = strings.ToLower(strings.TrimSpace(wish)); {
		case strings.HasPrefix(wish, "de"):
			return stageGerman
		case strings.HasPrefix(wish, "en"):
			return stageEnglish
		}
	}
	return stageEnglish
}

// stage is the page that shows inbox and phone side by side. It shows passwords, so it
// answers to its own address only, and no other page may frame it.
func (d *demo) stage() http.Handler {
	page := template.Must(template.ParseFS(stageFiles, "stage/index.html"))
	policy := "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; frame-src " +
		urlOfListener(d.house) + " " + urlOfListener(d.phones) + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		var out bytes.Buffer
		if err := page.Execute(&out, map[string]any{
			"Inbox": urlOfListener(d.house), "Phone": urlOfListener(d.phones), "Logins": d.state.Logins, "Words": stageWordsFor(r),
		}); err != nil {
			http.Error(w, "the page cannot be shown", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Vary", "Accept-Language")
		_, _ = w.Write(out.Bytes())
	})
	for _, name := range []string{"stage.css", "stage.js", "stage.svg"} {
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, stageFiles, "stage/"+name) })
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", policy)
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		if r.Host != d.page.Addr().String() { // under another name the frames could not keep a login, and nobody need ask
			http.Redirect(w, r, urlOfListener(d.page)+"/", http.StatusTemporaryRedirect)
			return
		}
		mux.ServeHTTP(w, r)
	})
}
