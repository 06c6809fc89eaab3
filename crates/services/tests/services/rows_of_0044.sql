-- A small house as it stood before step 0045, for `old_rows.rs`: what no code writes any more. `#12#` is the id 12 in the words of either engine.
-- Ann is the patient and owns her record; Bea acts for her, Cleo did once, Dora works at the desk, Eve administers the hospital.
INSERT INTO accounts (id, email, password_hash, full_name, created_at, verified_at) VALUES
    (#1#, 'ann@x.example', '-', 'Ann', 1795000000000, 1795000000000),
    (#2#, 'bea@x.example', '-', 'Bea', 1795000000000, 1795000000000),
    (#3#, 'cleo@x.example', '-', 'Cleo', 1795000000000, 1795000000000),
    (#4#, 'dora@x.example', '-', 'Dora', 1795000000000, 1795000000000),
    (#5#, 'eve@x.example', '-', 'Eve', 1795000000000, 1795000000000);
INSERT INTO hospitals (id, name, address, city, phone, time_zone, currency, about, created_at) VALUES
    (#10#, 'Lindenhof', 'Main Street 1', 'Town', '', 'Europe/Berlin', 'EUR', '', 1795000000000);
INSERT INTO doctors (id, hospital_id, name, search_name, specialties, languages, biography, cadence_minutes, notice_minutes,
        horizon_days, created_at) VALUES
    (#11#, #10#, 'Dr. Ada Vogt', 'dr ada vogt', '["cardiology"]', '["en"]', '', 30, 0, 365, 1795000000000);
INSERT INTO visit_types (id, hospital_id, name, modality, minutes, buffer_before, buffer_after, price_minor, created_at) VALUES
    (#12#, #10#, 'Visit', 'in_person', 30, 0, 0, 5000, 1795000000000);
INSERT INTO patients (id, full_name, search_name, birth_date, created_at) VALUES
    (#13#, 'Ann', 'ann', '1950-05-05', 1795000000000);
INSERT INTO patient_accounts (account_id, patient_id, relation, created_at, given, ended_at) VALUES
    (#1#, #13#, 'self', 1795000000000, 'patient', NULL),
    (#2#, #13#, 'other', 1795000000000, 'patient', NULL),
    (#3#, #13#, 'other', 1795000000000, 'patient', 1795300000000);
INSERT INTO hospital_patients (hospital_id, patient_id, created_at) VALUES (#10#, #13#, 1795000000000);
INSERT INTO ticket_numbers (hospital_id, day, last_number) VALUES (#10#, '2026-11-23', 7);

-- 20 was moved by everybody, 21 and 22 were changed with others and put back, 23 was kept for her while she waited, 24 was held and not
-- paid for, 25 is in the house, 26 was, 27 was cancelled.
INSERT INTO appointments (id, reference, hospital_id, doctor_id, patient_id, visit_type_id, visit_type_name, modality, status, occupies,
        starts_at, ends_at, block_starts_at, block_ends_at, local_start, time_zone, minutes, price_minor, currency, cancelled_by,
        version, created_at, created_by, ticket_day, ticket, arrival, group_key) VALUES
    (#20#, 'R-20', #10#, #11#, #13#, #12#, 'Visit', 'in_person', 'confirmed', TRUE, 1795600000000, 1795601800000, 1795600000000,
        1795601800000, '2026-11-25T10:46:40', 'Europe/Berlin', 30, 5000, 'EUR', NULL, 5, 1795100000000, #1#, NULL, NULL, NULL, '20'),
    (#21#, 'R-21', #10#, #11#, #13#, #12#, 'Visit', 'in_person', 'booked', TRUE, 1795610000000, 1795611800000, 1795610000000,
        1795611800000, '2026-11-25T13:33:20', 'Europe/Berlin', 30, 5000, 'EUR', NULL, 3, 1795100000000, #1#, NULL, NULL, NULL, '21'),
    (#22#, 'R-22', #10#, #11#, #13#, #12#, 'Visit', 'in_person', 'booked', TRUE, 1795620000000, 1795621800000, 1795620000000,
        1795621800000, '2026-11-25T16:20:00', 'Europe/Berlin', 30, 5000, 'EUR', NULL, 3, 1795100000000, #1#, NULL, NULL, NULL, '22'),
    (#23#, 'R-23', #10#, #11#, #13#, #12#, 'Visit', 'in_person', 'expired', FALSE, 1795630000000, 1795631800000, 1795630000000,
        1795631800000, '2026-11-25T19:06:40', 'Europe/Berlin', 30, 5000, 'EUR', NULL, 2, 1795200000000, #1#, NULL, NULL, NULL, '23'),
    (#24#, 'R-24', #10#, #11#, #13#, #12#, 'Visit', 'in_person', 'expired', FALSE, 1795640000000, 1795641800000, 1795640000000,
        1795641800000, '2026-11-25T21:53:20', 'Europe/Berlin', 30, 5000, 'EUR', NULL, 2, 1795300000000, #1#, NULL, NULL, NULL, '24'),
    (#25#, 'R-25', #10#, #11#, #13#, #12#, 'Visit', 'in_person', 'arrived', TRUE, 1795413600000, 1795415400000, 1795413600000,
        1795415400000, '2026-11-23T07:00:00', 'Europe/Berlin', 30, 5000, 'EUR', NULL, 1, 1795413000000, #4#, '2026-11-23', 7, 'walk-in', '25'),
    (#26#, 'R-26', #10#, #11#, #13#, #12#, 'Visit', 'in_person', 'completed', TRUE, 1795410000000, 1795411800000, 1795410000000,
        1795411800000, '2026-11-23T06:00:00', 'Europe/Berlin', 30, 5000, 'EUR', NULL, 3, 1795300000000, #4#, '2026-11-23', 6, 'desk', '26'),
    (#27#, 'R-27', #10#, #11#, #13#, #12#, 'Visit', 'in_person', 'cancelled', FALSE, 1795650000000, 1795651800000, 1795650000000,
        1795651800000, '2026-11-26T00:40:00', 'Europe/Berlin', 30, 5000, 'EUR', 'patient', 2, 1795300000000, #2#, NULL, NULL, NULL, '27');
INSERT INTO appointment_history (appointment_id, seq, from_status, to_status, at, by_account, starts_at, doctor_id) VALUES
    (#20#, 1, NULL, 'booked', 1795100000000, #1#, 1795500000000, #11#),
    (#20#, 2, 'booked', 'booked', 1795100100000, #4#, 1795510000000, #11#),
    (#20#, 3, 'booked', 'booked', 1795100200000, #2#, 1795520000000, #11#),
    (#20#, 4, 'booked', 'booked', 1795100300000, #3#, 1795600000000, #11#),
    (#20#, 5, 'booked', 'confirmed', 1795100400000, #4#, NULL, NULL),
    (#21#, 1, NULL, 'booked', 1795100000000, #1#, 1795610000000, #11#),
    (#21#, 2, 'booked', 'booked', 1795200000000, #5#, 1795700000000, #11#),
    (#21#, 3, 'booked', 'booked', 1795200300000, #5#, 1795610000000, #11#),
    (#22#, 1, NULL, 'booked', 1795100000000, #1#, 1795620000000, #11#),
    (#22#, 2, 'booked', 'cancelled', 1795200000000, #5#, NULL, NULL),
    (#22#, 3, 'cancelled', 'booked', 1795200300000, #5#, 1795620000000, #11#),
    (#23#, 1, NULL, 'held', 1795200000000, NULL, 1795630000000, #11#),
    (#23#, 2, 'held', 'expired', 1795200900000, NULL, NULL, NULL),
    (#24#, 1, NULL, 'pending-payment', 1795300000000, #1#, 1795640000000, #11#),
    (#24#, 2, 'pending-payment', 'expired', 1795300900000, NULL, NULL, NULL),
    (#25#, 1, NULL, 'arrived', 1795413000000, #4#, 1795413600000, #11#),
    (#26#, 1, NULL, 'booked', 1795300000000, #4#, 1795410000000, #11#),
    (#26#, 2, 'booked', 'arrived', 1795409000000, #4#, NULL, NULL),
    (#26#, 3, 'arrived', 'completed', 1795411000000, #4#, NULL, NULL),
    (#27#, 1, NULL, 'booked', 1795300000000, #2#, 1795650000000, #11#),
    (#27#, 2, 'booked', 'cancelled', 1795300100000, #2#, NULL, NULL);
INSERT INTO mass_changes (id, hospital_id, doctor_id, state, planned_at, planned_by, made_at, undo_until, undone_at, undone_by) VALUES
    (#30#, #10#, #11#, 'undone', 1795199000000, #5#, 1795200000000, 1795200600000, 1795200300000, #5#);
INSERT INTO mass_change_items (change_id, position, appointment_id, kind, seen_version, from_status, from_doctor_id, from_starts_at,
        from_ends_at, from_block_starts_at, from_block_ends_at, to_doctor_id, to_starts_at, made_version, told_at, outcome) VALUES
    (#30#, 1, #21#, 'move', 1, 'booked', #11#, 1795610000000, 1795611800000, 1795610000000, 1795611800000, #11#, 1795700000000, 2,
        1795200700000, 'back'),
    (#30#, 2, #22#, 'cancel', 1, 'booked', #11#, 1795620000000, 1795621800000, 1795620000000, 1795621800000, NULL, NULL, 2,
        1795200700000, 'back');
INSERT INTO waitlist_entries (id, patient_id, account_id, hospital_id, doctor_id, visit_type_id, from_date, until_date, weekdays,
        day_parts, status, created_at, version) VALUES
    (#40#, #13#, #1#, #10#, #11#, #12#, '2026-11-23', '2026-11-30', 0, 0, 'ended', 1795100000000, 3);
INSERT INTO waitlist_offers (id, entry_id, appointment_id, starts_at, offered_at, ends_at, outcome) VALUES
    (#41#, #40#, #23#, 1795630000000, 1795200000000, 1795200900000, 'lapsed');

-- A payment in each state.
INSERT INTO payments (id, hospital_id, patient_id, appointment_id, provider, method, state, amount_minor, currency, captured_minor,
        version, created_at, created_by, captured_at, look_at) VALUES
    (#50#, #10#, #13#, #20#, 'sandbox', 'online', 'captured', 5000, 'EUR', 5000, 3, 1795100000000, #1#, 1795100001000, NULL),
    (#51#, #10#, #13#, #21#, 'sandbox', 'online', 'lost', 5000, 'EUR', 0, 3, 1795100000000, #1#, NULL, 1795413500000),
    (#52#, #10#, #13#, #22#, 'sandbox', 'online', 'capturing', 5000, 'EUR', 0, 2, 1795100000000, #1#, NULL, 1795413500000),
    (#53#, #10#, #13#, #23#, 'sandbox', 'online', 'undoing', 5000, 'EUR', 0, 2, 1795200000000, #1#, NULL, 1795413500000),
    (#54#, #10#, #13#, #24#, 'sandbox', 'online', 'closed', 5000, 'EUR', 0, 2, 1795300000000, #1#, NULL, 1795413500000),
    (#55#, #10#, #13#, #25#, 'sandbox', 'online', 'open', 5000, 'EUR', 0, 1, 1795413000000, #1#, NULL, 1795413500000),
    (#56#, #10#, #13#, #27#, 'sandbox', 'online', 'voided', 5000, 'EUR', 0, 3, 1795300000000, #2#, NULL, NULL);
INSERT INTO payment_steps (payment_id, seq, from_state, to_state, cause, at) VALUES
    (#50#, 1, NULL, 'open', 'begun', 1795100000000), (#50#, 2, 'open', 'capturing', 'return', 1795100000500),
    (#50#, 3, 'capturing', 'captured', 'return', 1795100001000),
    (#51#, 1, NULL, 'open', 'begun', 1795100000000), (#51#, 2, 'open', 'capturing', 'clock', 1795100000500),
    (#51#, 3, 'capturing', 'lost', 'clock', 1795100001000),
    (#52#, 1, NULL, 'open', 'begun', 1795100000000), (#52#, 2, 'open', 'capturing', 'clock', 1795100000500),
    (#53#, 1, NULL, 'open', 'begun', 1795200000000), (#53#, 2, 'open', 'undoing', 'clock', 1795200900000),
    (#54#, 1, NULL, 'open', 'begun', 1795300000000), (#54#, 2, 'open', 'closed', 'clock', 1795300900000),
    (#55#, 1, NULL, 'open', 'begun', 1795413000000),
    (#56#, 1, NULL, 'open', 'begun', 1795300000000), (#56#, 2, 'open', 'undoing', 'clock', 1795300050000),
    (#56#, 3, 'undoing', 'voided', 'void', 1795300100000);
INSERT INTO ledger_entries (posting, account, hospital_id, payment_id, amount_minor, currency, at) VALUES
    ('cap:50', 'provider', #10#, #50#, 5000, 'EUR', 1795100001000),
    ('cap:50', 'income', #10#, #50#, -5000, 'EUR', 1795100001000);
