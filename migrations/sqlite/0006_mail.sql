-- Several accounts may claim an address; the one that has confirmed it is the only one of its kind.
ALTER TABLE accounts ADD COLUMN verified_at INTEGER;
UPDATE accounts SET verified_at = created_at;
DROP INDEX accounts_email;
CREATE UNIQUE INDEX accounts_email ON accounts (email) WHERE verified_at IS NOT NULL;
CREATE INDEX accounts_claimed ON accounts (email, created_at);
CREATE INDEX accounts_unverified ON accounts (created_at) WHERE verified_at IS NULL;

-- Mails on their way, written in the transaction of their cause. They hold no secret: a link's is made when the mail is sent.
CREATE TABLE outbox (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    topic TEXT NOT NULL,
    recipient TEXT NOT NULL,
    payload TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    done_at INTEGER,
    dead_at INTEGER,
    problem TEXT
) STRICT;
CREATE INDEX outbox_due ON outbox (due_at) WHERE done_at IS NULL AND dead_at IS NULL;
CREATE INDEX outbox_recent ON outbox (recipient, topic, created_at);
CREATE INDEX outbox_ended ON outbox (created_at) WHERE done_at IS NOT NULL OR dead_at IS NOT NULL;

-- Links of mails, keyed by the SHA-256 of their secret. One that was used is gone.
CREATE TABLE mail_links (
    token_hash BLOB PRIMARY KEY NOT NULL CHECK (length(token_hash) = 32),
    purpose TEXT NOT NULL CHECK (purpose IN ('confirm', 'change', 'reset', 'undo')),
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    next_path TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX mail_links_account ON mail_links (account_id, purpose);
CREATE INDEX mail_links_expires ON mail_links (expires_at);

-- Which keys have peppered passwords here, by their fingerprints: a node with another key must not start.
CREATE TABLE pepper_keys (
    fingerprint TEXT PRIMARY KEY NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
