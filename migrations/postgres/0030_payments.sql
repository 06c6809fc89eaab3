-- What visits cost, what was paid, and where the money went.
ALTER TABLE visit_types ADD COLUMN prepaid BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE hospitals ADD COLUMN refund_full_hours BIGINT NOT NULL DEFAULT 24 CHECK (refund_full_hours BETWEEN 0 AND 720);
ALTER TABLE hospitals ADD COLUMN refund_late_percent BIGINT NOT NULL DEFAULT 0 CHECK (refund_late_percent BETWEEN 0 AND 100);

-- `receipt` is how the provider knows it; `order_id` and `provider_payment` are how it names its own. A payment that somebody works on
-- is leased, so that no two nodes send money back for one reason; `look_at` is when to ask the provider next.
CREATE TABLE payments (
    id UUID PRIMARY KEY NOT NULL,
    hospital_id UUID NOT NULL REFERENCES hospitals (id),
    patient_id UUID NOT NULL REFERENCES patients (id),
    appointment_id UUID NOT NULL REFERENCES appointments (id),
    provider TEXT NOT NULL,
    method TEXT NOT NULL CHECK (method IN ('online', 'cash', 'card_machine')),
    state TEXT NOT NULL CHECK (state IN ('open', 'capturing', 'captured', 'undoing', 'voided', 'lost', 'closed')),
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    currency TEXT NOT NULL,
    captured_minor BIGINT NOT NULL DEFAULT 0 CHECK (captured_minor >= 0),
    order_id TEXT,
    provider_payment TEXT,
    receipt_number BIGINT,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    created_by UUID NOT NULL REFERENCES accounts (id),
    captured_at BIGINT,
    look_at BIGINT,
    looks BIGINT NOT NULL DEFAULT 0,
    leased_until BIGINT NOT NULL DEFAULT 0,
    CHECK ((state = 'captured') = (captured_minor > 0)),
    CHECK ((captured_minor > 0) = (captured_at IS NOT NULL)),
    CHECK ((provider = 'desk') = (method <> 'online'))
);
CREATE UNIQUE INDEX payments_online ON payments (appointment_id) WHERE provider <> 'desk';
CREATE UNIQUE INDEX payments_order ON payments (provider, order_id) WHERE order_id IS NOT NULL;
CREATE UNIQUE INDEX payments_provider_payment ON payments (provider, provider_payment) WHERE provider_payment IS NOT NULL;
CREATE UNIQUE INDEX payments_receipt ON payments (hospital_id, receipt_number) WHERE receipt_number IS NOT NULL;
CREATE INDEX payments_appointment ON payments (appointment_id);
CREATE INDEX payments_hospital ON payments (hospital_id, created_at, id);
CREATE INDEX payments_look ON payments (look_at) WHERE look_at IS NOT NULL;

-- Every step of a payment, and what caused it; nothing here is ever changed.
CREATE TABLE payment_steps (
    payment_id UUID NOT NULL REFERENCES payments (id),
    seq BIGINT NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    cause TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (payment_id, seq)
);

-- Money that goes back, numbered within its payment: the number is what the provider knows it by, so that it is sent once.
CREATE TABLE refunds (
    payment_id UUID NOT NULL REFERENCES payments (id),
    number BIGINT NOT NULL,
    hospital_id UUID NOT NULL REFERENCES hospitals (id),
    patient_id UUID NOT NULL REFERENCES patients (id),
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    state TEXT NOT NULL CHECK (state IN ('requested', 'sent', 'done', 'failed')),
    reason TEXT,
    provider_refund TEXT,
    created_at BIGINT NOT NULL,
    created_by UUID REFERENCES accounts (id),
    PRIMARY KEY (payment_id, number)
);
CREATE UNIQUE INDEX refunds_provider_refund ON refunds (provider_refund) WHERE provider_refund IS NOT NULL;
CREATE INDEX refunds_open ON refunds (state) WHERE state IN ('requested', 'sent');

-- Double entry: the lines of one posting add up to nothing. `posting` is its key, so that nothing is written twice.
CREATE TABLE ledger_entries (
    posting TEXT NOT NULL,
    account TEXT NOT NULL CHECK (account IN ('provider', 'cash', 'card_machine', 'income', 'suspense')),
    hospital_id UUID NOT NULL REFERENCES hospitals (id),
    payment_id UUID NOT NULL REFERENCES payments (id),
    amount_minor BIGINT NOT NULL CHECK (amount_minor <> 0),
    currency TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (posting, account)
);
CREATE INDEX ledger_entries_hospital ON ledger_entries (hospital_id, at);
CREATE INDEX ledger_entries_payment ON ledger_entries (payment_id);

-- The last number that a hospital has given to a receipt.
CREATE TABLE receipt_numbers (
    hospital_id UUID PRIMARY KEY NOT NULL REFERENCES hospitals (id),
    last_number BIGINT NOT NULL
);

-- What providers have told, once each.
CREATE TABLE payment_notices (
    provider TEXT NOT NULL,
    event_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    order_id TEXT,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (provider, event_id)
);

CREATE FUNCTION money_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%_is_append_only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER payment_steps_keep BEFORE UPDATE OR DELETE ON payment_steps FOR EACH ROW EXECUTE FUNCTION money_only_grows();
CREATE TRIGGER ledger_entries_keep BEFORE UPDATE OR DELETE ON ledger_entries FOR EACH ROW EXECUTE FUNCTION money_only_grows();
-- No more goes back than has come. The lock makes two refunds of one payment come one after the other.
CREATE FUNCTION refunds_within() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE came BIGINT;
BEGIN
    SELECT captured_minor INTO came FROM payments WHERE id = NEW.payment_id FOR NO KEY UPDATE;
    IF NEW.amount_minor + (SELECT COALESCE(SUM(amount_minor), 0) FROM refunds
            WHERE payment_id = NEW.payment_id AND state <> 'failed') > came THEN
        RAISE EXCEPTION 'refunds_within_payment';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refunds_within_payment BEFORE INSERT ON refunds FOR EACH ROW EXECUTE FUNCTION refunds_within();

-- The second wall: a hospital's own and a patient's own, and the house alone where nobody asks.
SELECT close_table('payments');
SELECT close_table('payment_steps');
SELECT close_table('refunds');
SELECT close_table('ledger_entries');
SELECT close_table('receipt_numbers');
SELECT close_table('payment_notices');
GRANT SELECT, INSERT, UPDATE ON payments, refunds, receipt_numbers TO caresync_app;
GRANT SELECT, INSERT ON payment_steps, ledger_entries TO caresync_app;
DO $$
DECLARE named TEXT;
BEGIN
    FOREACH named IN ARRAY ARRAY['payments', 'refunds'] LOOP
        EXECUTE format('CREATE POLICY wall ON %I AS RESTRICTIVE TO caresync_app
            USING (hospital_id = ANY ((SELECT caller_ids(''hospitals''))::UUID[])
                OR patient_id = ANY ((SELECT caller_ids(''patients''))::UUID[]))
            WITH CHECK (hospital_id = ANY ((SELECT caller_ids(''hospitals''))::UUID[])
                OR patient_id = ANY ((SELECT caller_ids(''patients''))::UUID[]))', named);
    END LOOP;
    FOREACH named IN ARRAY ARRAY['payment_steps', 'ledger_entries'] LOOP
        EXECUTE format('CREATE POLICY wall ON %I AS RESTRICTIVE TO caresync_app
            USING (EXISTS (SELECT 1 FROM payments p WHERE p.id = payment_id))
            WITH CHECK (EXISTS (SELECT 1 FROM payments p WHERE p.id = payment_id))', named);
    END LOOP;
END $$;
CREATE POLICY wall ON receipt_numbers AS RESTRICTIVE TO caresync_app
    USING (hospital_id = ANY ((SELECT caller_ids('hospitals'))::UUID[]))
    WITH CHECK (hospital_id = ANY ((SELECT caller_ids('hospitals'))::UUID[]));
