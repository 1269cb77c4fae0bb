// Command botschaft is a WhatsApp customer-service desk for organisations that answer
// to the GDPR: the server and its tools.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"botschaft/internal/desk"
)

// version is set when the binary is built.
var version = "dev"

// Exit statuses.
const (
	statusFailed = 1 // it was understood and did not work
	statusUsage  = 2 // it was not understood
)

// cli is the command line; kong reads the tags.
type cli struct {
	Version kong.VersionFlag `help:"Print the version."`

	Serve      serveCmd      `cmd:"" help:"Run the server."`
	Demo       demoCmd       `cmd:"" help:"Run everything on this machine with data to throw away, and phones to type on."`
	Setup      setupCmd      `cmd:"" help:"Set up an empty house: the first controller and the first admin."`
	Controller controllerCmd `cmd:"" help:"Controllers: the legal entities that answer for the data."`
	Agent      agentCmd      `cmd:"" help:"Agents: the colleagues who answer."`
	Session    sessionCmd    `cmd:"" help:"Sessions: the browsers in which agents are logged in."`
	Inbox      inboxCmd      `cmd:"" help:"Inboxes: the numbers that work arrives at."`
	Token      tokenCmd      `cmd:"" help:"Tokens: let a program act for an agent."`
	Deliveries deliveriesCmd `cmd:"" help:"Items of webhooks that were set aside."`
	History    historyCmd    `cmd:"" help:"What was changed about settings, the newest first."`
	Audit      auditCmd      `cmd:"" help:"The audit log: who did what."`
	Verify     verifyCmd     `cmd:"" help:"Prove that the promises were kept."`
	Doctor     doctorCmd     `cmd:"" help:"Look at everything around the house and say what is wrong. Changes nothing."`
	Health     healthCmd     `cmd:"" help:"Ask the server of this machine whether it answers."`
	Backup     backupCmd     `cmd:"" help:"Make a backup of data and keys beside a running server."`
	Restore    restoreCmd    `cmd:"" help:"Bring a backup back into an empty place, or check it."`
	Key        keyCmd        `cmd:"" help:"Keys: the identity that opens backups, and new keys in the place of old ones."`
	Simulator  simulatorCmd  `cmd:"" help:"Run the WhatsApp simulator alone."`
}

func main() { os.Exit(runUntilSignal(os.Args[1:])) }

func runUntilSignal(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return run(ctx, args)
}

// run does what the arguments say and gives the exit status.
func run(ctx context.Context, args []string) int {
	var c cli
	parser, err := kong.New(&c, kong.Name("botschaft"), kong.UsageOnError(), kong.Vars{"version": version},
		kong.Description("WhatsApp customer service for organisations that answer to the GDPR."),
		kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		fmt.Fprintln(os.Stderr, "botschaft:", err)
		return statusFailed
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "botschaft:", err)
		fmt.Fprintln(os.Stderr, "botschaft --help lists what there is.")
		return statusUsage
	}
	if err := parsed.Run(); err != nil {
		for line := range strings.SplitSeq(plain(err), "\n") {
			fmt.Fprintln(os.Stderr, "botschaft:", line)
		}
		return statusFailed
	}
	return 0
}

// plain says what went wrong to somebody at a shell, one line per mistake.
func plain(err error) string {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		lines := make([]string, 0, 4)
		for _, e := range many.Unwrap() {
			if e != nil {
				lines = append(lines, plain(e))
			}
		}
		return strings.Join(lines, "\n")
	}
	var known *desk.Error
	if !errors.As(err, &known) {
		return err.Error()
	}
	text := known.Text
	if known.Field != "" {
		text = known.Field + " " + text
	}
	if known.Err != nil {
		text += ": " + known.Err.Error()
	}
	return text
}
