package settings

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// MaxTerms is the largest file of terms that is kept, in bytes.
const MaxTerms = 8 << 20

// KeepTerms keeps the file of terms with a Recipient and gives the digest by which the
// register names it. A file that is kept already stays as it is (GDPR Art. 28(9)).
func (s *Settings) KeepTerms(ctx context.Context, actor desk.Actor, controller desk.ControllerID, file []byte) (string, error) {
	kind := http.DetectContentType(file)
	switch {
	case len(file) > MaxTerms:
		return "", desk.Invalid("file", fmt.Sprintf("is larger than %d MiB", MaxTerms>>20))
	case desk.PaperTypes[kind] == "":
		return "", desk.Invalid("file", "is not a PDF, PNG or JPEG")
	}
	sum := sha256.Sum256(file)
	digest, id := hex.EncodeToString(sum[:]), desk.NewID[desk.TermsFile]()
	sealed, err := vault.Seal(ctx, s.vault, vault.ControllerOwner(controller), vault.TermsPlace(id), file)
	if err != nil {
		return "", err
	}
	return digest, s.change(ctx, func(tx *store.Tx) error {
		n, err := tx.AddTermsFile(ctx, rows.AddTermsFileParams{
			ID: id, Controller: controller, Digest: digest, At: tx.Stamp(), Actor: nameOf(actor), Type: kind, File: sealed,
		})
		if err == nil && n == 1 {
			entry := desk.AuditEntry{Actor: actor, Act: desk.ActTermsKept, Subject: "terms:" + id.String(), Controller: controller, Detail: map[string]string{"digest": digest}}
			tx.Changed(entry, desk.Altered("digest", "", digest))
		}
		return err
	})
}

// TermsKept lists the digests of the terms whose files are kept.
func (s *Settings) TermsKept(ctx context.Context, controller desk.ControllerID) ([]string, error) {
	return s.store.Read().ListTermsFiles(ctx, controller)
}

// Terms opens a file of terms; desk.CodeNotFound if none of that digest is kept.
func (s *Settings) Terms(ctx context.Context, controller desk.ControllerID, digest string) (desk.TermsFile, error) {
	row, err := s.store.Read().GetTermsFile(ctx, rows.GetTermsFileParams{Controller: controller, Digest: digest})
	if store.IsNone(err) {
		return desk.TermsFile{}, desk.NotFound("terms")
	} else if err != nil {
		return desk.TermsFile{}, err
	}
	file, err := vault.OpenOne(ctx, s.vault, vault.ReasonSettings, vault.ControllerOwner(controller), vault.TermsPlace(row.ID), row.File)
	return desk.TermsFile{ID: row.ID, Digest: row.Digest, Type: row.Type, File: file}, err
}
