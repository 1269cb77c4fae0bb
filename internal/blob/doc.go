// Package blob keeps files on disk, sealed: what a Contact sent is readable there for nobody
// (GDPR Art. 32(1)(a)).
//
// Each file is sealed with a Key that nothing else has but what was made of it. The store
// keeps it wrapped by the key of the Contact; when that one is destroyed, the file is noise, in every copy of the directory. A
// file is written under a name for the moment and gets its own when it is whole and on the
// disk. It may be any length: both ways take a constant amount of memory, and reading may
// begin anywhere.
//
//	file    version, salt, chunks
//	chunk   up to 64 KiB, AES-256-GCM; the nonce counts them and says which is the last
//
// That is the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-
// Encryption and its Nonce-Reuse Misuse-Resistance, 2015). The key of the chunks is derived
// from the Key, the salt and the ID: chunks that were swapped, cut off, or belong to another
// file do not open.
//
// It promises nothing about what a file is: whoever seals it looks.
package blob
