package main

import (
	"context"
	"errors"
	"fmt"
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
	DataFile        string     `help:"File in which the phones are kept; without it they are empty at every start." type:"path" placeholder:"FILE"`
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
	sim, err := c.open(cfg)
	if err != nil {
		return err
	}
	defer sim.Close()
	fmt.Fprintln(os.Stderr, "The simulator and its phones:", cfg.PublicURL)
	return runStages(ctx, []stage{{sim.Run, func(ctx context.Context) error { return serveUntil(ctx, ln, sim.Handler()) }}})
}

func (c *simulatorCmd) open(cfg simulator.Config) (*simulator.Simulator, error) {
	if c.DataFile == "" {
		return simulator.New(cfg), nil
	}
	return simulator.Open(c.DataFile, cfg)
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
