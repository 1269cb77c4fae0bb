package vault

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"botschaft/internal/desk"
	"botschaft/internal/private"
)

// format starts every encoded value, followed by the tag of its type. A changed
// layout gets a new format number and the old one stays readable.
const format = 1

// Tags of the types that can be sealed. They are stored: never renumber them.
const (
	tagText         = 1
	tagKey          = 2
	tagBytes        = 3
	tagContent      = 4
	tagProfile      = 5
	tagAgentProfile = 6
	tagInboxSecrets = 7
	tagWriting      = 8
	tagSpeaker      = 9  // a profile with a language
	tagOffer        = 10 // a content with buttons
)

var errEncoding = errors.New("the value inside is not encoded as expected; a newer release wrote it, or the column was mixed up")

// encode turns a value into bytes: format, tag, then one field per part, each
// with its length before it. Texts, keys and byte strings stand alone, without.
func encode(value any) ([]byte, error) {
	switch x := value.(type) {
	case private.Text:
		return append(header(tagText, len(x.Reveal())), x.Reveal()...), nil
	case private.Key:
		return append(header(tagKey, len(x.Reveal())), x.Reveal()...), nil
	case []byte:
		return append(header(tagBytes, len(x)), x...), nil
	case desk.Content:
		return content(x), nil
	case desk.Profile:
		if x.Language.IsEmpty() {
			return texts(tagProfile, x.Name, x.Username, x.Masked), nil
		}
		return texts(tagSpeaker, x.Name, x.Username, x.Masked, x.Language), nil
	case desk.Writing:
		return texts(tagWriting, x.Reply, x.Note), nil
	case desk.AgentProfile:
		return texts(tagAgentProfile, x.Name, x.Email), nil
	case desk.InboxSecrets:
		b := keys(header(tagInboxSecrets, 128), x.AppSecrets)
		b = field(b, x.AccessToken.Reveal())
		return keys(b, x.VerifyTokens), nil
	}
	return nil, unsupported(value)
}

// unsupported says which type cannot be sealed; the value is not printed.
func unsupported(value any) error {
	return fmt.Errorf("vault: a %T cannot be sealed", value)
}

func header(tag byte, room int) []byte {
	return append(make([]byte, 0, 2+room), format, tag)
}

func texts(tag byte, parts ...private.Text) []byte {
	room := 0
	for _, p := range parts {
		room += binary.MaxVarintLen32 + len(p.Reveal())
	}
	b := header(tag, room)
	for _, p := range parts {
		b = field(b, p.Reveal())
	}
	return b
}

func content(c desk.Content) []byte {
	if len(c.Buttons) == 0 {
		return texts(tagContent, c.Text, c.Raw)
	}
	b := binary.AppendUvarint(texts(tagOffer, c.Text, c.Raw), uint64(len(c.Buttons)))
	for _, button := range c.Buttons {
		b = field(field(b, button.ID), button.Title.Reveal())
	}
	return b
}

func keys(b []byte, list []private.Key) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, k := range list {
		b = field(b, k.Reveal())
	}
	return b
}

func field[S string | []byte](b []byte, s S) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// tagOf gives the tag for a pointer to a type that can be sealed, else 0.
func tagOf(dst any) byte {
	switch dst.(type) {
	case *private.Text:
		return tagText
	case *private.Key:
		return tagKey
	case *[]byte:
		return tagBytes
	case *desk.Content:
		return tagContent
	case *desk.Profile:
		return tagProfile
	case *desk.Writing:
		return tagWriting
	case *desk.AgentProfile:
		return tagAgentProfile
	case *desk.InboxSecrets:
		return tagInboxSecrets
	}
	return 0
}

// decode is the inverse of encode, into a pointer. Empty parts become zero
// values. On an error dst may be half filled.
func decode(b []byte, dst any) error {
	if len(b) < 2 || b[0] != format || !fits(b[1], tagOf(dst)) {
		return errEncoding
	}
	r := reader{rest: b[2:]}
	switch d := dst.(type) {
	case *private.Text:
		*d = text(r.all())
	case *private.Key:
		*d = key(r.all())
	case *[]byte:
		*d = plain(r.all())
	case *desk.Content:
		d.Text, d.Raw = text(r.field()), text(r.field())
		if d.Buttons = nil; b[1] == tagOffer {
			d.Buttons = r.buttons()
		}
	case *desk.Profile:
		d.Name, d.Username, d.Masked = text(r.field()), text(r.field()), text(r.field())
		if d.Language = (private.Text{}); b[1] == tagSpeaker {
			d.Language = text(r.field())
		}
	case *desk.Writing:
		d.Reply, d.Note = text(r.field()), text(r.field())
	case *desk.AgentProfile:
		d.Name, d.Email = text(r.field()), text(r.field())
	case *desk.InboxSecrets:
		d.AppSecrets = r.keys()
		d.AccessToken = key(r.field())
		d.VerifyTokens = r.keys()
	}
	return r.end()
}

// fits tells whether what has a tag can be read as what wants another: a profile may
// have a language or none, a content buttons or none.
func fits(tag, want byte) bool {
	return tag == want || tag == tagSpeaker && want == tagProfile || tag == tagOffer && want == tagContent
}

func text(b []byte) private.Text {
	if len(b) == 0 {
		return private.Text{}
	}
	return private.NewText(string(b))
}

func key(b []byte) private.Key {
	if len(b) == 0 {
		return private.Key{}
	}
	return private.NewKey(bytes.Clone(b))
}

func plain(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return bytes.Clone(b)
}

// reader takes encoded parts off rest; the first fault ends all reading.
type reader struct {
	rest []byte
	bad  bool
}

// number reads a length or count. None can exceed the bytes that are left.
func (r *reader) number() int {
	n, size := binary.Uvarint(r.rest)
	if r.bad || size <= 0 || n > uint64(len(r.rest)-size) {
		r.bad = true
		return 0
	}
	r.rest = r.rest[size:]
	return int(n)
}

func (r *reader) field() []byte {
	n := r.number()
	if r.bad {
		return nil
	}
	f := r.rest[:n]
	r.rest = r.rest[n:]
	return f
}

func (r *reader) keys() []private.Key {
	n := r.number()
	if n == 0 {
		return nil
	}
	list := make([]private.Key, n)
	for i := range list {
		list[i] = key(r.field())
	}
	return list
}

func (r *reader) buttons() []desk.Button {
	list := make([]desk.Button, r.number())
	for i := range list {
		list[i] = desk.Button{ID: string(r.field()), Title: text(r.field())}
	}
	return list
}

func (r *reader) all() []byte {
	f := r.rest
	r.rest = nil
	return f
}

func (r *reader) end() error {
	if r.bad || len(r.rest) != 0 {
		return errEncoding
	}
	return nil
}
