package backup

import (
	"context"
	"errors"

	"botschaft/internal/archive"
	"botschaft/internal/blob"
)

// fileTable is what sealed files stand under in an archive of the data, part by part.
const fileTable = "blob"

// withFiles adds the sealed files to what an archive holds. They come behind the tables: every
// file that those know of was whole before they did.
func withFiles(s source, files *blob.Store) source {
	if files == nil {
		return s
	}
	count, read, at := s.count, s.read, len(s.tables)
	s.tables = append(s.tables, fileTable)
	s.count = func(ctx context.Context, i int) (int64, error) {
		if i == at {
			return files.CountParts()
		}
		return count(ctx, i)
	}
	s.read = func(ctx context.Context, i int, begin func([]string) error, row func([]any) error) error {
		if i != at {
			return read(ctx, i, begin, row)
		}
		if err := begin([]string{"id", "n", "bytes"}); err != nil {
			return err
		}
		return files.Copy(func(id blob.ID, n int64, b []byte) error { return row([]any{id[:], n, b}) })
	}
	return s
}

// fillFiles brings sealed files back; without a place for them they are read and left out.
func fillFiles(files *blob.Store, next func() ([]any, error)) error {
	if files == nil {
		for {
			if _, err := next(); err != nil {
				return unlessEnd(err)
			}
		}
	}
	to := files.Fill()
	for {
		values, err := next()
		if err != nil {
			return errors.Join(unlessEnd(err), to.Close())
		}
		if len(values) != 3 {
			return errors.Join(archive.ErrDamaged, to.Close())
		}
		id, isID := values[0].([]byte)
		n, isNumber := values[1].(int64)
		b, isBytes := values[2].([]byte)
		if !isID || len(id) != len(blob.ID{}) || !isNumber || !isBytes {
			return errors.Join(archive.ErrDamaged, to.Close())
		}
		if err := to.Add(blob.ID(id), n, b); err != nil {
			return errors.Join(err, to.Close())
		}
	}
}
