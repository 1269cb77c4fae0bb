package files

import (
	"bytes"
	"encoding/binary"
	"io"
	"time"
)

// Opus counts 48,000 samples a second, whatever it was recorded with (RFC 7845, 4).
const opusRate = 48_000

// longestPage is how long a page of Ogg can be, in bytes (RFC 3533, 6).
const longestPage = 27 + 255 + 255*255

// longestRecording is what a last page may claim at most.
const longestRecording = 24 * time.Hour

// lasts tells how long a recording in Ogg lasts, by its first and its last page; 0 if they do
// not tell. So nobody need open a voice message to see how long it is.
func lasts(r io.ReadSeeker, size int64) time.Duration {
	head := make([]byte, min(size, 64))
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return 0
	}
	if _, err := io.ReadFull(r, head); err != nil {
		return 0
	}
	at := bytes.Index(head, []byte("OpusHead"))
	if at < 0 || len(head) < at+12 {
		return 0
	}
	skipped := int64(binary.LittleEndian.Uint16(head[at+10:]))
	tail := make([]byte, min(size, longestPage))
	if _, err := r.Seek(size-int64(len(tail)), io.SeekStart); err != nil {
		return 0
	}
	if _, err := io.ReadFull(r, tail); err != nil {
		return 0
	}
	last := bytes.LastIndex(tail, []byte("OggS\x00"))
	if last < 0 || len(tail) < last+14 {
		return 0
	}
	samples := int64(binary.LittleEndian.Uint64(tail[last+6:])) - skipped
	if samples <= 0 || samples > int64(longestRecording/time.Second)*opusRate {
		return 0
	}
	return time.Duration(samples) * time.Second / opusRate
}
