-- All states of a visit's life, and the late cancellation as a fact of its own.
ALTER TABLE appointments ADD COLUMN cancelled_late BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE appointments
    DROP CONSTRAINT appointments_status_check,
    DROP CONSTRAINT appointments_check2,
    ADD CONSTRAINT appointments_status_check CHECK (status IN
        ('held', 'pending-payment', 'booked', 'confirmed', 'arrived', 'checked-in', 'in-progress', 'completed', 'cancelled',
         'no-show', 'left-unseen', 'expired', 'entered-in-error')),
    ADD CONSTRAINT appointments_occupies CHECK (occupies = (status NOT IN ('cancelled', 'expired', 'entered-in-error'))),
    ADD CONSTRAINT appointments_late CHECK (NOT cancelled_late OR cancelled_by = 'patient');
