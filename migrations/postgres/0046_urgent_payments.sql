-- Which payments are looked at first: 0, somebody has told of it; 1, its end is still to come; 2, it is over.
ALTER TABLE payments ADD COLUMN urgency BIGINT NOT NULL DEFAULT 1 CHECK (urgency BETWEEN 0 AND 2);
DROP INDEX payments_look;
CREATE INDEX payments_look ON payments (urgency, look_at) WHERE look_at IS NOT NULL;
-- How many an account has begun lately.
CREATE INDEX payments_begun ON payments (created_by, created_at) WHERE provider <> 'desk';
UPDATE payments SET urgency = 2 WHERE state IN ('voided', 'lost', 'closed');
