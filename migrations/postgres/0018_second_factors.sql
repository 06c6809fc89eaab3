-- The second factor of an account. The seed is sealed with the house's key, which is not in the database.
CREATE TABLE second_factors (
    account_id UUID PRIMARY KEY NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    seed BYTEA NOT NULL,
    begun_at BIGINT NOT NULL,
    confirmed_at BIGINT,
    last_step BIGINT NOT NULL DEFAULT 0,
    codes_id UUID,
    codes_at BIGINT
);

-- Recovery codes, by an HMAC of each. One that was used is gone.
CREATE TABLE recovery_codes (
    account_id UUID NOT NULL REFERENCES second_factors (account_id) ON DELETE CASCADE,
    code_hash BYTEA NOT NULL CHECK (octet_length(code_hash) = 32),
    PRIMARY KEY (account_id, code_hash)
);

SELECT close_table('second_factors');
SELECT close_table('recovery_codes');
GRANT SELECT, INSERT, UPDATE, DELETE ON second_factors, recovery_codes TO caresync_app;
CREATE POLICY wall ON second_factors AS RESTRICTIVE TO caresync_app
    USING (account_id = ANY ((SELECT caller_ids('account'))::UUID[]))
    WITH CHECK (account_id = ANY ((SELECT caller_ids('account'))::UUID[]));
CREATE POLICY wall ON recovery_codes AS RESTRICTIVE TO caresync_app
    USING (account_id = ANY ((SELECT caller_ids('account'))::UUID[]))
    WITH CHECK (account_id = ANY ((SELECT caller_ids('account'))::UUID[]));
