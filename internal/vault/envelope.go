package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
)

// envelopeVersion starts every envelope: version, nonce (12 bytes), AES-256-GCM
// ciphertext with its tag (16 bytes).
const envelopeVersion = 1

// keySize is the length of every key, in bytes: AES-256.
const keySize = 32

// envelopeOverhead is what an envelope adds to what it holds.
const envelopeOverhead = 1 + 12 + 16

var (
	errEnvelope = errors.New("the envelope has an unknown version; a newer release wrote it, or it was altered")
	errAltered  = errors.New("the ciphertext was altered, or belongs to another row, column or owner")
)

// newAEAD makes the cipher of a key. The nonce is random: up to 2^32 values may
// be sealed under one key (NIST SP 800-38D, 8.3).
func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// sealEnvelope encrypts plain and binds it to associated.
func sealEnvelope(a cipher.AEAD, plain, associated []byte) []byte {
	out := make([]byte, 1, envelopeOverhead+len(plain))
	out[0] = envelopeVersion
	return a.Seal(out, nil, plain, associated)
}

// openEnvelope is the inverse of sealEnvelope.
func openEnvelope(a cipher.AEAD, envelope, associated []byte) ([]byte, error) {
	if len(envelope) < envelopeOverhead {
		return nil, errAltered
	}
	if envelope[0] != envelopeVersion {
		return nil, errEnvelope
	}
	plain, err := a.Open(nil, nil, envelope[1:], associated)
	if err != nil {
		return nil, errAltered
	}
	return plain, nil
}

// wrapAssociated binds a wrapped key to the owner it belongs to.
func wrapAssociated(o Owner) []byte {
	b := append([]byte("wrap"), envelopeVersion, byte(o.kind))
	return append(b, o.id[:]...)
}

// freshKey makes a random key.
func freshKey() []byte {
	b := make([]byte, keySize)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return b
}

// derive makes the key for one use out of secret.
func derive(secret, salt []byte, use string) ([]byte, error) {
	return hkdf.Key(sha256.New, secret, salt, "botschaft vault 1 "+use, keySize)
}

// deriveAEAD makes the cipher for one use out of secret.
func deriveAEAD(secret, salt []byte, use string) (cipher.AEAD, error) {
	k, err := derive(secret, salt, use)
	if err != nil {
		return nil, err
	}
	defer clear(k)
	return newAEAD(k)
}
