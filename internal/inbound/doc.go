// Package inbound turns Deliveries into Contacts, Conversations, Messages and
// statuses.
//
// It promises that an item counts once however often it is delivered, that thread
// order does not depend on the order of arrival, that a status only climbs, and that
// one bad item is set aside alone and holds up nothing. Acts of Actors are audited;
// arrival is not, the Delivery is its evidence.
package inbound
