package store

// Table says what a backup does with a table.
type Table struct {
	Name    string
	LeftOut string // why a backup leaves it out; empty: it is kept
}

// Tables declares every table of the store, each behind those it refers to. One that
// is missing here fails the tests of this package: whether it is needed after a
// disaster must have been decided.
var Tables = []Table{
	{Name: "installation"},
	{Name: "controller"},
	{Name: "register"},
	{Name: "inbox"},
	{Name: "inbox_pause"},
	{Name: "notice"},
	{Name: "agent"},
	{Name: "agent_disabling"},
	{Name: "approval"},
	{Name: "agent_preferences"},
	{Name: "invitation"},
	{Name: "membership"},
	{Name: "inbox_membership"},
	{Name: "token"},
	{Name: "contact"},
	{Name: "contact_restriction"},
	{Name: "objection"},
	{Name: "ledger"},
	{Name: "paper"},
	{Name: "identity"},
	{Name: "conversation"},
	{Name: "message"},
	{Name: "task"},
	{Name: "dispatch"},
	{Name: "showing"},
	{Name: "parked_status"},
	{Name: "turn"},
	{Name: "reading"},
	{Name: "draft"},
	{Name: "tally"},
	{Name: "delivery"},
	{Name: "set_aside"},
	{Name: "set_aside_decision"},
	{Name: "lane"},
	{Name: "job"},
	{Name: "audit_entry"},
	{Name: "checkpoint"},
	{Name: "revision"},
	{Name: "counter"},
	{Name: "destination"},
	{Name: "session", LeftOut: "a restore ends every session: who had lost access since the backup must not be let in by it"},
	{Name: "presence", LeftOut: "who looks at what is true for a minute"},
	{Name: "event", LeftOut: "a restore starts a new feed, and clients load anew"},
	{Name: "goose_db_version", LeftOut: "the migrations write it; the archive's header holds the version"},
}
