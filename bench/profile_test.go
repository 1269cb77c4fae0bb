package bench

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// profileVariable names a directory for CPU profiles of the server. The program has no door
// for them, so it is built with one for this.
const profileVariable = "BENCH_PROFILE"

// profiler is added to the program: SIGUSR1 begins a profile and ends it.
const profiler = `package main

import (
	"os"
	"os/signal"
	"runtime/pprof"
	"syscall"
)

func init() {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGUSR1)
	go func() {
		for path := os.Getenv("` + profileVariable + `"); ; {
			<-asked
			f, err := os.Create(path + ".part")
			if err != nil || pprof.StartCPUProfile(f) != nil {
				continue
			}
			<-asked
			pprof.StopCPUProfile()
			_ = f.Close()
			_ = os.Rename(path+".part", path)
		}
	}()
}
`

// withProfiler gives the flags of a build that can be profiled, if that is asked for.
func withProfiler(dir string) ([]string, error) {
	if os.Getenv(profileVariable) == "" {
		return nil, nil
	}
	here, err := filepath.Abs("../cmd/botschaft/profiler.go")
	if err != nil {
		return nil, err
	}
	added, overlay := filepath.Join(dir, "profiler.go"), filepath.Join(dir, "overlay.json")
	words, err := json.Marshal(map[string]any{"Replace": map[string]string{here: added}})
	return []string{"-overlay", overlay}, errors.Join(err, os.WriteFile(added, []byte(profiler), 0o600), os.WriteFile(overlay, words, 0o600))
}

// profilePath is where the profile of this benchmark goes, if one is asked for.
func profilePath(b testing.TB) string {
	dir := os.Getenv(profileVariable)
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, strings.ReplaceAll(strings.TrimPrefix(b.Name(), "Benchmark"), "/", "-")+".pprof")
}

// profiled keeps what the server did with its time meanwhile, if that is asked for; of
// several times the last.
func (h *house) profiled(meanwhile func()) {
	h.b.Helper()
	path := profilePath(h.b)
	if path == "" {
		meanwhile()
		return
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		h.b.Fatal(err)
	}
	must(h.b, h.process.Process.Signal(syscall.SIGUSR1), "begin a profile")
	meanwhile()
	must(h.b, h.process.Process.Signal(syscall.SIGUSR1), "end a profile")
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(path); err == nil {
			return
		}
		if time.Now().After(deadline) {
			h.b.Fatal("the server kept no profile")
		}
	}
}
