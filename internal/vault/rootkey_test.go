package vault_test

import (
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"botschaft/internal/vault"
)

func TestRootKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "root.key")
	var created atomic.Int64
	var wg sync.WaitGroup
	keys := make([]string, 8)
	for i := range keys {
		wg.Go(func() {
			key, fresh, err := vault.RootKeyFile(path)
			if err != nil {
				t.Error(err)
			}
			if fresh {
				created.Add(1)
			}
			keys[i] = string(key.Reveal())
		})
	}
	wg.Wait()
	for _, k := range keys {
		if len(k) != 32 || k != keys[0] {
			t.Fatal("the file gave different keys")
		}
	}
	if created.Load() != 1 {
		t.Errorf("%d callers made the file", created.Load())
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v", info.Mode(), err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".rootkey-*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestRootKeyFileRefuses(t *testing.T) {
	dir := t.TempDir()
	good := "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n"
	for name, c := range map[string]struct {
		text string
		mode os.FileMode
	}{
		"group_readable": {good, 0o640}, "world_readable": {good, 0o604}, "group_writable": {good, 0o620},
		"empty": {"", 0o600}, "short": {"MDEyMw==", 0o600}, "long": {good[:43] + good[:43], 0o600}, "no_base64": {"§", 0o600},
	} {
		path := filepath.Join(dir, name)
		must(t, os.WriteFile(path, []byte(c.text), c.mode))
		must(t, os.Chmod(path, c.mode))
		if key, _, err := vault.RootKeyFile(path); err == nil || !key.IsEmpty() {
			t.Errorf("%s was taken", name)
		}
	}
	if _, _, err := vault.RootKeyFile(dir); err == nil {
		t.Error("a directory was taken")
	}
	if _, _, err := vault.RootKeyFile(filepath.Join(dir, "missing", "root.key")); err == nil {
		t.Error("a directory was made up")
	}
	path := filepath.Join(dir, "good")
	must(t, os.WriteFile(path, []byte(good), 0o400))
	if key, created, err := vault.RootKeyFile(path); err != nil || created || string(key.Reveal()) != string(rootKey.Reveal()) {
		t.Errorf("got %v, %v", created, err)
	}
}

// A credential of systemd looks readable for a group and is not.
func TestRootKeyAsCredential(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "root.key")
	must(t, os.WriteFile(path, []byte("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n"), 0o600))
	for _, c := range []struct {
		given string
		mode  os.FileMode
		fine  bool
	}{{dir, 0o440, true}, {dir + "/", 0o440, true}, {dir, 0o400, true}, {filepath.Dir(dir), 0o440, false}, {"", 0o440, false}, {dir, 0o444, false}, {dir, 0o460, false}} {
		t.Setenv("CREDENTIALS_DIRECTORY", c.given)
		must(t, os.Chmod(path, c.mode))
		if _, err := vault.ReadRootKey(path); (err == nil) != c.fine {
			t.Errorf("mode %o, credentials in %q: %v", c.mode, c.given, err)
		}
	}
}
