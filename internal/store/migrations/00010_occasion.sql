-- +goose Up
-- A line that is told on an Occasion is shown as the Notice is, and is evidence as well: on which
-- Occasion, and the digest of what was said. Both are empty of the Notice itself.
ALTER TABLE showing ADD COLUMN occasion TEXT NOT NULL DEFAULT '';
ALTER TABLE showing ADD COLUMN line TEXT NOT NULL DEFAULT '';
