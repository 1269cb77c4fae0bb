// Package audit makes the log of acts one that cannot be altered unnoticed.
//
// Entries are written by the transaction of the act they record; see store.Tx.Audit.
// This package gives committed entries dense numbers, hangs them into a Merkle tree
// (RFC 6962, section 2.1), signs the tree's size and root as a Checkpoint every
// minute and at shutdown, and verifies all of it. It promises that an entry that was
// altered, removed or slipped in before a Checkpoint is found; what stands behind the
// last Checkpoint is not protected yet, and the verifier says so. Whoever can write the
// whole database can remove Checkpoints too and let the house sign what is left: only
// one that was kept outside finds that.
package audit
