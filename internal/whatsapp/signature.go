package whatsapp

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// SignatureHeader carries Meta's signature of a webhook body; DialogSignatureHeader
// carries 360dialog's, where the partner has switched it on.
const (
	SignatureHeader       = "X-Hub-Signature-256"
	DialogSignatureHeader = "X-360dialog-Signature"
)

const signaturePrefix = "sha256="

// Sign returns the value of SignatureHeader for a body: "sha256=" and the
// lower-case hex of HMAC-SHA256 under the app secret.
// Source: Meta, "Webhooks: validate payloads".
func Sign(secret, body []byte) string {
	return signaturePrefix + hex.EncodeToString(digest(secret, body))
}

// Verify reports whether header signs body under one of the secrets; several
// are given while an app secret is being rotated. The body must be the raw
// bytes as received: Meta escapes non-ASCII text and "/", so a body that was
// parsed and written again no longer matches. Empty secrets never match.
func Verify(header string, body []byte, secrets ...[]byte) bool {
	sum, found := strings.CutPrefix(header, signaturePrefix)
	return found && VerifyHex(sum, body, secrets...)
}

// VerifyHex is Verify for a bare lower-case hex digest, the form of
// DialogSignatureHeader. Every secret is tried, so the time taken does not
// tell which one matched.
func VerifyHex(sum string, body []byte, secrets ...[]byte) bool {
	matched := false
	for _, secret := range secrets {
		want := hex.EncodeToString(digest(secret, body))
		if len(secret) > 0 && hmac.Equal([]byte(sum), []byte(want)) {
			matched = true
		}
	}
	return matched
}

func digest(secret, body []byte) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write(body)
	return mac.Sum(nil)
}
