package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"botschaft/internal/audit"
	"botschaft/internal/desk"
)

// verifyCmd proves that promises were kept.
type verifyCmd struct {
	Audit verifyAuditCmd `cmd:"" help:"Check the whole audit log against its signed checkpoints."`
}

type verifyAuditCmd struct {
	placement
	printing
	Against []string `help:"A checkpoint kept outside, as --json printed it (repeatable)." type:"existingfile" placeholder:"FILE"`
}

// errAltered is the verdict of a log that was tampered with.
var errAltered = errors.New("the audit log was altered")

// Run verifies.
func (c *verifyAuditCmd) Run(ctx context.Context) error {
	outside, err := attestations(c.Against)
	if err != nil {
		return err
	}
	return c.withGround(ctx, func(g *ground) error {
		r, err := audit.NewVerifier(g.store, g.vault.VerifyKey(), g.installation.ID).Verify(ctx, outside...)
		if err != nil {
			return err
		}
		if err := c.facts(r, func() { tellReport(r) }); err != nil {
			return err
		}
		if r.Fault != nil {
			return errAltered
		}
		return nil
	})
}

func tellReport(r audit.Report) {
	if r.Fault != nil {
		fmt.Println("ALTERED:", r.Fault.Text)
	} else {
		fmt.Printf("All %d entries are as they were written.\n", r.Entries)
	}
	switch {
	case r.CheckpointAt != nil:
		fmt.Printf("Protected up to entry %d by the checkpoint of %s; %d checkpoints were checked.\n",
			r.Protected, r.CheckpointAt.Format(time.RFC3339), r.Checkpoints)
	case r.Fault == nil:
		fmt.Println("No checkpoint was signed yet, so nothing is protected yet.")
	}
	if r.Fault != nil {
		return // what stands behind a fault says nothing
	}
	if tail := r.Entries - r.Protected + r.Waiting; tail > 0 {
		fmt.Printf("%d newer entries wait for the next checkpoint.\n", tail)
	}
}

// attestations reads checkpoints that were kept outside: a report of this command, or
// its "checkpoint" alone.
func attestations(files []string) ([]audit.Attestation, error) {
	var out []audit.Attestation
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var report audit.Report
		var alone audit.Attestation
		if err := json.Unmarshal(b, &report); err != nil {
			return nil, desk.Invalid("against", "names a file that is no checkpoint")
		}
		if report.Last == nil && json.Unmarshal(b, &alone) == nil && alone.Size > 0 {
			report.Last = &alone
		}
		if report.Last == nil {
			return nil, desk.Invalid("against", "names a file that is no checkpoint")
		}
		out = append(out, *report.Last)
	}
	return out, nil
}
