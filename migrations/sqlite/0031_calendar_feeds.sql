-- The private address of an account's calendar: one at most, kept as the SHA-256 of its secret. A new one takes the place of the old.
CREATE TABLE calendar_feeds (
    account_id BLOB PRIMARY KEY NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    detail TEXT NOT NULL CHECK (detail IN ('busy', 'visit', 'full')),
    made_at INTEGER NOT NULL,
    read_at INTEGER
) STRICT;
