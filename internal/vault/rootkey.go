package vault

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"botschaft/internal/desk"
	"botschaft/internal/durable"
	"botschaft/internal/private"
)

// RootKeyFile reads the root key from a file, or makes one when there is no file:
// 32 random bytes as base64 text, readable by its owner alone. It refuses a file
// that others may read, unless it is a credential of the service manager, and one of
// the wrong length. Whoever loses the file loses
// everything sealed, for good; created says that it is time to tell.
func RootKeyFile(path string) (key private.Key, created bool, err error) {
	key, err = readRootKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, false, err
	}
	err = writeRootKey(path)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return private.Key{}, false, fmt.Errorf("vault: make the root key file: %w", err)
	}
	created = err == nil
	key, err = readRootKey(path)
	return key, created && err == nil, err
}

func readRootKey(path string) (private.Key, error) {
	f, err := os.Open(path)
	if err != nil {
		return private.Key{}, fmt.Errorf("vault: open the root key file: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return private.Key{}, fmt.Errorf("vault: look at the root key file: %w", err)
	}
	if !info.Mode().IsRegular() {
		return private.Key{}, fmt.Errorf("vault: the root key file %s is not a file", path)
	}
	others := info.Mode().Perm() & 0o077
	if others == 0o040 && isCredential(path) {
		others = 0
	}
	if others != 0 {
		return private.Key{}, fmt.Errorf("vault: the root key file %s may be read or written by others than its owner; run: chmod 600 %s", path, path)
	}
	b, err := io.ReadAll(io.LimitReader(f, 256))
	if err != nil {
		return private.Key{}, fmt.Errorf("vault: read the root key file: %w", err)
	}
	defer clear(b)
	raw, err := base64.StdEncoding.DecodeString(string(bytes.TrimSpace(b)))
	if err != nil || len(raw) != keySize {
		return private.Key{}, fmt.Errorf("vault: the root key file %s must hold %d bytes as base64 text; restore it from its backup", path, keySize)
	}
	return private.NewKey(raw), nil
}

// isCredential tells whether the service manager handed the file in. systemd keeps
// credentials in a directory that only the unit's user enters, and shows them readable
// for a group because it grants the reading by an access list (systemd.exec(5)).
func isCredential(path string) bool {
	dir := os.Getenv("CREDENTIALS_DIRECTORY")
	return dir != "" && filepath.Dir(path) == filepath.Clean(dir)
}

// ParseRootKey reads a root key given as base64 text, as a file would hold it.
func ParseRootKey(text private.Key) (private.Key, error) {
	raw, err := base64.StdEncoding.DecodeString(string(bytes.TrimSpace(text.Reveal())))
	if err != nil || len(raw) != keySize {
		return private.Key{}, desk.Invalid("root_key", fmt.Sprintf("must hold %d bytes as base64 text", keySize))
	}
	return private.NewKey(raw), nil
}

// writeRootKey writes the whole file beside its place and links it there, so that
// neither a crash nor a second process leaves half a key. fs.ErrExist if another
// was quicker.
func writeRootKey(path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".rootkey-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	raw := freshKey()
	defer clear(raw)
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(raw) + "\n")
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return durable.Link(f.Name(), path)
}

// NewRootKeyFile makes a root key in a file that must not be there yet.
func NewRootKeyFile(path string) error {
	if err := writeRootKey(path); err != nil {
		return fmt.Errorf("vault: make the root key file: %w", err)
	}
	return nil
}

// SpareFiles gives the root keys of those files that are there and hold one, read anew
// each time: files are moved while a server runs.
func SpareFiles(paths ...string) func() []private.Key {
	return func() (all []private.Key) {
		for _, path := range paths {
			if path == "" {
				continue
			}
			if key, err := readRootKey(path); err == nil {
				all = append(all, key)
			}
		}
		return all
	}
}
