package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"botschaft/internal/config"
	"botschaft/internal/diagnosis"
	"botschaft/internal/doctor"
	"botschaft/internal/egress"
)

// doctorCmd looks at a house and says what is wrong with it.
type doctorCmd struct {
	placement
	printing
	Listen    string        `help:"Address the server listens on, if serve was given one." placeholder:"HOST:PORT"`
	PublicURL string        `help:"How people reach the server, if serve was told." placeholder:"URL"`
	All       bool          `help:"Name what is well, too." short:"a"`
	Patience  time.Duration `help:"How long the quick check of a SQLite file may take." default:"20s"`
}

// examination is what doctor --json prints.
type examination struct {
	Worst    diagnosis.Severity  `json:"worst"`
	Findings []diagnosis.Finding `json:"findings"`
}

// errUnwell is the verdict when something is a problem.
var errUnwell = errors.New("something is wrong with this house; each problem stands above with what mends it")

// Run looks and tells. It changes nothing.
func (c *doctorCmd) Run(ctx context.Context) error {
	var facts diagnosis.Facts
	cfg, err := c.load(map[string]string{"listen": c.Listen, "public-url": c.PublicURL})
	if err == nil {
		facts, err = look(ctx, cfg, c.Patience)
	}
	if err != nil {
		facts = diagnosis.Facts{Settings: strings.Split(plain(err), "\n")}
	}
	found := diagnosis.Examine(facts)
	report := examination{Worst: diagnosis.Worst(found), Findings: found}
	if err := c.facts(report, func() { c.tell(report) }); err != nil {
		return err
	}
	if report.Worst == diagnosis.Problem {
		return errUnwell
	}
	return nil
}

func look(ctx context.Context, cfg config.Config, patience time.Duration) (diagnosis.Facts, error) {
	d, err := newDoctor(cfg, patience)
	if err != nil {
		return diagnosis.Facts{}, err
	}
	return d.Look(ctx), nil
}

func newDoctor(cfg config.Config, patience time.Duration) (*doctor.Doctor, error) {
	dialer, err := newDialer(cfg)
	if err != nil {
		return nil, err
	}
	trusted, err := trustedCA(cfg)
	if err != nil {
		return nil, err
	}
	return doctor.New(doctor.Uses{
		Config: cfg, Data: urlOf(cfg.Database), Vault: urlOf(cfg.Vault), Secrets: secretFiles(),
		Given: os.Getenv("CREDENTIALS_DIRECTORY"), Temp: os.TempDir(),
		Dialer: dialer, Declare: func(graphURL string) error { return declareProvider(dialer, graphURL) },
		Trusted: trusted, Now: time.Now, Patience: patience,
	}), nil
}

// trustedCA is what newDialer trusts; nil is the system's.
func trustedCA(cfg config.Config) (*x509.CertPool, error) {
	if cfg.CABundleFile == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(cfg.CABundleFile)
	if err != nil {
		return nil, fmt.Errorf("read the CA bundle: %w", err)
	}
	return egress.WithSystemCA(pem)
}

// secretFiles are the files that variables name and that hold an address with a password.
func secretFiles() map[string]string {
	files := map[string]string{}
	for variable, what := range map[string]string{
		"BOTSCHAFT_DATABASE_URL_FILE": "the database's address", "BOTSCHAFT_VAULT_URL_FILE": "the vault's address",
		"BOTSCHAFT_EGRESS_PROXY_URL_FILE": "the proxy's address",
	} {
		if path := os.Getenv(variable); path != "" {
			files[path] = what
		}
	}
	return files
}

func (c *doctorCmd) tell(r examination) {
	counts := map[diagnosis.Severity]int{}
	for _, f := range r.Findings {
		counts[f.Severity]++
	}
	for _, severity := range []diagnosis.Severity{diagnosis.Problem, diagnosis.Warning, diagnosis.Note, diagnosis.OK} {
		for f := range slices.Values(r.Findings) {
			if f.Severity != severity || severity == diagnosis.OK && !c.All {
				continue
			}
			fmt.Printf("%-8s %s: %s: %s\n", strings.ToUpper(string(f.Severity)), f.Check, f.Looked, f.Found)
			if f.Mend != "" {
				fmt.Printf("         → %s\n", f.Mend)
			}
		}
	}
	fmt.Printf("%d problems, %d warnings, %d notes; %d things are well.\n",
		counts[diagnosis.Problem], counts[diagnosis.Warning], counts[diagnosis.Note], counts[diagnosis.OK])
}

// healthCmd asks the server of this machine, for those who watch over a container.
type healthCmd struct {
	placement
	printing
	Listen    string `help:"Address the server listens on, if serve was given one." placeholder:"HOST:PORT"`
	PublicURL string `help:"How people reach the server, if serve was told." placeholder:"URL"`
	Ready     bool   `help:"Ask whether it would take work (/readyz), not only whether it answers (/healthz)."`
}

// Run asks.
func (c *healthCmd) Run(ctx context.Context) error {
	cfg, err := c.load(map[string]string{"listen": c.Listen, "public-url": c.PublicURL})
	if err != nil {
		return err
	}
	d, err := newDoctor(cfg, 0)
	if err != nil {
		return err
	}
	if err := d.Alive(ctx, c.Ready); err != nil {
		return err
	}
	return c.done("The server answers.")
}
