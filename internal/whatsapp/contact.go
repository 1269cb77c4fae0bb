package whatsapp

// Contact is who a message came from or a status is about: the entry of
// `contacts` that belongs to it, completed by the item's own sender or
// recipient properties. Any part may be missing: a person with a username
// hides the phone number. The username can change and identifies nobody.
// Source: Meta, "Business-scoped user IDs".
type Contact struct {
	// Name is the name of the profile, chosen by the person; Username has no "@" added or removed.
	Name, Username string
	// WAID is the WhatsApp id: digits of a phone number, which may differ
	// from the number dialled (Brazil, Mexico, Argentina).
	WAID string
	// UserID is the business-scoped user id (BSUID), valid within one business
	// portfolio; ParentUserID is that of linked portfolios ("CC.ENT.…").
	UserID, ParentUserID string
	// IdentityKeyHash changes when the person's device or SIM changed.
	IdentityKeyHash string
}

func (r *reader) contact() *Contact {
	if !r.at('{') {
		return nil
	}
	c := &Contact{}
	for key := range r.members("contacts") {
		switch string(key) {
		case "profile":
			for key := range r.members("profile") {
				switch string(key) {
				case "name":
					c.Name = r.text()
				case "username":
					c.Username = r.text()
				}
			}
		case "wa_id":
			c.WAID = r.text()
		case "user_id":
			c.UserID = r.text()
		case "parent_user_id":
			c.ParentUserID = r.text()
		case "identity_key_hash":
			c.IdentityKeyHash = r.text()
		}
	}
	scoped(&c.WAID, &c.UserID, &c.ParentUserID)
	return c
}

// IsUserID reports whether an identifier is business-scoped (a country code
// and a dot) and so cannot be a phone number.
func IsUserID(s string) bool {
	return len(s) > 2 && upper(s[0]) && upper(s[1]) && s[2] == '.'
}

func upper(c byte) bool { return 'A' <= c && c <= 'Z' }

// scoped moves a business-scoped id that stands in a phone property to where
// it belongs. Meta omits the phone, some middlemen fill it with the BSUID.
func scoped(phone, user, parent *string) {
	if !IsUserID(*phone) {
		return
	}
	place := user
	if len(*phone) > 7 && (*phone)[2:7] == ".ENT." {
		place = parent
	}
	if *place == "" {
		*place = *phone
	}
	*phone = ""
}

// join gives each item its Contact. With one contact and one item they belong
// together even if the ids differ in form, unless their BSUIDs contradict.
func join(contacts []Contact, items []Item) {
	index := indexContacts(contacts)
	parties := 0
	for i := range items {
		if items[i].party() != nil {
			parties++
		}
	}
	for i := range items {
		own := items[i].party()
		if own == nil {
			continue
		}
		found := index.find(own)
		if found == nil && len(contacts) == 1 && parties == 1 && !contradict(own, &contacts[0]) {
			found = &contacts[0]
		}
		if found != nil {
			own.complete(found)
		}
	}
}

// party is the Contact of an item as its own properties tell it.
func (i *Item) party() *Contact {
	switch {
	case i.Message != nil:
		return &i.Message.Contact
	case i.Status != nil:
		return &i.Status.Contact
	}
	return nil
}

func contradict(a, b *Contact) bool {
	return a.UserID != "" && b.UserID != "" && a.UserID != b.UserID
}

// complete takes what the entry of `contacts` knows; what it leaves out
// stays as the item itself told it.
func (c *Contact) complete(from *Contact) {
	own := *c
	*c = *from
	fill(&c.WAID, own.WAID)
	fill(&c.UserID, own.UserID)
	fill(&c.ParentUserID, own.ParentUserID)
	fill(&c.IdentityKeyHash, own.IdentityKeyHash)
}

func fill(s *string, otherwise string) {
	if *s == "" {
		*s = otherwise
	}
}

// contactIndex finds contacts by any id in constant time: a body may hold
// thousands of contacts and messages.
type contactIndex map[string]*Contact

func indexContacts(contacts []Contact) contactIndex {
	if len(contacts) == 0 {
		return nil
	}
	index := make(contactIndex, 2*len(contacts))
	for i := range contacts {
		c := &contacts[i]
		for _, id := range []string{c.WAID, c.UserID, c.ParentUserID} {
			if _, taken := index[id]; id != "" && !taken {
				index[id] = c
			}
		}
	}
	return index
}

// find prefers the BSUID: a phone number may be recycled, a BSUID may not.
func (index contactIndex) find(c *Contact) *Contact {
	for _, id := range []string{c.UserID, c.WAID, c.ParentUserID} {
		if found := index[id]; id != "" && found != nil {
			return found
		}
	}
	return nil
}
