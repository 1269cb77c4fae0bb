package vault

import (
	"context"
	"database/sql"
	"math"
	"time"

	"botschaft/internal/desk"
)

// Day gives the day of now: days since 1970-01-01 UTC.
func (v *Vault) Day(now time.Time) int64 {
	return int64(math.Floor(float64(now.Unix()) / (24 * 60 * 60)))
}

// EnsureDay makes the key of a day, once, however many nodes try. ErrKeyGone if
// the day's key was destroyed: it does not come back.
func (v *Vault) EnsureDay(ctx context.Context, day int64) error {
	if day < 0 {
		return desk.Invalid("day", "is before 1970; check the clock")
	}
	o := DayOwner(day)
	if v.cache.get(o, v.now()) != nil {
		return nil
	}
	if err := v.addRooted(ctx, o); err != nil {
		return err
	}
	_, err := v.key(ctx, o)
	return err
}

// Days lists the days that have a key, the oldest first.
func (v *Vault) Days(ctx context.Context) ([]int64, error) {
	var out []int64
	first, last := DayOwner(0), DayOwner(math.MaxInt64)
	err := v.db.query(ctx, func(r *sql.Rows) error {
		var id []byte
		if err := r.Scan(&id); err != nil {
			return unavailable(err)
		}
		o, err := scanOwner(int64(kindDay), id)
		out = append(out, o.day())
		return err
	}, `SELECT id FROM vault_key k WHERE kind = 4 AND id >= $1 AND id <= $2 AND NOT EXISTS
		(SELECT 1 FROM vault_tombstone t WHERE t.id = k.id AND t.kind = k.kind) ORDER BY id`, first.id[:], last.id[:])
	return out, err
}

// DestroyDay destroys the key of a day, and with it every Delivery received that
// day, in backups too. Repeating it changes nothing.
func (v *Vault) DestroyDay(ctx context.Context, day int64) error {
	o := DayOwner(day)
	defer v.cache.drop(o)
	err := v.db.change(ctx, func(tx *sql.Tx) error { return v.bury(ctx, tx, []Owner{o}) })
	if err != nil {
		return err
	}
	return v.db.forget(ctx)
}
