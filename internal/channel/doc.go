// Package channel converts between the desk and the wire of a channel, and sends.
//
// It promises pure conversion: a webhook body becomes Arrivals, a Message becomes the
// Provider's request, and nothing is decided here. Sending takes a policy.Permit. The
// wiring alone imports it.
package channel
