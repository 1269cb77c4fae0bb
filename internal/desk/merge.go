package desk

import "time"

// Merge says that two Contacts are one person, by an Agent's word. It is a record beside them
// and changes neither: each keeps its key, its Identities and its Conversations, what they are
// together is found by reading, and without the record they are two again.
type Merge struct {
	ID         MergeID
	Controller ControllerID
	Contact    ContactID // who is the same person as
	Into       ContactID // this one
	At         time.Time
	By         AgentID
}
