-- +goose Up
-- Whoever holds a digest is found by the digest first. The other way round a server
-- without statistics reads all that a controller has, because it takes that for little.
CREATE UNIQUE INDEX identity_holder ON identity (digest, controller_id) WHERE valid_until IS NULL;
DROP INDEX identity_digest;
