// Package hook is the door that webhooks come in by.
//
// It promises that a body is answered with 200 only after it was committed, sealed,
// and that whoever cannot prove to be the Provider is turned away before the body is
// read. It understands nothing of what it stores: a malformed body with a valid
// signature is kept too, or the Provider would send it again for days. What it keeps of
// nobody is what coexistence with the WhatsApp Business app would copy here: chats of before and
// the address book of a telephone, and what is written there unless the Inbox takes it in.
package hook
