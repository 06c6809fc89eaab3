-- Whether the staff of a hospital must have a second factor. An update locks nobody out: hospitals that were there before go on as
-- they were, until their administrators decide; new ones ask for it.
ALTER TABLE hospitals ADD COLUMN staff_second_factor BOOLEAN NOT NULL DEFAULT TRUE;
UPDATE hospitals SET staff_second_factor = FALSE;

-- When somebody was last seen in a browser: a session that nobody uses ends.
ALTER TABLE sessions ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;
UPDATE sessions SET seen_at = created_at;

-- When the owner of a program's sign-in last gave her password or a code.
ALTER TABLE token_families ADD COLUMN proven_at BIGINT NOT NULL DEFAULT 0;
UPDATE token_families SET proven_at = created_at;
