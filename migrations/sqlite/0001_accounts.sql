-- Accounts sign in; patients are cared for; an account owns or acts for patients.
CREATE TABLE accounts (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    email TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    full_name TEXT NOT NULL,
    platform_admin INTEGER NOT NULL DEFAULT 0 CHECK (platform_admin IN (0, 1)),
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX accounts_email ON accounts (email);

CREATE TABLE patients (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    full_name TEXT NOT NULL,
    search_name TEXT NOT NULL,
    birth_date TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE patient_accounts (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    patient_id BLOB NOT NULL REFERENCES patients (id),
    relation TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, patient_id)
) STRICT;
CREATE INDEX patient_accounts_patient ON patient_accounts (patient_id);

-- Web sessions, keyed by the SHA-256 of the cookie's id.
CREATE TABLE sessions (
    id_hash BLOB PRIMARY KEY NOT NULL CHECK (length(id_hash) = 32),
    account_id BLOB REFERENCES accounts (id),
    data TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_expires ON sessions (expires_at);

-- Bearer tokens, keyed by the SHA-256 of the token.
CREATE TABLE access_tokens (
    token_hash BLOB PRIMARY KEY NOT NULL CHECK (length(token_hash) = 32),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX access_tokens_account ON access_tokens (account_id);
CREATE INDEX access_tokens_expires ON access_tokens (expires_at);

-- Requests that were done under an Idempotency-Key, written in the transaction of their effect.
CREATE TABLE idempotency_keys (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    operation TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    request_hash BLOB NOT NULL,
    resource_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, operation, idempotency_key)
) STRICT;
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);
