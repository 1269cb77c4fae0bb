package desk

import (
	"database/sql/driver"
	"fmt"

	"github.com/google/uuid"
)

// ID is a UUIDv7 that belongs to one kind of noun. The kind is in the type, so
// that a Contact's id cannot stand where an Inbox's is wanted. Ids order nothing:
// clocks of several nodes differ.
type ID[Noun any] [16]byte

// Typed ids of the nouns.
type (
	ControllerID     = ID[Controller]
	InboxID          = ID[Inbox]
	ContactID        = ID[Contact]
	IdentityID       = ID[Identity]
	ConversationID   = ID[Conversation]
	MessageID        = ID[Message]
	AgentID          = ID[Agent]
	TokenID          = ID[Token]
	SessionID        = ID[Session]
	TurnID           = ID[Turn]
	DraftID          = ID[Draft]
	DeliveryID       = ID[Delivery]
	SetAsideID       = ID[SetAside]
	JobID            = ID[Job]
	EventID          = ID[Event]
	AuditID          = ID[AuditEntry]
	RevisionID       = ID[Revision]
	ConsentID        = ID[ConsentEntry]
	RegisterID       = ID[RegisterEntry]
	NoticeID         = ID[Notice]
	TermsFileID      = ID[TermsFile]
	ApprovalID       = ID[Approval]
	TaskID           = ID[Task]
	IdentityChangeID = ID[IdentityChange]
	BlockID          = ID[Block]
	MergeID          = ID[Merge]
	AlertID          = ID[Alert]
)

// NewID makes a fresh id.
func NewID[Noun any]() ID[Noun] { return ID[Noun](uuid.Must(uuid.NewV7())) }

// ParseID reads the textual form of an id.
func ParseID[Noun any](s string) (ID[Noun], error) {
	u, err := uuid.Parse(s)
	if err != nil || len(s) != 36 {
		return ID[Noun]{}, Invalid("id", "is not an id")
	}
	return ID[Noun](u), nil
}

// IsZero tells whether the id names nothing.
func (id ID[Noun]) IsZero() bool { return id == ID[Noun]{} }

// String gives the textual form.
func (id ID[Noun]) String() string { return uuid.UUID(id).String() }

// MarshalText encodes the textual form; no id is the empty text.
func (id ID[Noun]) MarshalText() ([]byte, error) {
	if id.IsZero() {
		return nil, nil
	}
	return uuid.UUID(id).MarshalText()
}

// UnmarshalText reads the textual form.
func (id *ID[Noun]) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*id = ID[Noun]{}
		return nil
	}
	v, err := ParseID[Noun](string(b))
	*id = v
	return err
}

// Value stores the sixteen bytes; no id is NULL.
func (id ID[Noun]) Value() (driver.Value, error) {
	if id.IsZero() {
		return nil, nil
	}
	return id[:], nil
}

// Scan reads the sixteen bytes; NULL is no id.
func (id *ID[Noun]) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*id = ID[Noun]{}
		return nil
	case []byte:
		if len(v) == len(id) {
			copy(id[:], v)
			return nil
		}
	}
	return fmt.Errorf("desk: an id column holds %T", src)
}
