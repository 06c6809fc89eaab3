-- Passkeys of an account: the public half of each, with what the next use is compared with.
CREATE TABLE passkeys (
    id BLOB PRIMARY KEY NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    credential_id BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL,
    public_key TEXT NOT NULL,
    counter INTEGER NOT NULL,
    backed_up INTEGER NOT NULL,
    added_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;

CREATE INDEX passkeys_account ON passkeys (account_id, id);

-- Challenges that are not answered yet: of an account that adds a passkey, or of whoever signs in, whom nobody knows so far.
CREATE TABLE passkey_challenges (
    id BLOB PRIMARY KEY NOT NULL,
    account_id BLOB UNIQUE REFERENCES accounts (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    options TEXT NOT NULL,
    begun_at INTEGER NOT NULL
) STRICT;

CREATE INDEX passkey_challenges_begun ON passkey_challenges (begun_at);

-- Which passkey a program signed in with. No reference: a sign-in whose passkey is gone names one that nobody finds.
ALTER TABLE token_families ADD COLUMN passkey_id BLOB;
