package store

// Up applies a provider's migrations as a starting node does.
var Up = up
