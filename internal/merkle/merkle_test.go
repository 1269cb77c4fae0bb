package merkle

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The classic tree of the Certificate Transparency tests: its leaves, and the root
// over the first 0 to 8 of them.
var (
	classicLeaves = []string{
		"", "00", "10", "2021", "3031", "40414243", "5051525354555657",
		"606162636465666768696a6b6c6d6e6f",
	}
	classicRoots = []string{
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	}
)

func classic(t *testing.T) []Hash {
	t.Helper()
	leaves := make([]Hash, len(classicLeaves))
	for i, s := range classicLeaves {
		data, err := hex.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		leaves[i] = LeafHash(data)
	}
	return leaves
}

func TestClassicRoots(t *testing.T) {
	t.Parallel()
	leaves := classic(t)
	for n, want := range classicRoots {
		if got := Root(leaves[:n]).String(); got != want {
			t.Errorf("root of %d: got %s, want %s", n, got, want)
		}
	}
}

// TestEveryProofOfSmallTrees proves and verifies all there is up to 33 leaves, and
// sees every proof fail once any part of the statement is changed.
func TestEveryProofOfSmallTrees(t *testing.T) {
	t.Parallel()
	var leaves []Hash
	for i := range 33 {
		leaves = append(leaves, LeafHash([]byte{byte(i)}))
	}
	for n := 1; n <= len(leaves); n++ {
		root := naiveRoot(leaves[:n])
		for i := range n {
			p := InclusionProof(leaves[:n], i)
			checkInclusion(t, root, int64(n), int64(i), leaves[i], p)
		}
		for m := 0; m <= n; m++ {
			p := ConsistencyProof(leaves, m, n)
			checkConsistency(t, int64(m), int64(n), naiveRoot(leaves[:m]), root, p)
		}
	}
}

func checkInclusion(t *testing.T, root Hash, n, i int64, leaf Hash, p []Hash) {
	t.Helper()
	if !VerifyInclusion(root, n, i, leaf, p) {
		t.Fatalf("leaf %d of %d: the proof does not verify", i, n)
	}
	for name, ok := range map[string]bool{
		"another root":    VerifyInclusion(flip(root), n, i, leaf, p),
		"another leaf":    VerifyInclusion(root, n, i, flip(leaf), p),
		"index before":    VerifyInclusion(root, n, i-1, leaf, p),
		"index after":     VerifyInclusion(root, n, i+1, leaf, p),
		"index too large": VerifyInclusion(root, n, n, leaf, p),
		"a hash too many": VerifyInclusion(root, n, i, leaf, append(slices.Clone(p), leaf)),
		"a hash too few":  len(p) > 0 && VerifyInclusion(root, n, i, leaf, p[1:]),
		"no last hash":    len(p) > 0 && VerifyInclusion(root, n, i, leaf, p[:len(p)-1]),
	} {
		if ok {
			t.Fatalf("leaf %d of %d verifies with %s", i, n, name)
		}
	}
}

func checkConsistency(t *testing.T, m, n int64, rootM, rootN Hash, p []Hash) {
	t.Helper()
	if !VerifyConsistency(m, n, rootM, rootN, p) {
		t.Fatalf("%d to %d: the proof does not verify", m, n)
	}
	wrong := map[string]bool{
		"another old root": VerifyConsistency(m, n, flip(rootM), rootN, p),
		"sizes swapped":    m != n && VerifyConsistency(n, m, rootN, rootM, p),
		"a hash too many":  VerifyConsistency(m, n, rootM, rootN, append(slices.Clone(p), rootM)),
		"a hash too few":   len(p) > 0 && VerifyConsistency(m, n, rootM, rootN, p[1:]),
		"no last hash":     len(p) > 0 && VerifyConsistency(m, n, rootM, rootN, p[:len(p)-1]),
		"negative size":    VerifyConsistency(-1, n, rootM, rootN, p),
	}
	if m > 0 { // every tree begins with the empty one
		wrong["another new root"] = VerifyConsistency(m, n, rootM, flip(rootN), p)
	}
	for name, ok := range wrong {
		if ok {
			t.Fatalf("%d to %d verifies with %s", m, n, name)
		}
	}
}

// TestFrontierFollowsTheDefinition grows trees and compares them with the recursive
// definition of RFC 6962; a Frontier written and read back in between goes on alike.
func TestFrontierFollowsTheDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 0, 4), 0, 200).Draw(t, "data")
		pause := rapid.IntRange(0, len(data)).Draw(t, "pause")
		f := &Frontier{}
		var leaves []Hash
		for i, d := range data {
			if i == pause {
				f = reread(t, f)
			}
			leaves = append(leaves, LeafHash(d))
			f.Append(leaves[i])
		}
		if f.Size() != int64(len(data)) {
			t.Fatalf("size: got %d, want %d", f.Size(), len(data))
		}
		if got, want := f.Root(), naiveRoot(leaves); got != want {
			t.Fatalf("root of %d: got %s, want %s", len(data), got, want)
		}
	})
}

func reread(t *rapid.T, f *Frontier) *Frontier {
	b, err := f.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	var back Frontier
	if err := back.UnmarshalBinary(b); err != nil {
		t.Fatal(err)
	}
	return &back
}

// TestProofsOfLargeTrees draws places in larger trees.
func TestProofsOfLargeTrees(t *testing.T) {
	t.Parallel()
	var leaves []Hash
	for i := range 1500 {
		leaves = append(leaves, LeafHash([]byte{byte(i >> 8), byte(i)}))
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, len(leaves)).Draw(t, "n")
		m := rapid.IntRange(0, n).Draw(t, "m")
		i := rapid.IntRange(0, n-1).Draw(t, "i")
		root := naiveRoot(leaves[:n])
		if !VerifyInclusion(root, int64(n), int64(i), leaves[i], InclusionProof(leaves[:n], i)) {
			t.Fatal("the inclusion does not verify")
		}
		if !VerifyConsistency(int64(m), int64(n), naiveRoot(leaves[:m]), root, ConsistencyProof(leaves, m, n)) {
			t.Fatal("the consistency does not verify")
		}
	})
}

func TestUnmarshalRefusesWhatIsNoFrontier(t *testing.T) {
	t.Parallel()
	f := Frontier{}
	f.Append(LeafHash(nil))
	good, _ := f.MarshalBinary()
	for name, b := range map[string][]byte{
		"empty": nil, "short": good[:7], "no hash": good[:8], "half a hash": good[:20],
		"a byte too many": append(bytes.Clone(good), 0), "negative": bytes.Repeat([]byte{0xff}, 8+64*sha256.Size),
	} {
		before := f.Root()
		if err := f.UnmarshalBinary(b); err == nil {
			t.Errorf("%s was taken for a frontier", name)
		}
		if f.Size() != 1 || f.Root() != before {
			t.Errorf("%s changed the frontier", name)
		}
	}
}

func TestCloneIsIndependent(t *testing.T) {
	t.Parallel()
	var f Frontier
	for i := range 6 {
		f.Append(LeafHash([]byte{byte(i)}))
	}
	want, c := f.Root(), f.Clone()
	c.Append(LeafHash([]byte("another")))
	if f.Root() != want || f.Size() != 6 || c.Size() != 7 {
		t.Errorf("got size %d and root %s, want 6 and %s", f.Size(), f.Root(), want)
	}
}

// naiveRoot is MTH of RFC 6962, section 2.1, word for word.
func naiveRoot(leaves []Hash) Hash {
	switch n := len(leaves); n {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return leaves[0]
	default:
		k := 1
		for k*2 < n {
			k *= 2
		}
		l, r := naiveRoot(leaves[:k]), naiveRoot(leaves[k:])
		return sha256.Sum256(slices.Concat([]byte{1}, l[:], r[:]))
	}
}

func flip(h Hash) Hash {
	h[0] ^= 1
	return h
}
