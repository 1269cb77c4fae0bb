package main

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"os"
	"time"

	"botschaft/internal/simulator"
)

// simulatorCmd runs the simulator alone, beside a server.
type simulatorCmd struct {
	Listen          string     `help:"Address to listen on; this machine alone." default:"127.0.0.1:8081"`
	WebhookURL      string     `help:"Where webhooks go." required:"" placeholder:"URL"`
	AppSecretFile   secretFile `help:"File with the app secret that signs webhooks." required:"" placeholder:"FILE"`
	AccessTokenFile secretFile `help:"File with the access token to ask for; without it any is good." placeholder:"FILE"`
	VerifyTokenFile secretFile `help:"File with the verify token for the handshake." placeholder:"FILE"`
	PhoneNumberID   string     `help:"Id of the business number." default:"100000000000001"`
	WABAID          string     `name:"waba-id" help:"Id of its account." default:"200000000000001"`
	DisplayPhone    string     `help:"The business number as people see it." default:"+49 30 0000001"`
}

// Run simulates until the process is asked to end.
func (c *simulatorCmd) Run(ctx context.Context) error {
	cfg := simulator.Config{
		WebhookURL: c.WebhookURL, Customers: demoPhones,
		Numbers: []simulator.Number{{PhoneNumberID: c.PhoneNumberID, WABA: c.WABAID, DisplayPhone: c.DisplayPhone, VerifiedName: "Simulator"}},
	}
	secret, err := c.AppSecretFile.read("app-secret-file")
	if err != nil {
		return err
	}
	cfg.AppSecret = secret.Reveal()
	for _, s := range []struct {
		file secretFile
		flag string
		to   *string
	}{{c.AccessTokenFile, "access-token-file", &cfg.AccessToken}, {c.VerifyTokenFile, "verify-token-file", &cfg.VerifyToken}} {
		if s.file == "" {
			continue
		}
		text, err := s.file.text(s.flag)
		if err != nil {
			return err
		}
		*s.to = text.Reveal()
	}
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return err
	}
	cfg.PublicURL = urlOfListener(ln)
	sim := simulator.New(cfg)
	fmt.Fprintln(os.Stderr, "The simulator and its phones:", cfg.PublicURL)
	err = runStages(ctx, []stage{{sim.Run, func(ctx context.Context) error { return serveUntil(ctx, ln, sim.Handler()) }}})
	sim.Close()
	return err
}

// serveUntil serves a page of the demo until ctx ends; nothing of it waits.
func serveUntil(ctx context.Context, ln net.Listener, h http.Handler) error {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = srv.Close() })
	defer stop()
	if err := srv.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

//go:embed stage
var stageFiles embed.FS

// stage is the page that shows inbox and phone side by side.
func (d *demo) stage() http.Handler {
	page := template.Must(template.ParseFS(stageFiles, "stage/index.html"))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		var out bytes.Buffer
		if err := page.Execute(&out, map[string]any{
			"Inbox": urlOfListener(d.house), "Phone": urlOfListener(d.phones), "Logins": d.state.Logins,
		}); err != nil {
			http.Error(w, "the page cannot be shown", http.StatusInternalServerError)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-src "+urlOfListener(d.house)+" "+urlOfListener(d.phones)+"; frame-ancestors 'none'")
		_, _ = w.Write(out.Bytes())
	})
	mux.HandleFunc("GET /stage.css", func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, stageFiles, "stage/stage.css") })
	return mux
}
