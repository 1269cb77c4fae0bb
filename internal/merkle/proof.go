package merkle

import (
	"math/bits"
	"slices"
)

// InclusionProof is the way from leaf i up to the root over leaves: the hashes beside
// it, the lowest first (RFC 6962, 2.1.1). It panics unless 0 ≤ i < len(leaves), as an
// index does.
func InclusionProof(leaves []Hash, i int) []Hash {
	_ = leaves[i]
	n := len(leaves)
	if n == 1 {
		return nil
	}
	k := split(n)
	if i < k {
		return append(InclusionProof(leaves[:k], i), Root(leaves[k:]))
	}
	return append(InclusionProof(leaves[k:], i-k), Root(leaves[:k]))
}

// VerifyInclusion tells whether proof shows that leaf stands at index in the tree of
// size leaves with that root (RFC 9162, 2.1.3.2).
func VerifyInclusion(root Hash, size, index int64, leaf Hash, proof []Hash) bool {
	if index < 0 || index >= size {
		return false
	}
	at, last := index, size-1
	h := leaf
	for _, p := range proof {
		if last == 0 {
			return false
		}
		if at&1 == 1 || at == last {
			h = nodeHash(p, h)
			for at&1 == 0 && at != 0 {
				at, last = at>>1, last>>1
			}
		} else {
			h = nodeHash(h, p)
		}
		at, last = at>>1, last>>1
	}
	return last == 0 && h == root
}

// ConsistencyProof shows that the tree over the first m leaves is the beginning of
// the tree over the first n (RFC 6962, 2.1.2). It is empty for m = 0 and m = n, and
// panics unless 0 ≤ m ≤ n ≤ len(leaves), as slicing does.
func ConsistencyProof(leaves []Hash, m, n int) []Hash {
	_ = leaves[m:n]
	if m == 0 {
		return nil
	}
	return subproof(leaves[:n], m, true)
}

// subproof is SUBPROOF of RFC 6962; whole says that the verifier knows the root over
// the first m leaves.
func subproof(leaves []Hash, m int, whole bool) []Hash {
	n := len(leaves)
	if m == n {
		if whole {
			return nil
		}
		return []Hash{Root(leaves)}
	}
	k := split(n)
	if m <= k {
		return append(subproof(leaves[:k], m, whole), Root(leaves[k:]))
	}
	return append(subproof(leaves[k:], m-k, false), Root(leaves[:k]))
}

// VerifyConsistency tells whether proof shows that the tree of m leaves with rootM is
// the beginning of the tree of n leaves with rootN (RFC 9162, 2.1.4.2). The empty tree
// is the beginning of every tree, which takes an empty proof.
func VerifyConsistency(m, n int64, rootM, rootN Hash, proof []Hash) bool {
	switch {
	case m < 0 || m > n:
		return false
	case m == n:
		return len(proof) == 0 && rootM == rootN && (m > 0 || rootM == Root(nil))
	case m == 0:
		return len(proof) == 0 && rootM == Root(nil)
	}
	if m&(m-1) == 0 { // a full tree stands whole in the larger one: its root leads the way
		proof = slices.Insert(slices.Clone(proof), 0, rootM)
	}
	if len(proof) == 0 {
		return false
	}
	at, last := m-1, n-1
	for at&1 == 1 {
		at, last = at>>1, last>>1
	}
	old, now := proof[0], proof[0]
	for _, p := range proof[1:] {
		if last == 0 {
			return false
		}
		if at&1 == 1 || at == last {
			old, now = nodeHash(p, old), nodeHash(p, now)
			for at&1 == 0 && at != 0 {
				at, last = at>>1, last>>1
			}
		} else {
			now = nodeHash(now, p)
		}
		at, last = at>>1, last>>1
	}
	return last == 0 && old == rootM && now == rootN
}

// split is the largest power of two below n, for n ≥ 2.
func split(n int) int { return 1 << (bits.Len(uint(n-1)) - 1) }
