-- Tokens of the API: a signed one of ten minutes, and a chain of refresh tokens per sign-in.
DROP TABLE access_tokens;

-- Public halves of the keys that nodes sign with; the private halves live in the nodes' memory alone.
CREATE TABLE token_keys (
    kid TEXT PRIMARY KEY NOT NULL,
    public_key BLOB NOT NULL CHECK (length(public_key) = 32),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX token_keys_expires ON token_keys (expires_at);

-- A program's sign-in: everything that descends from one password.
CREATE TABLE token_families (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    device TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER,
    ended_why TEXT CHECK (ended_why IN ('signed_out', 'ended', 'reuse'))
) STRICT;
CREATE INDEX token_families_account ON token_families (account_id);
CREATE INDEX token_families_ended ON token_families (ended_at);
CREATE INDEX token_families_expires ON token_families (expires_at);

-- Keyed by the SHA-256 of the token. `access_id` is the `jti` of the access token of the same pair.
CREATE TABLE refresh_tokens (
    token_hash BLOB PRIMARY KEY NOT NULL CHECK (length(token_hash) = 32),
    family_id BLOB NOT NULL REFERENCES token_families (id) ON DELETE CASCADE,
    parent_hash BLOB CHECK (length(parent_hash) = 32),
    access_id BLOB NOT NULL CHECK (length(access_id) = 16),
    state TEXT NOT NULL CHECK (state IN ('active', 'consumed', 'orphaned')),
    access_seen INTEGER NOT NULL DEFAULT 0 CHECK (access_seen IN (0, 1)),
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX refresh_tokens_access ON refresh_tokens (access_id);
CREATE INDEX refresh_tokens_family ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_parent ON refresh_tokens (parent_hash);
CREATE INDEX refresh_tokens_orphaned ON refresh_tokens (state, changed_at);
