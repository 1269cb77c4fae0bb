// Package merkle holds the hash tree of the audit log and its proofs, as RFC 6962
// section 2.1 (now RFC 9162) defines them: SHA-256, prefix 0x00 before a leaf's data,
// 0x01 before two nodes, the empty tree is the hash of nothing.
//
// It promises pure functions that need no more memory than their arguments, and a
// Frontier that grows a tree of any size from at most 63 hashes. It refuses to store,
// to sign and to guess: a proof with a hash too many or too few does not verify.
package merkle
