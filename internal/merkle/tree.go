package merkle

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math/bits"
)

// Hash is a leaf, a node or a root of the tree.
type Hash [sha256.Size]byte

// String writes the hash in lower-case hexadecimal.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// LeafHash is the leaf of data: SHA-256(0x00 ‖ data).
func LeafHash(data []byte) Hash {
	d := sha256.New()
	d.Write([]byte{0})
	d.Write(data)
	var h Hash
	d.Sum(h[:0])
	return h
}

// nodeHash is the parent of two: SHA-256(0x01 ‖ left ‖ right). The prefix keeps a
// node from being passed off as a leaf.
func nodeHash(left, right Hash) Hash {
	var b [1 + 2*sha256.Size]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[1+sha256.Size:], right[:])
	return sha256.Sum256(b[:])
}

// Root is the root over leaves, which are already hashed (LeafHash).
func Root(leaves []Hash) Hash {
	var f Frontier
	for _, l := range leaves {
		f.Append(l)
	}
	return f.Root()
}

// Frontier is a tree without its inside: the roots of the full subtrees that its
// size in binary names, the largest first. It is all that Append and Root need. The
// zero Frontier is the empty tree. It is not safe for concurrent use and must not be
// copied by assignment; see Clone.
type Frontier struct {
	size  int64
	roots []Hash
}

// Size is the number of leaves.
func (f *Frontier) Size() int64 { return f.size }

// Append adds leaf at the right end.
func (f *Frontier) Append(leaf Hash) {
	for carry := f.size; carry&1 == 1; carry >>= 1 {
		last := len(f.roots) - 1
		leaf = nodeHash(f.roots[last], leaf)
		f.roots = f.roots[:last]
	}
	f.roots = append(f.roots, leaf)
	f.size++
}

// Root is the root over all leaves so far.
func (f *Frontier) Root() Hash {
	if f.size == 0 {
		return sha256.Sum256(nil)
	}
	last := len(f.roots) - 1
	root := f.roots[last]
	for i := last - 1; i >= 0; i-- {
		root = nodeHash(f.roots[i], root)
	}
	return root
}

// Clone is an independent copy: appending to one leaves the other as it is.
func (f *Frontier) Clone() *Frontier {
	return &Frontier{size: f.size, roots: append([]Hash(nil), f.roots...)}
}

// MarshalBinary writes the size as eight bytes, big-endian, and then the hashes. It
// never fails.
func (f *Frontier) MarshalBinary() ([]byte, error) {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(f.roots)*sha256.Size), uint64(f.size))
	for _, h := range f.roots {
		b = append(b, h[:]...)
	}
	return b, nil
}

// errFrontier says that bytes are no Frontier.
var errFrontier = errors.New("merkle: not a frontier")

// UnmarshalBinary reads what MarshalBinary wrote. It fails when the number of hashes
// does not fit the size, and then leaves f unchanged.
func (f *Frontier) UnmarshalBinary(b []byte) error {
	if len(b) < 8 {
		return errFrontier
	}
	size := binary.BigEndian.Uint64(b)
	b = b[8:]
	if size>>63 != 0 || len(b) != bits.OnesCount64(size)*sha256.Size {
		return errFrontier
	}
	roots := make([]Hash, len(b)/sha256.Size)
	for i := range roots {
		copy(roots[i][:], b[i*sha256.Size:])
	}
	f.size, f.roots = int64(size), roots
	return nil
}
