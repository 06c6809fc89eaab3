-- Accounts sign in; patients are cared for; an account owns or acts for patients.
CREATE TABLE accounts (
    id UUID PRIMARY KEY NOT NULL,
    email TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    full_name TEXT NOT NULL,
    platform_admin BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX accounts_email ON accounts (email);

CREATE TABLE patients (
    id UUID PRIMARY KEY NOT NULL,
    full_name TEXT NOT NULL,
    search_name TEXT NOT NULL,
    birth_date TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE patient_accounts (
    account_id UUID NOT NULL REFERENCES accounts (id),
    patient_id UUID NOT NULL REFERENCES patients (id),
    relation TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, patient_id)
);
CREATE INDEX patient_accounts_patient ON patient_accounts (patient_id);

-- Web sessions, keyed by the SHA-256 of the cookie's id.
CREATE TABLE sessions (
    id_hash BYTEA PRIMARY KEY NOT NULL CHECK (octet_length(id_hash) = 32),
    account_id UUID REFERENCES accounts (id),
    data TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_expires ON sessions (expires_at);

-- Bearer tokens, keyed by the SHA-256 of the token.
CREATE TABLE access_tokens (
    token_hash BYTEA PRIMARY KEY NOT NULL CHECK (octet_length(token_hash) = 32),
    account_id UUID NOT NULL REFERENCES accounts (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX access_tokens_account ON access_tokens (account_id);
CREATE INDEX access_tokens_expires ON access_tokens (expires_at);

-- Requests that were done under an Idempotency-Key, written in the transaction of their effect.
CREATE TABLE idempotency_keys (
    account_id UUID NOT NULL REFERENCES accounts (id),
    operation TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    request_hash BYTEA NOT NULL,
    resource_id UUID NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, operation, idempotency_key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);
