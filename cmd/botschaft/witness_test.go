package main_test

import "botschaft/internal/storetest"

// sideNumber is the number of a second Inbox of the same app.
const sideNumber = "100000000000009"

// openSideDoor adds an Inbox of the same app: what people write to the first may come in by
// this one's webhook as well. Call it before the house starts.
func (w *world) openSideDoor() {
	w.t.Helper()
	_, w.side = w.house.inbox(sideNumber, nowhere)
}

// watchLanes sees in the database itself when a node commits what it did for a lane that it
// had lost. Nothing of that shows outside: the key of the wamid and the status a Message
// must have would hold, too.
func (a *arena) watchLanes() {
	a.t.Helper()
	for _, statement := range []string{
		"CREATE SCHEMA witness",
		"CREATE TABLE witness.stolen (at TIMESTAMPTZ NOT NULL DEFAULT now())",
		`CREATE FUNCTION witness.watch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
			IF current_query() LIKE '%FenceLane%' AND NOT EXISTS (SELECT FROM held) THEN
				INSERT INTO witness.stolen DEFAULT VALUES; -- undone with the transaction, if the fence holds
			END IF;
			RETURN NULL;
		END $$`,
		"CREATE TRIGGER watch AFTER UPDATE ON lane REFERENCING NEW TABLE AS held FOR EACH STATEMENT EXECUTE FUNCTION witness.watch()",
	} {
		storetest.Execute(a.t, a.lanes.url, statement)
	}
	a.stolen = func() int { return a.lanes.number("SELECT COUNT(*) FROM witness.stolen") }
}

// lock lets nobody read or write a table until it is released.
func (l lanes) lock(table string) (release func()) {
	l.t.Helper()
	db := storetest.Beside(l.t, l.url)
	tx, err := db.BeginTx(l.t.Context(), nil)
	must(l.t, err)
	_, err = tx.ExecContext(l.t.Context(), "LOCK TABLE "+table+" IN ACCESS EXCLUSIVE MODE")
	must(l.t, err)
	return func() {
		_ = tx.Rollback() // the test may be over
		_ = db.Close()
	}
}
