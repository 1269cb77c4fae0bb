package hook

import (
	"context"
	"crypto/subtle"
	"errors"
	"io"
	"log/slog"
	"net/http"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/private"
	"botschaft/internal/vault"
	"botschaft/internal/whatsapp"
)

// MaxBody is the longest body Meta sends: 3 MB, accepted as 3 MiB
// (Meta: Webhooks, payload size).
const MaxBody = 3 << 20

// SecretHeader carries the static secret of Inboxes in mode secret_header.
const SecretHeader = "X-Botschaft-Secret"

// Hook serves the webhook addresses of all Inboxes.
type Hook struct {
	inboxes *directory.Directory
	vault   *vault.Vault
	intake  *Intake
	dropped func(field string, n int)
	log     *slog.Logger
}

// New makes the door; dropped is told which fields it let nobody keep.
func New(d *directory.Directory, v *vault.Vault, intake *Intake, dropped func(field string, n int), log *slog.Logger) *Hook {
	return &Hook{inboxes: d, vault: v, intake: intake, dropped: dropped, log: log}
}

// Routes registers the addresses on mux.
func (h *Hook) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /hooks/whatsapp/{inbox}", h.handshake)
	mux.HandleFunc("POST /hooks/whatsapp/{inbox}", h.receive)
}

// handshake answers Meta's verification request with its challenge
// (Meta: Webhooks, verification requests).
func (h *Hook) handshake(w http.ResponseWriter, r *http.Request) {
	e, ok := h.find(w, r)
	if !ok {
		return
	}
	q := r.URL.Query()
	if q.Get("hub.mode") != "subscribe" || !matches([]byte(q.Get("hub.verify_token")), e.Secrets.VerifyTokens) {
		http.Error(w, "the verify token is not this inbox's", http.StatusForbidden)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, q.Get("hub.challenge"))
}

func (h *Hook) receive(w http.ResponseWriter, r *http.Request) {
	e, ok := h.find(w, r)
	if !ok {
		return
	}
	proof := r.Header.Get(proofHeader(e.Auth))
	if proof == "" {
		turnAway(w, "the request is not signed", http.StatusUnauthorized)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err != nil {
		var tooLong *http.MaxBytesError
		if errors.As(err, &tooLong) {
			http.Error(w, "the body is longer than 3 MiB", http.StatusRequestEntityTooLarge)
			return
		}
		http.Error(w, "the body could not be read", http.StatusBadRequest)
		return
	}
	if !proves(e, proof, body) {
		http.Error(w, "the signature is not this inbox's", http.StatusUnauthorized)
		return
	}
	if body = h.spare(e, body); body == nil { // there is nothing to keep
		w.WriteHeader(http.StatusOK)
		return
	}
	// The Provider may hang up; what it has sent is stored all the same.
	if err := h.store(context.WithoutCancel(r.Context()), e.ID, body); err != nil {
		h.log.Error("a delivery could not be stored; the provider will send it again", "inbox", e.ID, "error", err)
		w.Header().Set("Retry-After", "5")
		http.Error(w, "the delivery could not be stored; send it again", http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// spare leaves out what a WhatsApp Business app on the same number would hand over: the chats and
// the address book of a telephone, with people who never wrote to us. Nothing here needs it, so
// it is not kept, not even sealed (GDPR Art. 5(1)(c), 25(2)). Only what is written there from now
// on stays, for an Inbox with Coexistence. Nil if nothing is left.
func (h *Hook) spare(e *directory.Entry, body []byte) []byte {
	rest, dropped := whatsapp.WithoutCoexistence(body, func(phoneNumberID string) bool {
		to := h.inboxes.ByNumber(phoneNumberID)
		return to != nil && to.Coexistence != nil && e.SharesSecret(to)
	})
	for field, n := range dropped {
		h.dropped(field, n)
	}
	return rest
}

func (h *Hook) find(w http.ResponseWriter, r *http.Request) (*directory.Entry, bool) {
	id, err := desk.ParseID[desk.Inbox](r.PathValue("inbox"))
	if err != nil {
		turnAway(w, "no such inbox", http.StatusNotFound)
		return nil, false
	}
	e, err := h.inboxes.Claimed(r.Context(), id)
	switch {
	case err == nil:
		return e, true
	case desk.CodeOf(err) == desk.CodeNotFound:
		turnAway(w, "no such inbox", http.StatusNotFound)
	default:
		h.log.Error("looking up an inbox failed", "error", err)
		w.Header().Set("Retry-After", "5")
		http.Error(w, "not now", http.StatusServiceUnavailable)
	}
	return nil, false
}

// turnAway answers before the body was read, and at once: a connection that stays open
// would have to wait for the body first.
func turnAway(w http.ResponseWriter, why string, status int) {
	w.Header().Set("Connection", "close")
	http.Error(w, why, status)
}

func proofHeader(mode desk.AuthMode) string {
	switch mode {
	case desk.AuthMeta:
		return "X-Hub-Signature-256"
	case desk.AuthD360:
		return "X-360dialog-Signature"
	default:
		return SecretHeader
	}
}

// proves checks the one proof the Inbox's mode asks for, in constant time.
func proves(e *directory.Entry, proof string, body []byte) bool {
	switch e.Auth {
	case desk.AuthMeta:
		return whatsapp.Verify(proof, body, revealed(e.Secrets.AppSecrets)...)
	case desk.AuthD360:
		return whatsapp.VerifyHex(proof, body, revealed(e.Secrets.AppSecrets)...)
	case desk.AuthHeader:
		return matches([]byte(proof), e.Secrets.AppSecrets)
	default:
		return false
	}
}

func revealed(keys []private.Key) [][]byte {
	out := make([][]byte, len(keys))
	for i, k := range keys {
		out[i] = k.Reveal()
	}
	return out
}

// matches compares with every key, so that time tells nothing.
func matches(given []byte, keys []private.Key) bool {
	found := 0
	for _, k := range keys {
		if !k.IsEmpty() {
			found |= subtle.ConstantTimeCompare(given, k.Reveal())
		}
	}
	return found == 1
}

func (h *Hook) store(ctx context.Context, inbox desk.InboxID, body []byte) error {
	d := desk.Delivery{ID: desk.NewID[desk.Delivery](), Inbox: inbox, ReceivedAt: h.intake.store.Now()}
	d.Day = h.vault.Day(d.ReceivedAt)
	if err := h.vault.EnsureDay(ctx, d.Day); err != nil {
		return err
	}
	var err error
	if d.Body, err = vault.Seal(ctx, h.vault, vault.DayOwner(d.Day), vault.BodyPlace(d.ID), body); err != nil {
		return err
	}
	return h.intake.Add(ctx, d)
}
