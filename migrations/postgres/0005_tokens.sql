-- Tokens of the API: a signed one of ten minutes, and a chain of refresh tokens per sign-in.
DROP TABLE access_tokens;

-- Public halves of the keys that nodes sign with; the private halves live in the nodes' memory alone.
CREATE TABLE token_keys (
    kid TEXT PRIMARY KEY NOT NULL,
    public_key BYTEA NOT NULL CHECK (octet_length(public_key) = 32),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX token_keys_expires ON token_keys (expires_at);

-- A program's sign-in: everything that descends from one password.
CREATE TABLE token_families (
    id UUID PRIMARY KEY NOT NULL,
    account_id UUID NOT NULL REFERENCES accounts (id),
    device TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    ended_why TEXT CHECK (ended_why IN ('signed_out', 'ended', 'reuse'))
);
CREATE INDEX token_families_account ON token_families (account_id);
CREATE INDEX token_families_ended ON token_families (ended_at);
CREATE INDEX token_families_expires ON token_families (expires_at);

-- Keyed by the SHA-256 of the token. `access_id` is the `jti` of the access token of the same pair.
CREATE TABLE refresh_tokens (
    token_hash BYTEA PRIMARY KEY NOT NULL CHECK (octet_length(token_hash) = 32),
    family_id UUID NOT NULL REFERENCES token_families (id) ON DELETE CASCADE,
    parent_hash BYTEA CHECK (octet_length(parent_hash) = 32),
    access_id UUID NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'consumed', 'orphaned')),
    access_seen BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX refresh_tokens_access ON refresh_tokens (access_id);
CREATE INDEX refresh_tokens_family ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_parent ON refresh_tokens (parent_hash);
CREATE INDEX refresh_tokens_orphaned ON refresh_tokens (state, changed_at);
