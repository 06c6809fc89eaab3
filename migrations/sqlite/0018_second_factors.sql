-- The second factor of an account. The seed is sealed with the house's key, which is not in the database.
CREATE TABLE second_factors (
    account_id BLOB PRIMARY KEY NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    seed BLOB NOT NULL,
    begun_at INTEGER NOT NULL,
    confirmed_at INTEGER,
    last_step INTEGER NOT NULL DEFAULT 0,
    codes_id BLOB,
    codes_at INTEGER
) STRICT;

-- Recovery codes, by an HMAC of each. One that was used is gone.
CREATE TABLE recovery_codes (
    account_id BLOB NOT NULL REFERENCES second_factors (account_id) ON DELETE CASCADE,
    code_hash BLOB NOT NULL CHECK (length(code_hash) = 32),
    PRIMARY KEY (account_id, code_hash)
) STRICT;
