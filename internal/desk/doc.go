// Package desk holds the nouns of the house: Controller, Inbox, Contact,
// Conversation, Message and the rest of docs/glossary.md, with their typed ids,
// their errors and the events told about them.
//
// It promises to do no I/O and to know no technology. Every other package may
// import it; it imports package private alone.
package desk
