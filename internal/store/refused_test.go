package store_test

import (
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/storetest"
)

// A statement that holds a row twice fails each time, where it fails at all: whoever repeats it
// waits for ever, so that it counts as refused and not as a database that is gone.
func TestARowTwiceIsRefused(t *testing.T) {
	storetest.Each(t, nil, func(t *testing.T, s *store.Store) {
		k := desk.IdentityKey{Contact: desk.NewID[desk.Contact](), Inbox: desk.NewID[desk.Inbox](), Digest: []byte("d"), At: s.Now()}
		err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.SetIdentityKeys(t.Context(), []desk.IdentityKey{k, k}) })
		if s.IsSQLite() != (err == nil) || err != nil && !store.IsRefused(err) {
			t.Errorf("got %v", err)
		}
	})
}
