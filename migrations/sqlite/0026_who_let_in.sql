-- Who has let a member in last, by an invitation or by ending a suspension, and when: for those who look after a hospital's members.
ALTER TABLE memberships ADD COLUMN let_in_by BLOB REFERENCES accounts (id);
ALTER TABLE memberships ADD COLUMN let_in_at INTEGER;
UPDATE memberships SET (let_in_by, let_in_at) =
    (SELECT i.created_by, i.created_at FROM invitations i JOIN accounts a ON a.email = i.email
     WHERE a.id = memberships.account_id AND i.hospital_id = memberships.hospital_id AND i.accepted_at IS NOT NULL
       -- Of several it is not known which was used.
       AND NOT EXISTS (SELECT 1 FROM invitations o WHERE o.hospital_id = i.hospital_id AND o.email = i.email
                          AND o.accepted_at IS NOT NULL AND o.id <> i.id));

-- Who changed last what somebody may do, and who could change it until she left: an account that is taken back gets it again.
ALTER TABLE patient_accounts ADD COLUMN changed_by BLOB REFERENCES accounts (id);
ALTER TABLE patient_accounts ADD COLUMN handed_from BLOB REFERENCES accounts (id);
ALTER TABLE patient_accounts ADD COLUMN handed_at INTEGER;
UPDATE patient_accounts SET changed_by = granted_by WHERE changed_at IS NOT NULL;
