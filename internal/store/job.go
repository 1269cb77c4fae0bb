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
