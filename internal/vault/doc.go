// Package vault keeps the keys: one data key per Contact, and the only way to
// turn a private value into a private.Sealed and back (GDPR Art. 32(1)(a)).
//
// It lives in a store of its own, so that destroying one key erases one person
// in every copy of the data, backups included (GDPR Art. 17). Keys form a tree:
//
//	root key (configured, never stored)
//	├── installation key, signing key, day keys
//	└── Controller keys
//	    └── Contact keys, through a wrapping key once the Controller's was rotated
//
// Every ciphertext is bound to its owner, column and row; moved anywhere else it
// does not open. A key that was destroyed stays destroyed: its tombstone outlives
// it, and a cached copy is used for at most CacheTTL on any node.
//
// What it cannot promise: on PostgreSQL the bytes of a deleted row leave the data
// files and archives of the server when that server rewrites and expires them.
// That is why the vault's archive is kept short.
package vault
