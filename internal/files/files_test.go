package files_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"botschaft/internal/blob"
	"botschaft/internal/desk"
	"botschaft/internal/files"
	"botschaft/internal/simulator"
	"botschaft/internal/store"
	"botschaft/internal/storetest"
	"botschaft/internal/vault"
)

// A file is fetched, kept sealed and read again by whoever may see the Conversation.
func TestFileComes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		sent := pdf("../Kosten\u202evoranschlag.pdf")
		m := w.send(t, "document", sent)
		if a := w.attachment(t, m); a.State != desk.AttachmentWaiting || !a.Until.Equal(noon.Add(7*24*time.Hour)) {
			t.Fatalf("it is announced as %+v", a)
		}
		a := w.fetch(t, m, desk.AttachmentFetched, 0)
		if a.Size != int64(len(sent.Data)) || a.Type != "application/pdf" || len(a.Digest) != 32 || a.Thumbnail.Width != 0 {
			t.Errorf("it is kept as %+v", a)
		}
		f, b := w.content(t, m)
		if !bytes.Equal(b, sent.Data) {
			t.Error("another file came")
		}
		if f.Name.Reveal() != "Kostenvoranschlag.pdf" || f.Size != a.Size {
			t.Errorf("it is called %q, %d bytes", f.Name.Reveal(), f.Size)
		}
		w.nothingReadable(t, "Kostenvoranschlag")
		if n := w.entries(t, desk.ActFileOpened); n != 1 {
			t.Errorf("%d entries say that it was opened", n)
		}
		if _, err := w.files.File(t.Context(), who, desk.Scope{Agent: desk.NewID[desk.Agent]()}, m.ID); desk.CodeOf(err) != desk.CodeNotFound {
			t.Errorf("somebody who may not: %v", err)
		}
	})
}

// handingOver gives the Message to somebody else while its file comes, as a Split does.
type handingOver struct {
	files.Source
	once func()
}

func (h *handingOver) Fetch(ctx context.Context, w desk.WantedFile) (desk.ArrivingFile, error) {
	h.once()
	return h.Source.Fetch(ctx, w)
}

// A file that comes while its Message becomes somebody else's is sealed for them alone.
func TestFileOfSomebodyElse(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		sent, other := pdf("Kostenvoranschlag.pdf"), desk.NewID[desk.Contact]()
		m := w.send(t, "document", sent)
		must(t, w.vault.AddContacts(t.Context(), []vault.NewContact{{Controller: m.Controller, Contact: other}}))
		must(t, w.Update(t.Context(), func(tx *store.Tx) error {
			return tx.AddContacts(t.Context(), []desk.Contact{{ID: other, Controller: m.Controller, CreatedAt: tx.Now()}})
		}))
		content, err := w.vault.Pass(t.Context(), vault.ContactOwner(m.Contact), vault.ContentPlace(m.ID), vault.ContactOwner(other), vault.ContentPlace(m.ID), m.Content.Bytes())
		must(t, err)
		w.files.Source = &handingOver{w.files.Source, sync.OnceFunc(func() {
			storetest.Execute(t, w.url, "UPDATE message SET contact_id = $1, content = $2 WHERE id = $3", other[:], content, m.ID[:])
			storetest.Execute(t, w.url, "UPDATE attachment SET contact_id = $1 WHERE message_id = $2", other[:], m.ID[:])
		})}
		a := w.fetch(t, m, desk.AttachmentFetched, 0)
		if _, err := vault.OpenOne(t.Context(), w.vault, vault.ReasonProcess, vault.ContactOwner(other), vault.FileKeyPlace(m.ID), a.Key); err != nil {
			t.Errorf("it is not sealed for whose it is: %v", err)
		}
	})
}

// nothingReadable looks through everything that is kept on the disk.
func (w *world) nothingReadable(t *testing.T, words string) {
	t.Helper()
	n := 0
	must(t, filepath.WalkDir(w.dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		n++
		b, err := os.ReadFile(name)
		if bytes.Contains(b, []byte(words)) || strings.Contains(name, words) {
			t.Errorf("%s is readable in %s", words, name)
		}
		return err
	}))
	if n == 0 {
		t.Error("nothing is kept")
	}
}

func (w *world) entries(t *testing.T, act desk.Act) (n int) {
	t.Helper()
	must(t, storetest.Beside(t, w.url).QueryRow("SELECT COUNT(*) FROM audit_entry WHERE act = $1", string(act)).Scan(&n))
	return n
}

// A picture gets a small one; what would burst whoever decodes it is a download.
func TestPictures(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var b bytes.Buffer
		p := image.NewRGBA(image.Rect(0, 0, 1280, 640))
		for i := range p.Pix {
			p.Pix[i] = 255
		}
		must(t, png.Encode(&b, p))
		m := w.send(t, "image", &simulator.InboundFile{MIME: "image/jpeg", Data: b.Bytes()})
		a := w.fetch(t, m, desk.AttachmentFetched, 0)
		if a.Type != "image/png" || a.Thumbnail.Width != 640 || a.Thumbnail.Height != 320 {
			t.Fatalf("it is kept as %+v", a)
		}
		f, err := w.files.Thumbnail(t.Context(), who, everything, m.ID)
		must(t, err)
		shown, _, err := image.Decode(f.Content)
		must(t, errors.Join(err, f.Content.Close()))
		if r, _, _, _ := shown.At(9, 9).RGBA(); shown.Bounds().Dx() != 640 || r < 0xf000 {
			t.Errorf("the small one is another: %v", shown.At(9, 9))
		}
		bomb := b.Bytes()
		copy(bomb[16:], []byte{0, 0, 0x40, 0, 0, 0, 0x40, 0}) // its head says 16,384 × 16,384
		copy(bomb[29:], sumOf(bomb[12:29]))
		m = w.send(t, "image", &simulator.InboundFile{MIME: "image/png", Data: bomb})
		a = w.fetch(t, m, desk.AttachmentFetched, 0)
		if a.Type != desk.TypeUnknown || a.Thumbnail.Width != 0 {
			t.Errorf("a bomb is kept as %+v", a)
		}
		if _, err := w.files.Thumbnail(t.Context(), who, everything, m.ID); desk.CodeOf(err) != desk.CodeNotFound {
			t.Errorf("the small one of a bomb: %v", err)
		}
	})
}

// While the Provider cannot hand it out it is tried again, and a colleague can have it tried
// now; no text waits meanwhile.
func TestProviderIsDown(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, err := w.sim.AddFault(simulator.Fault{Kind: simulator.FailMedia, Code: 503, Count: -1})
		must(t, err)
		m := w.send(t, "document", pdf("a.pdf"))
		if a := w.fetch(t, m, desk.AttachmentWaiting, 1); a.Why != desk.FileUnreachable {
			t.Fatalf("it did not come because %q", a.Why)
		}
		if _, err := w.files.File(t.Context(), who, everything, m.ID); desk.CodeOf(err) != desk.CodeConflict {
			t.Errorf("a file that is not here: %v", err)
		}
		for range 12 { // an hour, with pauses that grow
			w.clock.Add(15 * time.Minute)
			a := w.attachment(t, m)
			if a = w.fetch(t, m, desk.AttachmentWaiting, a.Tries+1); a.Why != desk.FileUnreachable {
				t.Fatalf("it did not come because %q", a.Why)
			}
		}
		w.sim.ClearFaults()
		must(t, w.files.Ask(t.Context(), who, everything, m.ID)) // at once, without waiting
		w.fetch(t, m, desk.AttachmentFetched, 0)
		if err := w.files.Ask(t.Context(), who, everything, m.ID); desk.CodeOf(err) != desk.CodeConflict {
			t.Errorf("asking for what is here: %v", err)
		}
	})
}

// When the Provider's seven days are over nothing is tried any more.
func TestProviderForgets(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, err := w.sim.AddFault(simulator.Fault{Kind: simulator.FailMedia, Code: 500, Count: -1})
		must(t, err)
		m := w.send(t, "document", pdf("a.pdf"))
		w.fetch(t, m, desk.AttachmentWaiting, 1)
		w.clock.Add(desk.FileLife)
		if a := w.fetch(t, m, desk.AttachmentGone, 0); a.Why != desk.FileOver {
			t.Errorf("it is gone because %q", a.Why)
		}
		if err := w.files.Ask(t.Context(), who, everything, m.ID); desk.CodeOf(err) != desk.CodeConflict {
			t.Errorf("asking for what is gone: %v", err)
		}
	})
}

// What came is compared with what was announced, in whatever writing.
func TestChecksum(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, err := w.sim.AddFault(simulator.Fault{Kind: simulator.FailMediaAltered, Count: 1})
		must(t, err)
		m := w.send(t, "document", pdf("a.pdf"))
		if a := w.fetch(t, m, desk.AttachmentWaiting, 1); a.Why != desk.FileAltered || !a.Blob.IsZero() {
			t.Fatalf("an altered file is kept as %+v", a)
		}
		w.clock.Add(time.Minute)
		w.fetch(t, m, desk.AttachmentFetched, 0)
		// The webhook gives no checksum here; the Graph API gives its own, in hex.
		view, err := w.sim.Send("anna", number, simulator.Inbound{Kind: "document", File: pdf("b.pdf")})
		must(t, err)
		bare := strings.Replace(string(view.Payload), `"sha256"`, `"other"`, 1)
		_, err = w.sim.AddFault(simulator.Fault{Kind: simulator.FailMediaAltered, Count: 1})
		must(t, err)
		m = w.take(t, "document", view.ID, bare, "")
		if a := w.fetch(t, m, desk.AttachmentWaiting, 1); a.Why != desk.FileAltered {
			t.Fatalf("an altered file is kept as %+v", a)
		}
	})
}

// A file that the Provider does not know is asked for again, and a Message that is taken back
// has none any more.
func TestMissingAndTakenBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		m := w.take(t, "document", "wamid.X", `{"id":"404404","mime_type":"application/pdf"}`, "")
		if a := w.fetch(t, m, desk.AttachmentWaiting, 1); a.Why != desk.FileMissing {
			t.Errorf("it did not come because %q", a.Why)
		}
		view, err := w.sim.Send("anna", number, simulator.Inbound{Kind: "document", File: pdf("b.pdf")})
		must(t, err)
		m = w.take(t, "document", view.ID, string(view.Payload), "")
		w.fetch(t, m, desk.AttachmentFetched, 0)
		w.take(t, "revoke", "wamid.R", `{"original_message_id":"`+view.ID+`"}`, view.ID)
		if _, err := w.files.File(t.Context(), who, everything, m.ID); desk.CodeOf(err) != desk.CodeNotFound {
			t.Errorf("a file that was taken back: %v", err)
		}
	})
}

// Without the Contact's key nobody reads the file (GDPR Art. 17).
func TestDestroyedKey(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		m := w.send(t, "document", pdf("a.pdf"))
		w.fetch(t, m, desk.AttachmentFetched, 0)
		_, b := w.content(t, m)
		if len(b) == 0 {
			t.Fatal("nothing came")
		}
		must(t, w.vault.Destroy(t.Context(), m.Contact, "test"))
		w.clock.Add(vault.CacheTTL)
		if _, err := w.files.File(t.Context(), who, everything, m.ID); desk.CodeOf(err) != desk.CodeNotFound {
			t.Errorf("a file of somebody who was erased: %v", err)
		}
	})
}

// What a crash left is swept away, and nothing else.
func TestSweep(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		m := w.send(t, "image", nil)
		w.fetch(t, m, desk.AttachmentFetched, 0)
		stray, k := blob.NewID(), blob.NewKey()
		for _, id := range []blob.ID{stray, stray.Beside()} {
			to, err := w.blobs.Create(id, k)
			must(t, err)
			_, err = to.Write([]byte("of somebody who died"))
			must(t, errors.Join(err, to.Commit()))
		}
		_, err := w.blobs.Create(blob.NewID(), k)
		must(t, err)
		must(t, w.files.Sweep(t.Context(), time.Now()))
		if n := w.kept(t); n != 5 {
			t.Errorf("%d files after a sweep that came too early", n)
		}
		must(t, w.files.Sweep(t.Context(), time.Now().Add(2*time.Hour)))
		if n := w.kept(t); n != 2 {
			t.Errorf("%d files after the sweep", n)
		}
		f, err := w.files.Thumbnail(t.Context(), who, everything, m.ID)
		must(t, err)
		must(t, f.Content.Close())
		depths, err := w.Read().LaneDepths(context.Background())
		must(t, err)
		for _, d := range depths {
			if d.Kind == files.Kind {
				t.Errorf("%d jobs are left", d.Depth)
			}
		}
	})
}

func (w *world) kept(t *testing.T) (n int) {
	t.Helper()
	must(t, filepath.WalkDir(w.dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	}))
	return n
}

// A hundred MiB pass, and not one byte more.
func TestLargestFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "data.db"))
	m := w.send(t, "document", &simulator.InboundFile{Name: "a.bin", MIME: "application/zip", Data: []byte{1, 2, 3, 0xfe}, Size: desk.MaxFile})
	if a := w.fetch(t, m, desk.AttachmentFetched, 0); a.Size != desk.MaxFile {
		t.Errorf("it has %d bytes", a.Size)
	}
	f, err := w.files.File(t.Context(), who, everything, m.ID)
	must(t, err)
	_, err = f.Content.Seek(desk.MaxFile-3, io.SeekStart)
	must(t, err)
	rest, err := io.ReadAll(f.Content)
	must(t, errors.Join(err, f.Content.Close()))
	if !bytes.Equal(rest, []byte{2, 3, 0xfe}) {
		t.Errorf("it ends with %v", rest)
	}
	m = w.send(t, "document", &simulator.InboundFile{Name: "a.bin", MIME: "application/zip", Data: []byte{7}, Size: desk.MaxFile + 1})
	if a := w.fetch(t, m, desk.AttachmentFailed, 1); a.Why != desk.FileTooLarge {
		t.Errorf("it is refused because %q", a.Why)
	}
}

// sumOf is the checksum of a piece of a PNG.
func sumOf(piece []byte) []byte { return binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(piece)) }

// How long a voice message is, is seen without opening it.
func TestRecording(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		m := w.send(t, "audio", nil)
		if a := w.fetch(t, m, desk.AttachmentFetched, 0); a.Type != "audio/ogg" || a.Lasts != 3*time.Second {
			t.Errorf("it is kept as %s of %s", a.Type, a.Lasts)
		}
		m = w.send(t, "audio", &simulator.InboundFile{MIME: "audio/ogg", Data: []byte("OggS\x00\x02 and nothing else OpusHead")})
		w.fetch(t, m, desk.AttachmentFetched, 0)
		w.content(t, m)
		if n := w.entries(t, desk.ActFileOpened); n != 1 {
			t.Errorf("%d entries say that one was opened", n)
		}
	})
}

// Where voice messages are turned away, none is fetched; recordings that are no voice messages are.
func TestVoiceIsTurnedAway(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		strict := desk.DefaultPolicies()
		strict.Voice = "reject"
		c := w.to.Inbox.Controller
		storetest.Enter(t, w.Store, desk.RegisterEntry{Controller: c, Kind: desk.RegisterPolicies, Subject: desk.RegisterID(c), Active: true}, strict)
		m := w.send(t, "audio", nil)
		if a := w.fetch(t, m, desk.AttachmentFailed, 1); a.Why != desk.FileUnwanted || w.kept(t) != 0 {
			t.Errorf("it is kept as %+v", a)
		}
		if err := w.files.Ask(t.Context(), who, everything, m.ID); desk.CodeOf(err) != desk.CodeConflict {
			t.Errorf("asking for what is not taken: %v", err)
		}
	})
}

// A file from before the Contact may have become somebody else is hidden until an Agent has
// vouched for them, as the Message is (GDPR Art. 5(1)(f), 32).
func TestAHiddenFile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		before := w.send(t, "document", pdf("a.pdf"))
		w.fetch(t, before, desk.AttachmentFetched, 0)
		w.content(t, before)
		must(t, w.Update(ctx, func(tx *store.Tx) error {
			return tx.AddIdentityChanges(ctx, []desk.IdentityChange{{
				ID: desk.NewID[desk.IdentityChange](), Controller: before.Controller, Contact: before.Contact, Mark: []byte("mark"), News: desk.SystemNewNumber,
				Heard: desk.HeardNotice, ChangedAt: before.ThreadAt.Add(time.Second), At: tx.Now(),
			}})
		}))
		if _, err := w.files.File(ctx, who, everything, before.ID); desk.CodeOf(err) != desk.CodeNotFound {
			t.Errorf("a hidden file: %v", err)
		}
	})
}
