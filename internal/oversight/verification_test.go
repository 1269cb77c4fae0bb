package oversight_test

import (
	"context"
	"crypto/ed25519"
	"sync"
	"testing"
	"time"

	"botschaft/internal/audit"
	"botschaft/internal/desk"
	"botschaft/internal/oversight"
	"botschaft/internal/storetest"
)

// verification verifies until the test ends.
func (w *world) verification(t *testing.T, run bool) *oversight.Verification {
	t.Helper()
	v := oversight.NewVerification(w.Store, audit.NewVerifier(w.Store, ed25519.PrivateKey(signer).Public().(ed25519.PublicKey), ourID), silent)
	if run {
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- v.Run(ctx) }()
		t.Cleanup(func() { stop(); must(t, <-ended) })
	}
	return v
}

// outcome starts a verification and waits for its end.
func outcome(t *testing.T, v *oversight.Verification) desk.Verification {
	t.Helper()
	begun, err := v.Start(t.Context(), shell)
	must(t, err)
	if begun.State != desk.VerificationRunning {
		t.Errorf("a verification that was just begun is %s", begun.State)
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		if last := v.Last(); last.State != desk.VerificationRunning {
			return last
		}
		if time.Now().After(deadline) {
			t.Fatal("the verification does not end")
		}
	}
}

// A verification tells what was read, what is protected, and the first fault.
func TestVerification(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		v := w.verification(t, true)
		if last := v.Last(); last.State != desk.VerificationNever || !last.StartedAt.IsZero() {
			t.Errorf("before the first one: %+v", last)
		}
		for range 5 {
			w.act(t, desk.AuditEntry{Actor: shell, Act: "a.b", Subject: "noun:1"})
		}
		must(t, w.log.Checkpoint(t.Context()))
		at := w.clock.Now()
		last := outcome(t, v)
		if last.State != desk.VerificationGood || last.Read != 5 || last.Size != 5 || last.Protected != 5 || !last.CheckpointAt.Equal(at) ||
			!last.StartedAt.Equal(at) || !last.FinishedAt.Equal(at) || last.Fault != nil {
			t.Errorf("a good log: %+v", last)
		}
		must(t, w.log.Number(t.Context()))
		if entries, _, err := w.Entries(t.Context(), shell, desk.AuditQuery{Scope: every, Act: desk.ActAuditVerified}); err != nil || len(entries) != 1 || entries[0].Actor != shell {
			t.Errorf("the log says of the verification %+v, %v", entries, err)
		}
		storetest.Execute(t, w.url, "UPDATE audit_entry SET subject = 'noun:2' WHERE n = 3")
		last = outcome(t, v)
		if last.State != desk.VerificationFault || last.Fault == nil || last.Fault.Kind != "altered" || last.Fault.Entry != 3 || last.Fault.Text == "" {
			t.Errorf("an altered log: %+v", last)
		}
		storetest.Execute(t, w.url, "UPDATE audit_entry SET subject = 'noun:1' WHERE n = 3")
		if last = outcome(t, v); last.State != desk.VerificationGood || last.Fault != nil || last.Read < 6 {
			t.Errorf("a log that was mended: %+v", last)
		}
		storetest.Execute(t, w.url, "ALTER TABLE checkpoint RENAME TO away")
		if last = outcome(t, v); last.State != desk.VerificationFailed {
			t.Errorf("a log that cannot be read: %+v", last)
		}
	})
}

// However many ask, one verification runs.
func TestOneVerificationAtATime(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		v := w.verification(t, false) // nobody works, so that the first one never ends
		var crowd sync.WaitGroup
		for range 8 {
			crowd.Go(func() {
				if got, err := v.Start(t.Context(), shell); err != nil || got.State != desk.VerificationRunning {
					t.Errorf("got %+v, %v", got, err)
				}
			})
		}
		crowd.Wait()
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- v.Run(ctx) }()
		for deadline := time.Now().Add(time.Minute); v.Last().State == desk.VerificationRunning; time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("it does not end")
			}
		}
		finished := v.Last()
		time.Sleep(20 * time.Millisecond)
		if again := v.Last(); again != finished {
			t.Errorf("a second one ran: %+v", again)
		}
		stop()
		must(t, <-ended)
	})
}
