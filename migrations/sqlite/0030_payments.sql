-- What visits cost, what was paid, and where the money went.
ALTER TABLE visit_types ADD COLUMN prepaid INTEGER NOT NULL DEFAULT 0 CHECK (prepaid IN (0, 1));
ALTER TABLE hospitals ADD COLUMN refund_full_hours INTEGER NOT NULL DEFAULT 24 CHECK (refund_full_hours BETWEEN 0 AND 720);
ALTER TABLE hospitals ADD COLUMN refund_late_percent INTEGER NOT NULL DEFAULT 0 CHECK (refund_late_percent BETWEEN 0 AND 100);

-- `receipt` is how the provider knows it; `order_id` and `provider_payment` are how it names its own. A payment that somebody works on
-- is leased, so that no two nodes send money back for one reason; `look_at` is when to ask the provider next.
CREATE TABLE payments (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    hospital_id BLOB NOT NULL REFERENCES hospitals (id),
    patient_id BLOB NOT NULL REFERENCES patients (id),
    appointment_id BLOB NOT NULL REFERENCES appointments (id),
    provider TEXT NOT NULL,
    method TEXT NOT NULL CHECK (method IN ('online', 'cash', 'card_machine')),
    state TEXT NOT NULL CHECK (state IN ('open', 'capturing', 'captured', 'undoing', 'voided', 'lost', 'closed')),
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    currency TEXT NOT NULL,
    captured_minor INTEGER NOT NULL DEFAULT 0 CHECK (captured_minor >= 0),
    order_id TEXT,
    provider_payment TEXT,
    receipt_number INTEGER,
    version INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES accounts (id),
    captured_at INTEGER,
    look_at INTEGER,
    looks INTEGER NOT NULL DEFAULT 0,
    leased_until INTEGER NOT NULL DEFAULT 0,
    CHECK ((state = 'captured') = (captured_minor > 0)),
    CHECK ((captured_minor > 0) = (captured_at IS NOT NULL)),
    CHECK ((provider = 'desk') = (method <> 'online'))
) STRICT;
CREATE UNIQUE INDEX payments_online ON payments (appointment_id) WHERE provider <> 'desk';
CREATE UNIQUE INDEX payments_order ON payments (provider, order_id) WHERE order_id IS NOT NULL;
CREATE UNIQUE INDEX payments_provider_payment ON payments (provider, provider_payment) WHERE provider_payment IS NOT NULL;
CREATE UNIQUE INDEX payments_receipt ON payments (hospital_id, receipt_number) WHERE receipt_number IS NOT NULL;
CREATE INDEX payments_appointment ON payments (appointment_id);
CREATE INDEX payments_hospital ON payments (hospital_id, created_at, id);
CREATE INDEX payments_look ON payments (look_at) WHERE look_at IS NOT NULL;

-- Every step of a payment, and what caused it; nothing here is ever changed.
CREATE TABLE payment_steps (
    payment_id BLOB NOT NULL REFERENCES payments (id),
    seq INTEGER NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    cause TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (payment_id, seq)
) STRICT;

-- Money that goes back, numbered within its payment: the number is what the provider knows it by, so that it is sent once.
CREATE TABLE refunds (
    payment_id BLOB NOT NULL REFERENCES payments (id),
    number INTEGER NOT NULL,
    hospital_id BLOB NOT NULL REFERENCES hospitals (id),
    patient_id BLOB NOT NULL REFERENCES patients (id),
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    state TEXT NOT NULL CHECK (state IN ('requested', 'sent', 'done', 'failed')),
    reason TEXT,
    provider_refund TEXT,
    created_at INTEGER NOT NULL,
    created_by BLOB REFERENCES accounts (id),
    PRIMARY KEY (payment_id, number)
) STRICT;
CREATE UNIQUE INDEX refunds_provider_refund ON refunds (provider_refund) WHERE provider_refund IS NOT NULL;
CREATE INDEX refunds_open ON refunds (state) WHERE state IN ('requested', 'sent');

-- Double entry: the lines of one posting add up to nothing. `posting` is its key, so that nothing is written twice.
CREATE TABLE ledger_entries (
    posting TEXT NOT NULL,
    account TEXT NOT NULL CHECK (account IN ('provider', 'cash', 'card_machine', 'income', 'suspense')),
    hospital_id BLOB NOT NULL REFERENCES hospitals (id),
    payment_id BLOB NOT NULL REFERENCES payments (id),
    amount_minor INTEGER NOT NULL CHECK (amount_minor <> 0),
    currency TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (posting, account)
) STRICT;
CREATE INDEX ledger_entries_hospital ON ledger_entries (hospital_id, at);
CREATE INDEX ledger_entries_payment ON ledger_entries (payment_id);

-- The last number that a hospital has given to a receipt.
CREATE TABLE receipt_numbers (
    hospital_id BLOB PRIMARY KEY NOT NULL REFERENCES hospitals (id),
    last_number INTEGER NOT NULL
) STRICT;

-- What providers have told, once each.
CREATE TABLE payment_notices (
    provider TEXT NOT NULL,
    event_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    order_id TEXT,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (provider, event_id)
) STRICT;

CREATE TRIGGER payment_steps_keep BEFORE UPDATE ON payment_steps
BEGIN
    SELECT RAISE(ABORT, 'payment_steps_is_append_only');
END;
CREATE TRIGGER payment_steps_stay BEFORE DELETE ON payment_steps
BEGIN
    SELECT RAISE(ABORT, 'payment_steps_is_append_only');
END;
CREATE TRIGGER ledger_entries_keep BEFORE UPDATE ON ledger_entries
BEGIN
    SELECT RAISE(ABORT, 'ledger_entries_is_append_only');
END;
CREATE TRIGGER ledger_entries_stay BEFORE DELETE ON ledger_entries
BEGIN
    SELECT RAISE(ABORT, 'ledger_entries_is_append_only');
END;
-- No more goes back than has come.
CREATE TRIGGER refunds_within_payment BEFORE INSERT ON refunds
BEGIN
    SELECT RAISE(ABORT, 'refunds_within_payment') WHERE NEW.amount_minor
        + (SELECT COALESCE(SUM(amount_minor), 0) FROM refunds WHERE payment_id = NEW.payment_id AND state <> 'failed')
        > (SELECT captured_minor FROM payments WHERE id = NEW.payment_id);
END;
