-- Each new password begins an epoch: a sign-in that checked the password before begins no session after it.
ALTER TABLE accounts ADD COLUMN session_epoch INTEGER NOT NULL DEFAULT 0;
