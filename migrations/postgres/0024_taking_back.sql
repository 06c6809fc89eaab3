-- Which of two links that take an account back is older is a matter of their causes, and not of when their letters arrived.
ALTER TABLE mail_links ADD COLUMN caused_at BIGINT NOT NULL DEFAULT 0;
UPDATE mail_links SET caused_at = expires_at - 72 * 60 * 60 * 1000 WHERE purpose = 'undo';

-- What somebody may do can have been raised since it was given; and who ended it decides whether it comes back with the account.
ALTER TABLE patient_accounts ADD COLUMN changed_at BIGINT;
ALTER TABLE patient_accounts ADD COLUMN ended_by UUID REFERENCES accounts (id);
