// Package whatsapp is the wire of the WhatsApp Business Platform (Cloud API):
// webhook signatures, webhook bodies, Meta's error codes, and the one call
// that sends a message, directly at Meta or through 360dialog.
//
// It promises that every message, status and notice of a webhook body comes
// out as one Item, in the order of the body, whatever else in the body is
// unknown or broken; that no text it decodes holds U+0000 or invalid UTF-8;
// and that a failed send tells whether the request can have reached the
// provider. It refuses to guess: an unknown kind stays KindUnsupported with
// Meta's word beside it, an absurd time is marked and not repaired, and
// nothing is ever sent twice.
//
// It does no logging and no storage, reads no clock, and imports nothing of
// ours. Its errors name codes and places in a body, never content, tokens or
// message ids: a wamid holds the phone number of the person in base64.
package whatsapp
