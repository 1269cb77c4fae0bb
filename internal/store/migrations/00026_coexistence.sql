-- +goose Up
-- Which Inboxes take in what is written in the WhatsApp Business app on the same number: since
-- when, by whom and why. No row: nothing of it is kept.
CREATE TABLE coexistence (
    inbox_id BYTEA NOT NULL PRIMARY KEY REFERENCES inbox (id),
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL
);
