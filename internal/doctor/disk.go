package doctor

import (
	"bufio"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"botschaft/internal/config"
	"botschaft/internal/diagnosis"
	"botschaft/internal/private"
	"botschaft/internal/vault"
)

// systems are the file systems that matter here, by the number the kernel gives them
// (linux/magic.h).
var systems = map[int64]string{
	0x6969: "nfs", 0x517b: "smb", 0xff534d42: "cifs", 0xfe534d42: "smb", 0x01021997: "9p", 0x5346414f: "afs",
	0x00c36400: "ceph", 0x65735546: "fuse", 0x01021994: "tmpfs", 0x858458f6: "tmpfs", 0x794c7630: "overlay",
}

func (d *Doctor) disks() []diagnosis.Disk {
	all := []diagnosis.Disk{{What: "the data directory", Path: d.Config.DataDir, Keeps: d.Config.Database.Engine == config.SQLite}}
	for _, s := range []struct {
		what string
		at   config.Store
	}{{"the database's directory", d.Config.Database}, {"the vault's directory", d.Config.Vault}} {
		dir := filepath.Dir(s.at.Path)
		known := func(x diagnosis.Disk) bool { return x.Path == dir }
		if s.at.Engine == config.SQLite && !slices.ContainsFunc(all, known) {
			all = append(all, diagnosis.Disk{What: s.what, Path: dir, Keeps: true})
		}
	}
	all = append(all, diagnosis.Disk{What: "the temporary directory", Path: d.Temp})
	for i := range all {
		var fs unix.Statfs_t
		if err := unix.Statfs(all[i].Path, &fs); err != nil {
			all[i].Trouble = because(err)
			continue
		}
		all[i].Free, all[i].System = fs.Bavail*uint64(fs.Bsize), systems[int64(fs.Type)&0xffffffff]
	}
	return all
}

// files lists what is there of the house's files and of those that hold its secrets.
func (d *Doctor) files() []diagnosis.File {
	var all []diagnosis.File
	house := ownerOf(d.Config.DataDir)
	add := func(what, path string, secret bool) {
		var at unix.Stat_t
		if path == "" || unix.Stat(path, &at) != nil {
			return
		}
		all = append(all, diagnosis.File{What: what, Path: path, Secret: secret, Mode: at.Mode & 0o777, Owner: at.Uid, House: house,
			Given: d.Given != "" && filepath.Dir(path) == filepath.Clean(d.Given)})
	}
	add("the data directory", d.Config.DataDir, false)
	for _, ending := range []string{"", "-wal", "-shm"} {
		add("the database", suffixed(d.Config.Database.Path, ending), false)
		add("the key vault", suffixed(d.Config.Vault.Path, ending), true)
	}
	add("the root key", d.Config.RootKeyFile, true)
	add("the next root key", d.Config.NextRootKeyFile, true)
	add("the key of the certificate", d.Config.TLSKeyFile, true)
	for _, path := range slices.Sorted(maps.Keys(d.Secrets)) {
		add(d.Secrets[path], path, true)
	}
	return all
}

func suffixed(path, ending string) string {
	if path == "" {
		return ""
	}
	return path + ending
}

// ownerOf gives the user whose directory it is; this process's if there is none yet.
func ownerOf(dir string) uint32 {
	var at unix.Stat_t
	if unix.Stat(dir, &at) != nil {
		return uint32(os.Geteuid())
	}
	return at.Uid
}

// rootKey reads the root key and makes none.
func (d *Doctor) rootKey(k *diagnosis.RootKey) (key private.Key, known bool) {
	var err error
	if k.Environment = !d.Config.RootKey.IsEmpty(); k.Environment {
		key, err = vault.ParseRootKey(d.Config.RootKey)
	} else {
		k.Path = d.Config.RootKeyFile
		k.Beside = filepath.Dir(k.Path) == d.Config.DataDir
		key, err = vault.ReadRootKey(k.Path)
	}
	k.Missing = errors.Is(err, fs.ErrNotExist)
	k.Trouble = because(err)
	return key, err == nil
}

// vaultWithoutKey tells whether there is no vault. With any other key but its own a vault
// that is there says so, or that it cannot be read.
func (d *Doctor) vaultWithoutKey(ctx context.Context) diagnosis.VaultState {
	v, err := vault.Inspect(ctx, vault.Config{URL: d.Vault, RootKey: private.NewKey(make([]byte, 32)), Clock: d.Now})
	if err == nil {
		_ = v.Close()
	}
	if state := stateOf(err); state == diagnosis.VaultNone {
		return state
	}
	return ""
}

// locked tells whether a server holds the lock of the data directory. To try the lock
// could keep a server from starting at that moment; the kernel's list is only read.
func (d *Doctor) locked() bool {
	var at unix.Stat_t
	if unix.Stat(filepath.Join(d.Config.DataDir, "serve.lock"), &at) != nil {
		return false
	}
	f, err := os.Open("/proc/locks")
	if err != nil {
		return false
	}
	defer f.Close()
	inode := ":" + strconv.FormatUint(at.Ino, 10)
	for lines := bufio.NewScanner(f); lines.Scan(); {
		// "1: FLOCK  ADVISORY  WRITE 4711 fe:00:131090 0 EOF"
		if w := strings.Fields(lines.Text()); len(w) > 5 && w[1] == "FLOCK" && strings.HasSuffix(w[5], inode) {
			return true
		}
	}
	return false
}
