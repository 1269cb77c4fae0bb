// Package files has what Contacts send beside words: it fetches each file from the Provider,
// keeps it sealed, and shows it to who may read the Conversation.
//
// It promises that no text waits for a file, because each is a Job of its own; that a file is
// fetched as soon as it is announced and tried until the Provider has it no more; that what is
// kept is what was announced, by its checksum; and that a file of any length passes through
// little memory. Every reading asks anew who reads: there are no links that open a file by
// themselves.
//
// It believes nothing of what the sender said: what a file is, is what stands in it. Pictures,
// recordings and films may be shown by a browser; all else is handed out to be kept. It does
// not look for malware, and says so.
package files
