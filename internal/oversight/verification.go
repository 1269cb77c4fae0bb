package oversight

import (
	"context"
	"log/slog"
	"sync"

	"botschaft/internal/audit"
	"botschaft/internal/desk"
	"botschaft/internal/store"
)

// Verification verifies the audit log in the background, once at a time on this node.
// What the last run found is kept in memory.
type Verification struct {
	store    *store.Store
	verifier *audit.Verifier
	log      *slog.Logger
	asked    chan struct{}

	mu   sync.Mutex
	last desk.Verification
}

// NewVerification makes a Verification; Run works.
func NewVerification(s *store.Store, v *audit.Verifier, log *slog.Logger) *Verification {
	w := &Verification{
		store: s, verifier: v, log: log, asked: make(chan struct{}, 1), last: desk.Verification{State: desk.VerificationNever},
	}
	v.Progress = w.progress
	return w
}

// Last tells how the last verification of this node stands.
func (w *Verification) Last() desk.Verification {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last
}

// Start begins a verification, unless one is under way: then that is what was wanted.
func (w *Verification) Start(ctx context.Context, actor desk.Actor) (desk.Verification, error) {
	if last := w.Last(); last.State == desk.VerificationRunning {
		return last, nil
	}
	if err := w.store.Update(ctx, func(tx *store.Tx) error {
		tx.Audit(desk.AuditEntry{Actor: actor, Act: desk.ActAuditVerified, Subject: "audit"})
		return nil
	}); err != nil {
		return w.Last(), err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.last.State != desk.VerificationRunning {
		w.last = desk.Verification{State: desk.VerificationRunning, StartedAt: w.store.Now()}
		w.asked <- struct{}{} // there is room: whoever is running has taken the last one
	}
	return w.last, nil
}

// Run verifies when it is asked to, until ctx ends.
func (w *Verification) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-w.asked:
		}
		report, err := w.verifier.Verify(ctx)
		w.finish(report, err)
		switch {
		case err != nil && ctx.Err() == nil:
			w.log.Warn("verifying the audit log failed", "error", err)
		case report.Fault != nil:
			w.log.Error("the audit log was altered", "kind", report.Fault.Kind, "entry", report.Fault.Entry)
		}
	}
}

func (w *Verification) progress(read, size int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last.Read, w.last.Size = read, max(read, size)
}

func (w *Verification) finish(r audit.Report, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last.State, w.last.FinishedAt = desk.VerificationGood, w.store.Now()
	w.last.Read, w.last.Protected = r.Entries, r.Protected
	if r.CheckpointAt != nil {
		w.last.CheckpointAt = *r.CheckpointAt
	}
	switch {
	case err != nil:
		w.last.State = desk.VerificationFailed
	case r.Fault != nil:
		w.last.State = desk.VerificationFault
		w.last.Fault = &desk.AuditFault{Kind: r.Fault.Kind, Entry: r.Fault.Entry, Text: r.Fault.Text}
	}
}
