//! The limit of booking: the statements that a booking needs, on a copy of the same database with the same settings, sixty-four bookings
//! in a transaction, one after the other on one connection. Nobody asks whether they may be made, and nobody sent them.
//!
//! What a booking reads to decide (price, hours, rights) is left out; so is the hash of an audit entry. What it writes is written, and
//! the triggers judge it.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Context;
use sqlx::{
    ConnectOptions, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use uuid::Uuid;

use super::taken::LONGEST_BLOCK_MS;
use crate::{machine, rows::found::Slot};

/// Bookings in a transaction, as many as the server takes together at most.
pub(crate) const GROUP: usize = 64;
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// So many letters of this kind the server writes to an address within an hour.
const LETTERS: i64 = 20;
/// The chain of the audit that these bookings have for themselves.
const CHAIN: &str = "limit";

/// Somebody who books, and her account.
#[derive(sqlx::FromRow)]
struct Booker {
    patient_id: Uuid,
    account_id: Uuid,
    email: String,
}

/// What can be booked with a doctor.
#[derive(Clone, sqlx::FromRow)]
struct Kind {
    doctor_id: Uuid,
    visit_type_id: Uuid,
    hospital_id: Uuid,
    name: String,
    modality: String,
    minutes: i64,
    price_minor: i64,
    currency: String,
    time_zone: String,
}

/// A booking on its way.
struct Booking<'a> {
    id: Uuid,
    number: i64,
    now: i64,
    patient: &'a Booker,
    kind: &'a Kind,
    slot: &'a Slot,
}

impl Booking<'_> {
    fn starts_at(&self) -> i64 {
        self.slot.at * 1000
    }

    fn ends_at(&self) -> i64 {
        self.starts_at() + self.kind.minutes * MINUTE_MS
    }
}

/// The loop, between two runs.
pub(crate) struct Raw {
    conn: SqliteConnection,
    patients: Vec<Booker>,
    kinds: HashMap<(Uuid, Uuid), Kind>,
    /// Hospitals that know patients.
    known: HashSet<(Uuid, Uuid)>,
    /// How many slots are taken.
    taken: usize,
}

impl Raw {
    /// On a database of its own that has the tables and the data.
    pub(crate) async fn open(folder: &Path) -> anyhow::Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(folder.join("caresync.db"))
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5))
            .statement_cache_capacity(256);
        let mut conn = options.connect().await?;
        let patients: Vec<Booker> = sqlx::query_as(
            "SELECT o.patient_id, a.id AS account_id, a.email FROM accounts a JOIN patient_accounts o ON o.account_id = a.id
             WHERE NOT EXISTS (SELECT 1 FROM appointments v WHERE v.patient_id = o.patient_id) ORDER BY a.id LIMIT 64",
        )
        .fetch_all(&mut conn)
        .await?;
        anyhow::ensure!(patients.len() == GROUP, "only {} patients without visits", patients.len());
        let kinds: Vec<Kind> = sqlx::query_as(
            "SELECT b.doctor_id, b.visit_type_id, h.id AS hospital_id, v.name, v.modality, v.minutes, v.price_minor,
                h.currency, h.time_zone
             FROM doctor_visit_types b JOIN visit_types v ON v.id = b.visit_type_id JOIN hospitals h ON h.id = v.hospital_id",
        )
        .fetch_all(&mut conn)
        .await?;
        let kinds = kinds.into_iter().map(|kind| ((kind.doctor_id, kind.visit_type_id), kind)).collect();
        Ok(Self { conn, patients, kinds, known: HashSet::new(), taken: 0 })
    }

    /// Books one group after the other for a while, or until nothing is free any more. Returns how many bookings it made, and how long
    /// that took.
    pub(crate) async fn run(
        &mut self,
        slots: &[Slot],
        within: Duration,
    ) -> anyhow::Result<(usize, Duration)> {
        let (begun, before) = (Instant::now(), self.taken);
        while begun.elapsed() < within {
            let Some(group) = slots.get(self.taken..self.taken + GROUP) else { break };
            sqlx::query("BEGIN IMMEDIATE").execute(&mut self.conn).await?;
            for (number, slot) in group.iter().enumerate() {
                self.book(number, slot).await?;
            }
            sqlx::query("COMMIT").execute(&mut self.conn).await?;
            self.taken += GROUP;
        }
        Ok((self.taken - before, begun.elapsed()))
    }

    async fn book(&mut self, number: usize, slot: &Slot) -> anyhow::Result<()> {
        let patient = self.patients.get(number).context("a booking for nobody")?;
        let key = (slot.doctor.id.parse()?, slot.doctor.visit_type.parse()?);
        let kind = self.kinds.get(&key).context("a doctor of another house")?;
        let (number, now) = (i64::try_from(self.taken + number)? + 1, machine::clock());
        let booking = Booking { id: id_of(now, 1, number), number, now, patient, kind, slot };
        keep_key(&mut self.conn, &booking).await?;
        read_taken(&mut self.conn, &booking).await?;
        if self.known.insert((kind.hospital_id, patient.patient_id)) {
            know(&mut self.conn, &booking).await?;
        }
        write_visit(&mut self.conn, &booking).await?;
        write_terms(&mut self.conn, &booking).await?;
        write_step(&mut self.conn, &booking).await?;
        write_letter(&mut self.conn, &booking).await?;
        write_audit(&mut self.conn, &booking).await?;
        read_back(&mut self.conn, &booking).await
    }
}

/// Ids in the order of writing, as the server's are.
fn id_of(now: i64, kind: u8, number: i64) -> Uuid {
    let mut bytes = [kind; 10];
    bytes.iter_mut().skip(2).zip(number.to_be_bytes()).for_each(|(byte, counted)| *byte = counted);
    uuid::Builder::from_unix_timestamp_millis(u64::try_from(now).unwrap_or(0), &bytes).into_uuid()
}

async fn keep_key(conn: &mut SqliteConnection, booking: &Booking<'_>) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO idempotency_keys (account_id, operation, idempotency_key, request_hash, resource_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
    )
    .bind(booking.patient.account_id)
    .bind("book_appointment")
    .bind(format!("raw-{}", booking.number))
    .bind(vec![7_u8; 32])
    .bind(booking.id)
    .bind(booking.now)
    .execute(conn)
    .await?;
    Ok(())
}

async fn read_taken(conn: &mut SqliteConnection, booking: &Booking<'_>) -> anyhow::Result<()> {
    sqlx::query(
        "SELECT block_starts_at, block_ends_at, starts_at, visit_type_id, seat_no, group_key FROM taken_times
         WHERE doctor_id = $1 AND block_starts_at > $2 AND block_starts_at < $3 AND block_ends_at > $4
           AND (hold_expires_at IS NULL OR hold_expires_at > $5)",
    )
    .bind(booking.kind.doctor_id)
    .bind(booking.starts_at() - LONGEST_BLOCK_MS)
    .bind(booking.ends_at())
    .bind(booking.starts_at())
    .bind(booking.now)
    .fetch_all(conn)
    .await?;
    Ok(())
}

async fn know(conn: &mut SqliteConnection, booking: &Booking<'_>) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO hospital_patients (hospital_id, patient_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    )
    .bind(booking.kind.hospital_id)
    .bind(booking.patient.patient_id)
    .bind(booking.now)
    .execute(conn)
    .await?;
    Ok(())
}

async fn write_visit(conn: &mut SqliteConnection, booking: &Booking<'_>) -> anyhow::Result<()> {
    let Booking { id, number, now, patient, kind, slot } = booking;
    sqlx::query(
        "INSERT INTO appointments (id, reference, hospital_id, doctor_id, patient_id, visit_type_id, visit_type_name,
                modality, status, occupies, starts_at, ends_at, block_starts_at, block_ends_at, local_start, time_zone,
                minutes, price_minor, currency, version, created_at, created_by, group_key, seat_no)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'booked', TRUE, $9, $10, $9, $10, $11, $12, $13, $14, $15, 1, $16, $17, $18, 1)",
    )
    .bind(id)
    .bind(format!("R{number:09}"))
    .bind(kind.hospital_id)
    .bind(kind.doctor_id)
    .bind(patient.patient_id)
    .bind(kind.visit_type_id)
    .bind(&kind.name)
    .bind(&kind.modality)
    .bind(booking.starts_at())
    .bind(booking.ends_at())
    .bind(slot.start.get(..19).unwrap_or_default())
    .bind(&kind.time_zone)
    .bind(kind.minutes)
    .bind(kind.price_minor)
    .bind(&kind.currency)
    .bind(now)
    .bind(patient.account_id)
    .bind(id.simple().to_string())
    .execute(conn)
    .await?;
    Ok(())
}

/// What a paid visit opens, by the rules of its kind.
async fn write_terms(conn: &mut SqliteConnection, booking: &Booking<'_>) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO follow_up_windows (appointment_id, hospital_id, patient_id, visits, days, free_types)
         SELECT $1, hospital_id, $2, visits, days, free_types FROM follow_up_rules WHERE visit_type_id = $3 AND visits > 0",
    )
    .bind(booking.id)
    .bind(booking.patient.patient_id)
    .bind(booking.kind.visit_type_id)
    .execute(conn)
    .await?;
    Ok(())
}

async fn write_step(conn: &mut SqliteConnection, booking: &Booking<'_>) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO appointment_history (appointment_id, seq, from_status, to_status, at, by_account, reason, starts_at,
                doctor_id, put_by)
         VALUES ($1, 1, NULL, 'booked', $2, $3, NULL, $4, $5, 'patient')",
    )
    .bind(booking.id)
    .bind(booking.now)
    .bind(booking.patient.account_id)
    .bind(booking.starts_at())
    .bind(booking.kind.doctor_id)
    .execute(conn)
    .await?;
    Ok(())
}

async fn write_letter(conn: &mut SqliteConnection, booking: &Booking<'_>) -> anyhow::Result<()> {
    let payload = format!(
        "{{\"account\":\"{}\",\"appointment\":\"{}\",\"change\":\"booked\",\"step\":1,\"own\":true}}",
        booking.patient.account_id, booking.id
    );
    sqlx::query(
        "INSERT INTO outbox (id, topic, recipient, payload, created_at, due_at)
         SELECT $1, $2, $3, $4, $5, $5
          WHERE (SELECT COUNT(*) FROM outbox WHERE recipient = $3 AND topic = $2 AND created_at > $7) < $6
         ON CONFLICT DO NOTHING",
    )
    .bind(id_of(booking.now, 2, booking.number))
    .bind("visit_booked")
    .bind(&booking.patient.email)
    .bind(payload)
    .bind(booking.now)
    .bind(LETTERS)
    .bind(booking.now - HOUR_MS)
    .execute(conn)
    .await?;
    Ok(())
}

async fn write_audit(conn: &mut SqliteConnection, booking: &Booking<'_>) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO audit_events (chain, seq, at, account_id, sign_in, address, device, action, outcome, basis, purpose,
                hospital_id, entity, entity_id, patients, hash)
         VALUES ($1, $2, $3, $4, $5, '127.0.0.1', '', 'book_appointment', 'allowed', 'own_patient', 'PATRQT', $6, 'patient', $7, $8, $9)",
    )
    .bind(CHAIN)
    .bind(booking.number)
    .bind(booking.now)
    .bind(booking.patient.account_id)
    .bind(booking.patient.account_id)
    .bind(booking.kind.hospital_id)
    .bind(booking.patient.patient_id)
    .bind(booking.patient.patient_id.simple().to_string())
    .bind(vec![7_u8; 32])
    .execute(&mut *conn)
    .await?;
    sqlx::query("INSERT INTO audit_subjects (patient_id, at, chain, seq) VALUES ($1, $2, $3, $4)")
        .bind(booking.patient.patient_id)
        .bind(booking.now)
        .bind(CHAIN)
        .bind(booking.number)
        .execute(conn)
        .await?;
    Ok(())
}

/// What is answered.
async fn read_back(conn: &mut SqliteConnection, booking: &Booking<'_>) -> anyhow::Result<()> {
    let row = sqlx::query(
        "SELECT a.id, a.reference, a.status, a.starts_at, a.ends_at, a.time_zone, d.name, d.specialties, h.name, h.address,
                h.city, h.phone, p.full_name, a.visit_type_name, a.modality, a.minutes, a.price_minor, a.currency, a.version
         FROM appointments a
         JOIN doctors d ON d.id = a.doctor_id
         JOIN hospitals h ON h.id = a.hospital_id
         JOIN patients p ON p.id = a.patient_id WHERE a.id = $1",
    )
    .bind(booking.id)
    .fetch_optional(conn)
    .await?;
    row.context("a visit that was written a moment ago").map(drop)
}
