package simulator

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/sys/unix"
)

// ErrFileInUse is returned by Open while another Simulator writes the file.
var ErrFileInUse = errors.New("simulator: another simulator uses this file")

// journal is the file of a Simulator that remembers. Each line is a record: the
// first of everything, the others of what is different since. Lines are gathered
// while one is being written, and nobody is told of a change before its line is
// safe: not a client, not the receiver of a webhook, not the page. So a kill at
// any moment loses only what nobody knew of; it may deliver a webhook twice.
//
// A nil journal remembers nothing. Everything but write is called with the
// Simulator's lock held.
type journal struct {
	path  string
	lock  *os.File
	file  *os.File
	size  int64
	limit int64 // beyond it the file is written anew
	wake  func()
	grown sync.Cond // saved or failed has changed

	turn    uint64 // being gathered
	saved   uint64 // the latest turn that is safe
	news    bool   // something has been gathered
	writing bool
	failed  error

	changed bool // there is something to write
	marked  map[any]bool
	things  []any // what is marked, in the order of marking
	tasks   []task
	items   []queued
	ended   ended
	events  [][]byte // for the streams, once the turn is safe
}

// queued is an item and whose it is.
type queued struct {
	n  *number
	it item
}

// ended is what needs to be remembered no longer.
type ended struct {
	Tasks []uint64 `json:"tasks,omitempty"`
	Items []uint64 `json:"items,omitempty"`
	Media []string `json:"media,omitempty"`
}

// rewriteAfter is the least growth of the file before it is written anew.
const rewriteAfter = 8 << 20

// openJournal takes the file for itself.
func openJournal(path string, s *Simulator) (*journal, error) {
	lock, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("simulator: %w", err)
	}
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		_ = lock.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, fmt.Errorf("%w: %s", ErrFileInUse, path)
		}
		return nil, fmt.Errorf("simulator: lock %s: %w", path, err)
	}
	return &journal{path: path, lock: lock, wake: s.hint, grown: sync.Cond{L: &s.mu}, turn: 1, marked: map[any]bool{}}, nil
}

// touch notes a change of what stands in every record.
func (j *journal) touch() {
	if j == nil {
		return
	}
	j.changed, j.news = true, true
	j.wake()
}

// mark notes that a thing is new or different.
func (j *journal) mark(thing any) {
	if j == nil {
		return
	}
	if !j.marked[thing] {
		j.marked[thing] = true
		j.things = append(j.things, thing)
	}
	j.touch()
}

func (j *journal) planned(t task) {
	if j == nil || t.act.kind == actDeliver {
		return
	}
	j.tasks = append(j.tasks, t)
	j.touch()
}

func (j *journal) done(t task) {
	if j == nil || t.act.kind == actDeliver {
		return
	}
	j.ended.Tasks = append(j.ended.Tasks, t.seq)
	j.touch()
}

func (j *journal) queued(n *number, it item) {
	if j == nil {
		return
	}
	j.items = append(j.items, queued{n, it})
	j.touch()
}

func (j *journal) settled(items []item) {
	if j == nil {
		return
	}
	for _, it := range items {
		j.ended.Items = append(j.ended.Items, it.seq)
	}
	j.touch()
}

func (j *journal) unshelved(id string) {
	if j == nil {
		return
	}
	j.ended.Media = append(j.ended.Media, id)
	j.touch()
}

// hold keeps an event back until what it tells of is safe.
func (j *journal) hold(event []byte) {
	j.events = append(j.events, event)
	j.news = true
	j.wake()
}

// Sync waits until everything that has happened so far is in the file of Open.
// Every answer of Handler and every webhook waits for it by itself. After an
// error nothing is acknowledged any more.
func (s *Simulator) Sync() error {
	if s.journal == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	j := s.journal
	want := j.turn
	if !j.news {
		want-- // it may still be under way
	}
	for j.saved < want && j.failed == nil {
		if j.writing {
			j.grown.Wait()
			continue
		}
		s.save()
	}
	return j.failed
}

// save writes one turn and lets the page know. The lock is free meanwhile.
func (s *Simulator) save() {
	j := s.journal
	events, turn := j.events, j.turn
	var line []byte
	var err error
	anew := j.size > j.limit
	if j.changed {
		line, err = s.line(anew)
	}
	j.things, j.tasks, j.items, j.ended, j.events = nil, nil, nil, ended{}, nil
	clear(j.marked)
	j.turn++
	j.news, j.changed, j.writing = false, false, true
	s.mu.Unlock()
	if err == nil && line != nil {
		err = j.write(line, anew)
	}
	s.mu.Lock()
	j.writing = false
	if err != nil {
		j.failed = fmt.Errorf("simulator: the file cannot be written: %w", err)
	} else {
		j.saved = turn
		for _, event := range events {
			s.streams.send(event)
		}
	}
	j.grown.Broadcast()
}

// line is the record of one turn: of everything, or of what is different.
func (s *Simulator) line(everything bool) ([]byte, error) {
	r := s.header()
	if everything {
		s.everything(r)
	} else {
		s.changes(r)
	}
	line, err := plain(r)
	return append(line, '\n'), err
}

// write makes one line safe. Only one write is under way at a time.
func (j *journal) write(line []byte, anew bool) error {
	if anew {
		return j.rewrite(line)
	}
	if _, err := j.file.Write(line); err != nil {
		return err
	}
	j.size += int64(len(line))
	return j.file.Sync()
}

// rewrite begins a new file with one line and puts it in the place of the old
// one in a single step.
func (j *journal) rewrite(line []byte) error {
	fresh, err := os.OpenFile(j.path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := fresh.Write(line); err != nil {
		return errors.Join(err, fresh.Close())
	}
	if err := errors.Join(fresh.Sync(), os.Rename(j.path+".new", j.path), syncDir(filepath.Dir(j.path))); err != nil {
		return errors.Join(err, fresh.Close())
	}
	if j.file != nil {
		_ = j.file.Close() // nothing is written to it any more
	}
	j.file, j.size = fresh, int64(len(line))
	j.limit = j.size + max(rewriteAfter, j.size)
	return nil
}

// syncDir makes a renaming safe.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// close lets the file go. Whatever happens later is refused.
func (j *journal) close() {
	if j.lock == nil {
		return
	}
	for j.writing {
		j.grown.Wait()
	}
	if j.failed == nil {
		j.failed = errors.New("simulator: closed")
	}
	j.grown.Broadcast()
	if j.file != nil {
		_ = j.file.Close() // every line was synced
	}
	_ = j.lock.Close()
	j.lock = nil
}

// lasting is an answer that waits, before its first byte, for what it tells of.
type lasting struct {
	http.ResponseWriter
	s    *Simulator
	safe bool
}

// Unwrap lets http.ResponseController find the connection.
func (l *lasting) Unwrap() http.ResponseWriter { return l.ResponseWriter }

// WriteHeader waits, then answers; if the file fails, the connection is cut.
func (l *lasting) WriteHeader(status int) {
	l.await()
	l.ResponseWriter.WriteHeader(status)
}

// Write waits, then answers.
func (l *lasting) Write(raw []byte) (int, error) {
	l.await()
	return l.ResponseWriter.Write(raw)
}

func (l *lasting) await() {
	if l.safe {
		return
	}
	if l.s.Sync() != nil {
		panic(http.ErrAbortHandler)
	}
	l.safe = true
}
