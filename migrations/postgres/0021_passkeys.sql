-- Passkeys of an account: the public half of each, with what the next use is compared with.
CREATE TABLE passkeys (
    id UUID PRIMARY KEY NOT NULL,
    account_id UUID NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    credential_id BYTEA NOT NULL UNIQUE,
    name TEXT NOT NULL,
    public_key TEXT NOT NULL,
    counter BIGINT NOT NULL,
    backed_up BOOLEAN NOT NULL,
    added_at BIGINT NOT NULL,
    used_at BIGINT
);

CREATE INDEX passkeys_account ON passkeys (account_id, id);

-- Challenges that are not answered yet: of an account that adds a passkey, or of whoever signs in, whom nobody knows so far.
CREATE TABLE passkey_challenges (
    id UUID PRIMARY KEY NOT NULL,
    account_id UUID UNIQUE REFERENCES accounts (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    options TEXT NOT NULL,
    begun_at BIGINT NOT NULL
);

CREATE INDEX passkey_challenges_begun ON passkey_challenges (begun_at);

-- Which passkey a program signed in with. No reference: a sign-in whose passkey is gone names one that nobody finds.
ALTER TABLE token_families ADD COLUMN passkey_id UUID;

SELECT close_table('passkeys');
SELECT close_table('passkey_challenges');
GRANT SELECT, INSERT, UPDATE, DELETE ON passkeys, passkey_challenges TO caresync_app;
CREATE POLICY wall ON passkeys AS RESTRICTIVE TO caresync_app
    USING (account_id = ANY ((SELECT caller_ids('account'))::UUID[]))
    WITH CHECK (account_id = ANY ((SELECT caller_ids('account'))::UUID[]));
CREATE POLICY wall ON passkey_challenges AS RESTRICTIVE TO caresync_app
    USING (account_id = ANY ((SELECT caller_ids('account'))::UUID[]))
    WITH CHECK (account_id = ANY ((SELECT caller_ids('account'))::UUID[]));
