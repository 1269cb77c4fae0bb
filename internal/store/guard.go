package store

import (
	"context"

	lite "botschaft/internal/sqlite"
)

// Guard demands of every commit that check is nil before anybody is told of it: else what
// is told as kept might be nowhere, or its key might be. Call it before the Store is used.
func (s *Store) Guard(check func() error) { s.guards = append(s.guards, check) }

// guard asks everybody who must agree to a commit.
func (s *Store) guard() error {
	for _, check := range s.guards {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// guarded commits and looks before anybody is told. Whoever is refused then must ask anew:
// what was committed may be found again or not. After a failure nothing is committed until
// a look is well again.
func (s *Store) guarded(commit func() error) error {
	if s.failing.Load() {
		if err := s.guard(); err != nil {
			return err
		}
	}
	if err := commit(); err != nil {
		return unavailable(err)
	}
	err := s.guard()
	s.failing.Store(err != nil)
	return err
}

// Missing is desk.CodeUnavailable if a file of the database is not what was opened; nil on
// PostgreSQL, whose files are nobody's business here.
func (s *Store) Missing() error { return s.files.Missing() }

// CopyTo writes a whole copy of a SQLite database to a file that is not there yet, also
// when its own were removed. Nothing is flushed to the disk.
func (s *Store) CopyTo(ctx context.Context, path string) error {
	return unavailable(lite.CopyTo(ctx, s.writeDB, path))
}
