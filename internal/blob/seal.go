package blob

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math"
)

const (
	version    = 1
	saltSize   = 16
	headerSize = 1 + saltSize
	chunkSize  = 64 << 10
	tagSize    = 16
	sealedSize = chunkSize + tagSize
	maxChunks  = math.MaxUint32
)

// Key seals a file and what stands beside it; 32 random bytes.
type Key [32]byte

// NewKey makes a fresh key.
func NewKey() (k Key) {
	_, _ = rand.Read(k[:]) // never fails: crypto/rand ends the program instead
	return k
}

// ID names a file; 16 random bytes, not to be used again.
type ID [16]byte

// NewID makes a fresh id.
func NewID() (id ID) {
	_, _ = rand.Read(id[:])
	return id.Main()
}

// Beside names what was made of a file, such as a small picture of it.
func (id ID) Beside() ID {
	id[15] |= 1
	return id
}

// Main names the file itself, beside which something stands.
func (id ID) Main() ID {
	id[15] &^= 1
	return id
}

// Why a file does not open; test with errors.Is.
var (
	// ErrAltered: the bytes are not those that were sealed under this key and id.
	ErrAltered = errors.New("blob: the file was cut, altered, or is sealed with another key")
	// ErrVersion: a newer release sealed it.
	ErrVersion = errors.New("blob: the file has an unknown form; a newer release sealed it")
	errTooLong = errors.New("blob: the file is too long to be sealed")
)

// chunks seals and opens the chunks of one file.
type chunks struct {
	aead  cipher.AEAD
	nonce [12]byte // eight bytes of count, one that is 1 for the last chunk, three of nothing
}

func newChunks(k Key, id ID, salt []byte) (*chunks, error) {
	own, err := hkdf.Key(sha256.New, k[:], salt, "botschaft blob 1 "+string(id[:]), len(k))
	if err != nil {
		return nil, err
	}
	defer clear(own)
	block, err := aes.NewCipher(own)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	return &chunks{aead: aead}, err
}

func (c *chunks) at(n int64, last bool) []byte {
	binary.BigEndian.PutUint64(c.nonce[:8], uint64(n))
	c.nonce[8] = 0
	if last {
		c.nonce[8] = 1
	}
	return c.nonce[:]
}

// seal appends the sealed chunk n to dst.
func (c *chunks) seal(dst, plain []byte, n int64, last bool) []byte {
	return c.aead.Seal(dst, c.at(n, last), plain, nil)
}

// open opens the chunk n in place.
func (c *chunks) open(sealed []byte, n int64, last bool) ([]byte, error) {
	plain, err := c.aead.Open(sealed[:0], c.at(n, last), sealed, nil)
	if err != nil {
		return nil, ErrAltered
	}
	return plain, nil
}

// shape tells how many chunks stand in a file of this length, and how many bytes they hold.
func shape(length int64) (count, size int64, err error) {
	body := length - headerSize
	if body < tagSize {
		return 0, 0, ErrAltered
	}
	count = (body + sealedSize - 1) / sealedSize
	if rest := body - (count-1)*sealedSize; rest < tagSize {
		return 0, 0, ErrAltered
	}
	return count, body - count*tagSize, nil
}
