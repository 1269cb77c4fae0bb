package vault

import (
	"encoding/binary"
	"errors"
	"strconv"

	"botschaft/internal/desk"
)

// kind tells what an Owner is. The numbers are stored and authenticated: never
// renumber them.
type kind int64

const (
	kindInstallation kind = 1
	kindController   kind = 2
	kindContact      kind = 3
	kindDay          kind = 4
	kindSigning      kind = 5
	kindWrapping     kind = 6 // wraps the keys of a Controller's Contacts, in the place of the Controller's own
)

// Owner is whose key seals a value. The zero Owner is nobody and seals nothing.
type Owner struct {
	kind kind
	id   [16]byte
}

// OwnerInstallation owns what belongs to no Controller, e.g. Agents.
func OwnerInstallation() Owner { return Owner{kind: kindInstallation} }

// ControllerOwner owns what belongs to a Controller and no Contact, e.g. the
// secrets of its Inboxes.
func ControllerOwner(id desk.ControllerID) Owner { return Owner{kindController, id} }

// ContactOwner owns everything about one Contact; its key is destroyed with it.
func ContactOwner(id desk.ContactID) Owner { return Owner{kindContact, id} }

// DayOwner owns the Deliveries of one day, counted since 1970-01-01 UTC.
func DayOwner(day int64) Owner {
	o := Owner{kind: kindDay}
	binary.BigEndian.PutUint64(o.id[8:], uint64(day))
	return o
}

// day gives back the day of a DayOwner.
func (o Owner) day() int64 { return int64(binary.BigEndian.Uint64(o.id[8:])) }

// String names the owner for errors; ids are no personal data by themselves.
func (o Owner) String() string {
	switch o.kind {
	case kindInstallation:
		return "installation"
	case kindController:
		return "controller " + desk.ControllerID(o.id).String()
	case kindContact:
		return "contact " + desk.ContactID(o.id).String()
	case kindDay:
		return "day " + strconv.FormatInt(o.day(), 10)
	case kindSigning:
		return "signing key"
	case kindWrapping:
		return "wrapping key " + desk.ControllerID(o.id).String()
	}
	return "nobody"
}

var errNobody = errors.New("vault: the zero Owner has no key; name a Contact, Controller, day or the installation")

// check refuses owners that can have no key.
func (o Owner) check() error {
	if o.kind < kindInstallation || o.kind > kindDay {
		return errNobody
	}
	return nil
}

// Place is where a sealed value stands: table and column as "message.content",
// and the row's id. It is authenticated with the ciphertext, not stored in it.
type Place struct {
	Column string
	Row    [16]byte
}

var errNoColumn = errors.New("vault: a Place needs its Column")

// String names the place for errors.
func (p Place) String() string { return p.Column + " row " + desk.ContactID(p.Row).String() }

// associated is what a ciphertext is bound to: version, owner, row, column. The
// column comes last and alone has no fixed length, so no two places meet.
func (p Place) associated(o Owner) []byte {
	b := make([]byte, 0, 2+16+16+len(p.Column))
	b = append(b, envelopeVersion, byte(o.kind))
	b = append(b, o.id[:]...)
	b = append(b, p.Row[:]...)
	return append(b, p.Column...)
}
