package archive

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"botschaft/internal/durable"
)

// Recipient is who can open an archive, Identity what proves to be one.
type (
	Recipient = age.Recipient
	Identity  = age.Identity
)

// Recipients reads recipients, age1…, given one by one and in files with one a line.
func Recipients(texts, files []string) ([]age.Recipient, error) {
	var all []age.Recipient
	for _, text := range texts {
		some, err := age.ParseRecipients(strings.NewReader(text))
		if err != nil || strings.ContainsAny(text, "\r\n") {
			return nil, errors.New("a recipient must be the public half of an age identity, age1…")
		}
		all = append(all, some...)
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("open the file of recipients: %w", err)
		}
		some, err := age.ParseRecipients(f)
		_ = f.Close()
		if err != nil {
			return nil, fmt.Errorf("%s must hold recipients of age, age1…, one a line", name)
		}
		all = append(all, some...)
	}
	return all, nil
}

// Identities reads the private halves from files. They are never part of an error.
func Identities(files []string) ([]age.Identity, error) {
	var all []age.Identity
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("open the identity: %w", err)
		}
		some, err := age.ParseIdentities(f)
		_ = f.Close()
		if err != nil {
			return nil, fmt.Errorf("%s must hold an age identity, AGE-SECRET-KEY-1…, that is not protected by a passphrase", name)
		}
		all = append(all, some...)
	}
	return all, nil
}

// NewIdentity makes an identity in a file that only its owner may read and gives the
// recipient that belongs to it. The file must not be there yet.
func NewIdentity(name string) (recipient string, err error) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return "", err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", fmt.Errorf("make the identity: %w", err)
	}
	_, err = fmt.Fprintf(f, "# public key: %s\n%s\n", identity.Recipient(), identity)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = durable.Sync(filepath.Dir(name))
	}
	return identity.Recipient().String(), err
}
