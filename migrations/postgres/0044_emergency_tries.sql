-- Tries of the last hour to open a record in an emergency, those that have found nobody included.
CREATE TABLE emergency_tries (
    id UUID PRIMARY KEY NOT NULL,
    account_id UUID NOT NULL REFERENCES accounts (id),
    at BIGINT NOT NULL
);
CREATE INDEX emergency_tries_account ON emergency_tries (account_id, at);

-- The house counts them itself: the app has nothing to do there.
SELECT close_table('emergency_tries');
