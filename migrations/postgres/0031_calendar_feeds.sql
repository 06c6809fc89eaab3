-- The private address of an account's calendar: one at most, kept as the SHA-256 of its secret. A new one takes the place of the old.
CREATE TABLE calendar_feeds (
    account_id UUID PRIMARY KEY NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    token_hash BYTEA NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    detail TEXT NOT NULL CHECK (detail IN ('busy', 'visit', 'full')),
    made_at BIGINT NOT NULL,
    read_at BIGINT
);

SELECT close_table('calendar_feeds');
GRANT SELECT, INSERT, UPDATE, DELETE ON calendar_feeds TO caresync_app;
CREATE POLICY wall ON calendar_feeds AS RESTRICTIVE TO caresync_app
    USING (account_id = ANY ((SELECT caller_ids('account'))::UUID[]))
    WITH CHECK (account_id = ANY ((SELECT caller_ids('account'))::UUID[]));
