package whatsapp

import "time"

// Kind is what a message is. The values are Meta's words for its types.
type Kind string

// The kinds Meta documents. Every other type is KindUnsupported; its word
// stays in Message.Type.
const (
	KindText        Kind = "text"
	KindImage       Kind = "image"
	KindVideo       Kind = "video"
	KindAudio       Kind = "audio"
	KindDocument    Kind = "document"
	KindSticker     Kind = "sticker"
	KindLocation    Kind = "location"
	KindContacts    Kind = "contacts"
	KindReaction    Kind = "reaction"
	KindInteractive Kind = "interactive"
	KindButton      Kind = "button"
	KindOrder       Kind = "order"
	KindSystem      Kind = "system"
	KindEdit        Kind = "edit"
	KindRevoke      Kind = "revoke"
	KindUnsupported Kind = "unsupported"
)

func kindOf(word string) Kind {
	switch k := Kind(word); k {
	case KindText, KindImage, KindVideo, KindAudio, KindDocument, KindSticker, KindLocation,
		KindContacts, KindReaction, KindInteractive, KindButton, KindOrder, KindSystem,
		KindEdit, KindRevoke:
		return k
	}
	return KindUnsupported
}

// Message is one message or system notice from a person.
// Source: Meta, "Webhooks: messages webhook reference".
type Message struct {
	// ID is the wamid. It contains the person's phone number in base64: treat
	// it as personal data and keep it out of logs and URLs.
	ID string
	// From is the sender's phone number in digits; it is empty when the person
	// hides it. FromUserID and FromParentUserID are the business-scoped ids.
	From, FromUserID, FromParentUserID string
	// To, ToUserID and ToParentUserID are the same of whom an echo went to; of a message, nobody.
	To, ToUserID, ToParentUserID string
	// GroupID is set for messages in a group.
	GroupID string
	// Contact is the sender, from whatever the body tells; of a system notice,
	// the person as known before the change.
	Contact Contact
	// Timestamp is when the person sent it, in whole seconds, UTC. With
	// TimestampOK false it was missing or absurd and is zero.
	Timestamp   time.Time
	TimestampOK bool
	// Type is Meta's word, Kind what this package makes of it.
	Type string
	Kind Kind

	// Text is the body of a KindText message.
	Text     string
	Context  *Context
	Referral *Referral

	// What the message holds: the one that belongs to Kind.
	Media       *Media // image, video, audio, document, sticker
	Location    *Location
	Contacts    []Card
	Reaction    *Reaction
	Interactive *Interactive
	Button      *Button
	Order       *Order
	System      *System
	Edit        *Edit
	Revoke      *Revoke
	// Identity is set on the legacy notice "customer_identity_changed".
	Identity *IdentityChange
	// UnsupportedType is Meta's finer word for KindUnsupported: "poll", "pin".
	UnsupportedType string
	// Errors say why a message is unsupported or its file is missing.
	Errors []Error
}

// Caption is the text that accompanies a file, if the message is one.
func (m *Message) Caption() string {
	if m.Media == nil {
		return ""
	}
	return m.Media.Caption
}

// message reads one element of `messages`.
func (r *reader) message() (*Message, error) {
	m, found := r.messageBody(true)
	switch {
	case m == nil:
		return nil, errObject
	case m.ID == "":
		r.spare = m
		return nil, errNoID
	case !found && len(m.Errors) == 0:
		return nil, errNoObject
	}
	return m, nil
}

// messageBody reads a message and reports whether the object named after its
// type is there. An edit holds a message of its own; that one may not be an
// edit again, or a body could nest without end.
func (r *reader) messageBody(outermost bool) (m *Message, complete bool) {
	if !r.at('{') {
		return nil, false
	}
	m, r.spare = r.spare, nil
	if m == nil {
		m = new(Message)
	}
	*m = Message{}
	has := contents{}
	for key := range r.members("messages") {
		switch string(key) {
		case "id":
			m.ID = r.text()
		case "from":
			m.From = r.text()
		case "from_user_id":
			m.FromUserID = r.text()
		case "from_parent_user_id":
			m.FromParentUserID = r.text()
		case "to":
			m.To = r.text()
		case "to_user_id":
			m.ToUserID = r.text()
		case "to_parent_user_id":
			m.ToParentUserID = r.text()
		case "group_id":
			m.GroupID = r.text()
		case "timestamp":
			m.Timestamp, m.TimestampOK = r.seconds()
		case "type":
			m.Type = r.text()
		case "context":
			m.Context = r.context()
		case "referral":
			m.Referral = r.referral()
		case "identity":
			m.Identity = r.identityChange()
		case "errors":
			m.Errors = r.errors()
		default:
			r.content(m, key, &has, outermost)
		}
	}
	if m.System != nil {
		fill(&m.From, m.System.Customer)
	}
	scoped(&m.From, &m.FromUserID, &m.FromParentUserID)
	m.Contact = Contact{WAID: m.From, UserID: m.FromUserID, ParentUserID: m.FromParentUserID}
	if m.System != nil { // these notices may name the sender here alone
		fill(&m.Contact.UserID, m.System.PreviousUserID)
		fill(&m.Contact.ParentUserID, m.System.PreviousParentUserID)
	}
	if m.Type == "" {
		m.Type = m.only(has)
	}
	m.Kind = kindOf(m.Type)
	if m.Kind == KindEdit && m.Edit != nil && m.Edit.OriginalID != "" && m.Edit.Message == nil {
		m.Kind, m.UnsupportedType = KindUnsupported, m.Type // new words that cannot be read replace none
	}
	if m.Kind == KindUnsupported && m.Type != "unsupported" && m.Type != "unknown" {
		r.count("type", []byte(m.Type))
	}
	return m, m.complete(has)
}

// contents remembers what an empty value in Message cannot tell: that a text
// was there, though empty, and which property the file came in.
type contents struct {
	text, contacts bool
	media          Kind
}

// only is the type of a message that does not tell it and holds one thing.
func (m *Message) only(has contents) (word string) {
	n := 0
	for kind, is := range map[Kind]bool{
		KindText: has.text, has.media: has.media != "", KindLocation: m.Location != nil, KindContacts: has.contacts, KindReaction: m.Reaction != nil,
		KindInteractive: m.Interactive != nil, KindButton: m.Button != nil, KindOrder: m.Order != nil, KindSystem: m.System != nil,
		KindEdit: m.Edit != nil, KindRevoke: m.Revoke != nil,
	} {
		if is {
			word, n = string(kind), n+1
		}
	}
	if n != 1 {
		return ""
	}
	return word
}

// content reads the property named after the message's type.
func (r *reader) content(m *Message, key []byte, has *contents, outermost bool) {
	switch kind := Kind(key); kind {
	case KindText:
		m.Text, has.text = r.textBody()
	case KindImage, KindVideo, KindAudio, KindDocument, KindSticker:
		if media := r.media(string(kind)); media != nil {
			m.Media, has.media = media, kind
		}
	case KindLocation:
		m.Location = r.location()
	case KindContacts:
		has.contacts = r.at('[') || r.at('{')
		m.Contacts = list(r, maxCards, r.card)
	case KindReaction:
		m.Reaction = r.reaction()
	case KindInteractive:
		m.Interactive = r.interactive()
	case KindButton:
		m.Button = r.button()
	case KindOrder:
		m.Order = r.order()
	case KindSystem:
		m.System = r.system()
	case KindEdit:
		if outermost {
			m.Edit = r.edit()
		}
	case KindRevoke:
		m.Revoke = r.revoke()
	case KindUnsupported:
		for key := range r.members("unsupported") {
			if string(key) == "type" {
				m.UnsupportedType = r.text()
			}
		}
	}
}

// complete reports whether the message holds what its kind promises: enough
// to show it, and for a reaction, an edit or a revocation, what it refers to.
func (m *Message) complete(has contents) bool {
	switch m.Kind {
	case KindText:
		return has.text
	case KindImage, KindVideo, KindAudio, KindDocument, KindSticker:
		return has.media == m.Kind
	case KindLocation:
		return m.Location != nil
	case KindContacts:
		return has.contacts
	case KindReaction:
		return m.Reaction != nil && m.Reaction.MessageID != ""
	case KindInteractive:
		return m.Interactive != nil
	case KindButton:
		return m.Button != nil
	case KindOrder:
		return m.Order != nil
	case KindSystem:
		return m.System != nil
	case KindEdit:
		return m.Edit != nil && m.Edit.OriginalID != ""
	case KindRevoke:
		return m.Revoke != nil && m.Revoke.OriginalID != ""
	}
	return true
}

// textBody reads {"body": …}, or the body alone, and whether it was there.
func (r *reader) textBody() (body string, found bool) {
	if r.at('"') {
		return r.text(), true
	}
	for key := range r.members("text") {
		if string(key) == "body" {
			found = r.at('"') || r.isNumber()
			body = r.text()
		}
	}
	return body, found
}
