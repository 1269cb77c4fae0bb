// Package outbound is THE GATE: the one way out of the house.
//
// It promises that every Message, whoever wrote it, is decided upon by package policy
// when it is composed and again at the moment of sending; that it is sent at most
// once unless a person asks for more; and that what cannot be known is shown as in
// doubt and never repeated by itself. Nothing else can call a channel: sending takes
// a policy.Permit, and only policy makes one.
package outbound
