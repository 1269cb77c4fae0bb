-- +goose Up
-- Where data went to: a place outside of the house, what for, whose it is, when.
CREATE TABLE destination (
    host TEXT NOT NULL,
    port BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    company TEXT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (host, port, purpose, company)
);
