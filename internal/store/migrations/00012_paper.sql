-- +goose Up
-- The signed form behind a consent on paper.
CREATE TABLE paper (
    entry_id BYTEA NOT NULL PRIMARY KEY REFERENCES ledger (id),
    contact_id BYTEA NOT NULL REFERENCES contact (id),
    type TEXT NOT NULL,
    form BYTEA NOT NULL
);
