package store

import (
	"context"
	"fmt"
	"strings"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

var jobRows = newInsert("job", "",
	column[desk.Job]{"id", "bytea", func(j *desk.Job) any { return j.ID }},
	column[desk.Job]{"lane", "text", func(j *desk.Job) any { return j.Lane }},
	column[desk.Job]{"ordinal", "bigint", func(j *desk.Job) any { return j.Ordinal }},
	column[desk.Job]{"ref", "bytea", func(j *desk.Job) any { return j.Ref[:] }},
	column[desk.Job]{"due_at", "bigint", func(j *desk.Job) any { return desk.AsMillis(j.DueAt) }},
	column[desk.Job]{"attempts", "bigint", func(j *desk.Job) any { return int64(j.Attempts) }},
)

// AddJobs writes Jobs; the caller raises their lanes.
func (tx *Tx) AddJobs(ctx context.Context, jobs []desk.Job) error {
	return jobRows.write(ctx, tx, jobs)
}

var laneRows = newInsert("lane", "ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at WHERE lane.due_at IS NULL OR lane.due_at > excluded.due_at",
	column[rows.RaiseLaneParams]{"name", "text", func(l *rows.RaiseLaneParams) any { return l.Name }},
	column[rows.RaiseLaneParams]{"kind", "text", func(l *rows.RaiseLaneParams) any { return l.Kind }},
	column[rows.RaiseLaneParams]{"due_at", "bigint", func(l *rows.RaiseLaneParams) any { return l.DueAt }},
	column[rows.RaiseLaneParams]{"holder", "text", func(*rows.RaiseLaneParams) any { return "" }},
	column[rows.RaiseLaneParams]{"token", "bigint", func(*rows.RaiseLaneParams) any { return int64(0) }},
	column[rows.RaiseLaneParams]{"until", "bigint", func(*rows.RaiseLaneParams) any { return int64(0) }},
)

// RaiseLanes is RaiseLane for many, each named once.
func (tx *Tx) RaiseLanes(ctx context.Context, lanes []rows.RaiseLaneParams) error {
	return laneRows.write(ctx, tx, lanes)
}

// DropJobs removes finished Jobs.
func (tx *Tx) DropJobs(ctx context.Context, ids []desk.JobID) error {
	for len(ids) > 0 {
		part := ids[:min(len(ids), maxSet)]
		ids = ids[len(part):]
		size := 1
		for size < len(part) {
			size *= 2
		}
		args, marks := make([]any, size), make([]string, size)
		for i := range size {
			args[i] = part[min(i, len(part)-1)]
			marks[i] = fmt.Sprintf("$%d", i+1)
		}
		if err := tx.exec(ctx, "DELETE FROM job WHERE id IN ("+strings.Join(marks, ", ")+")", args...); err != nil {
			return err
		}
	}
	return nil
}

// JobOf reads a row.
func JobOf(r rows.Job) desk.Job {
	j := desk.Job{ID: r.ID, Lane: r.Lane, Ordinal: r.Ordinal, DueAt: r.DueAt.Time, Attempts: int(r.Attempts)}
	copy(j.Ref[:], r.Ref)
	return j
}
