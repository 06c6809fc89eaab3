-- Tries of the last hour to open a record in an emergency, those that have found nobody included.
CREATE TABLE emergency_tries (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX emergency_tries_account ON emergency_tries (account_id, at);
