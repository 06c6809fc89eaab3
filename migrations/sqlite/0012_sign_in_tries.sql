-- Tries to sign in that were wrong, by whom they were made for and where: from any browser, or from one that is known.
-- The key is an HMAC, so that nobody reads here which addresses were tried.
CREATE TABLE sign_in_tries (
    bucket BLOB PRIMARY KEY NOT NULL CHECK (length(bucket) = 32),
    failures INTEGER NOT NULL,
    open_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_in_tries_last ON sign_in_tries (last_at);
