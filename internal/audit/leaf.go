package audit

import (
	"encoding/binary"

	"botschaft/internal/desk"
	"botschaft/internal/merkle"
	"botschaft/internal/store/rows"
)

// leafVersion stands first in every leaf, so that its form may change one day.
const leafVersion = 1

// leafOf hashes what an entry says. Every field stands with its length before it, so
// that no two entries give the same bytes; the place in the tree is the number.
func leafOf(e *rows.AuditEntry) merkle.Hash {
	b := []byte{leafVersion}
	b = append(b, e.ID[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(e.At.UnixMilli()))
	for _, field := range []string{
		string(e.ActorKind), string(e.ActorID[:]), e.Via, string(e.Act), e.Subject,
		string(e.Controller[:]), string(e.Inbox[:]), e.Detail,
	} {
		b = binary.AppendUvarint(b, uint64(len(field)))
		b = append(b, field...)
	}
	return merkle.LeafHash(b)
}

// statement is what a Checkpoint signs.
func statement(installation desk.InstallationID, size int64, root merkle.Hash, at desk.Millis) []byte {
	b := []byte("botschaft checkpoint 1\n")
	b = append(b, installation[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(size))
	b = append(b, root[:]...)
	return binary.BigEndian.AppendUint64(b, uint64(at.UnixMilli()))
}
