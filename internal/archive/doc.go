// Package archive is the form in which data and keys leave the house for a backup:
// one stream per store, the same for both engines, encrypted with age for recipients
// whose private half the server never sees (GDPR Art. 32(1)(b), (c)).
//
//	file      age ( gzip ( stream ) )
//	stream    magic, header, tables, manifest
//	record    one byte of kind, length, payload
//
// The header says whose archive it is, the tables follow each other with their rows,
// and the manifest closes the stream with counts and hashes, signed with the key of
// the installation. Writing and reading take constant memory. A reader believes
// nothing before the manifest: whoever fills a database from it commits after Finish.
//
// An archive says nothing about the root key but its fingerprint, and never holds it.
package archive
