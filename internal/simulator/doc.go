// Package simulator is a WhatsApp Cloud API in one process, with phones to
// type on.
//
// It is an independent reading of Meta's documentation: it imports nothing of
// ours, so that a misreading in our client or parser meets a second opinion
// instead of its own mirror. It is deliberately strict: whatever Meta documents
// as an error is an error here, with Meta's code and HTTP status.
//
// Three faces share one state:
//
//   - the Graph API below /v20.0 and later, for the product under test;
//   - signed webhooks to the product, batched, repeated, shuffled on request;
//   - /sim/… for tests and for the page at /, which shows the phones.
//
// Pages of Meta's documentation are named by their path below
// developers.facebook.com/documentation/business-messaging/whatsapp.
package simulator
