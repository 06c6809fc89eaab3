-- A link that was used or withdrawn stays for a while as one that has ended: its letter may be sent a second time, with the same link.
ALTER TABLE mail_links ADD COLUMN ended_at INTEGER;
