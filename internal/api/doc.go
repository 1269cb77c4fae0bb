// Package api is the JSON API and the event stream, for the agents' app and for
// programs of the house.
//
// It promises that every operation names the right it needs, that who asks is known
// before the input is read, that errors are problem+json which never repeats what was
// sent, and that the OpenAPI document is made from the very types that answer. It is
// where sealed content becomes readable, for an Agent who may see it.
package api
