//! Free follow-up visits: a hospital's rules, what a patient's paid visits have opened, and what follows when one is booked, moved,
//! called off or paid back.
//!
//! Which visit is free is `domain::payments::follow_ups`' business, and asked in the transaction that books, in the doctor's turn: so two
//! at once never take the last free one both. The paid visit's row is locked besides, because whoever calls it off or pays it back asks
//! no doctor.

use domain::{
    Call, Error as Refusal,
    access::{Action, Decision, Facts, decide},
    appointments::Status,
    coding::is_sensitive,
    error::Conflict,
    hospitals::VisitType,
    ids::{AppointmentId, DoctorId, HospitalId, PatientId, VisitTypeId},
    payments::{FollowUpOf, FollowUpQuery, FollowUpRule, FollowUpWindow, SetFollowUpRule},
};
use jiff::civil::Date;
use uuid::Uuid;

use super::{
    PaymentService,
    steps::renew,
    store::{self, follow_ups as rows, follow_ups::WindowRow},
};
use crate::{
    access::{Authorized, BookAppointment, ManageHospital, OfHospital, OfPatient, Sealed},
    appointments::{Minders, find_visit, is_known},
    core::{instant, zone},
    db::{Conn, News, Reach},
    error::{Error, Result},
    mail::Letter,
};

/// A visit that is about to be written: whose, with whom, of which type, and on which day of its hospital.
#[derive(Clone, Copy)]
pub(crate) struct Wished {
    pub(crate) patient: PatientId,
    pub(crate) doctor: DoctorId,
    pub(crate) on: Date,
    pub(crate) now: i64,
}

/// Because of which paid visit another is free, and what it would have cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Free {
    paid: Uuid,
    price_minor: i64,
}

/// Makes the price that is about to be written the one that is due: nothing where a paid visit has opened it. The doctor's turn was
/// taken before.
pub(crate) async fn price(
    conn: &mut Conn,
    visit_type: &mut VisitType,
    wished: Wished,
) -> Result<Option<Free>> {
    let Wished { patient, doctor, on, now } = wished;
    let price_minor = visit_type.price.amount_minor;
    if price_minor == 0 {
        return Ok(None);
    }
    let open = opened(rows::windows(conn, patient, doctor, now).await?)?;
    let Some(chosen) = FollowUpWindow::choose(&open, patient, visit_type.id, on) else { return Ok(None) };
    let paid = chosen.appointment_id.0;
    store::take_turn(conn, paid).await?;
    // Whoever had that turn before may have called it off.
    let still = opened(rows::window(conn, paid, now).await?)?;
    if !still.iter().any(|window| window.covers(visit_type.id, on)) {
        return Ok(None);
    }
    visit_type.price.amount_minor = 0;
    Ok(Some(Free { paid, price_minor }))
}

/// Writes down what a visit hangs on.
pub(crate) async fn hang(
    conn: &mut Conn,
    visit: AppointmentId,
    of: (HospitalId, PatientId),
    free: Free,
) -> Result<()> {
    rows::hang(conn, visit, free.paid, of, free.price_minor).await
}

/// Keeps what a visit opens when its price is paid, once it is booked. Of a time that is only held nothing is kept: nobody is promised
/// anything yet, and what is let go again and again leaves nothing that has to be read.
pub(crate) async fn opens(
    conn: &mut Conn,
    visit: AppointmentId,
    patient: PatientId,
    (visit_type, price_minor): (VisitTypeId, i64),
) -> Result<()> {
    if price_minor > 0 { rows::keep_terms(conn, visit, patient, visit_type.0).await } else { Ok(()) }
}

/// What was free because of a visit is so no longer, if that was called off or paid back. Pages that show it read it again; those who mind
/// the patient are told, where they are given: not of what her own side has done.
///
/// It stays the visit that somebody has read: its version counts what is done with it, and undoing looks at that.
pub(crate) async fn look_again(
    conn: &mut Conn,
    paid: Uuid,
    now: i64,
    minders: Option<&Minders>,
) -> Result<()> {
    let Some(row) = rows::window(conn, paid, now).await? else { return Ok(()) };
    if is_open(&row)? {
        return Ok(());
    }
    for (appointment,) in rows::end(conn, paid, now).await? {
        let visit = find_visit(conn, AppointmentId(appointment)).await?;
        let visit = visit.ok_or(Error::Stored("a visit that was free"))?;
        renew(conn, &visit).await?;
        // Of a hold nobody is told: it cannot be taken any more, and is gone in minutes.
        let held = Status::parse(&visit.status).ok_or(Error::Stored("status"))?.is_held();
        if let Some(minders) = minders.filter(|_| !held) {
            minders.write(conn, |account| Letter::VisitPriced { account, appointment }).await?;
        }
    }
    Ok(())
}

/// The same where the patient's own side has called the paid visit off: what goes with it is named, and costs its price until whoever asks
/// has called it off as well.
pub(crate) async fn given_up(
    conn: &mut Conn,
    paid: Uuid,
    now: i64,
    pays_first: bool,
) -> Result<Vec<AppointmentId>> {
    let gone = goes_with(conn, paid, now, pays_first).await?;
    look_again(conn, paid, now, None).await?;
    Ok(gone.into_iter().map(|(visit, ..)| AppointmentId(visit)).collect())
}

/// Visits that go with a paid one if the patient's own side calls that off: those of a kind that is paid for before it is booked,
/// where there is somebody who takes that money. Else she would have them unpaid. Id, begin, and on whose clocks.
pub(crate) async fn goes_with(
    conn: &mut Conn,
    paid: Uuid,
    now: i64,
    pays_first: bool,
) -> Result<Vec<(Uuid, i64, String)>> {
    if pays_first { rows::paid_first(conn, paid, now).await } else { Ok(Vec::new()) }
}

/// Looks at a free visit that was called off and is put back: it costs its price, if what it hangs on was called off or paid back
/// meanwhile, or others have used that up. The doctor's turn was taken before, and all that comes back with it is there.
pub(crate) async fn came_back<A, R>(
    conn: &mut Conn,
    proof: &Authorized<A, R>,
    visit: AppointmentId,
    now: i64,
) -> Result<()> {
    let Some((paid,)) = rows::paid_of(conn, visit.0).await? else { return Ok(()) };
    store::take_turn(conn, paid).await?;
    let Some(row) = rows::window(conn, paid, now).await? else { return Ok(()) };
    // What is called off and may be put back as well is looked at when its patient is told.
    let stands = is_open(&row)? || rows::waits(conn, paid).await?;
    if stands && row.used <= row.visits { Ok(()) } else { rows::end_one(conn, proof, visit, now).await }
}

/// Refuses to put a free visit on a day on which it would not be free, and a paid one where those that hang on it would not be.
pub(crate) async fn stays_free(conn: &mut Conn, visit: AppointmentId, on: Date, now: i64) -> Result<()> {
    if let Some((paid,)) = rows::paid_of(conn, visit.0).await?
        && let Some(row) = rows::window(conn, paid, now).await?
        && !view(&row)?.has_day(on)
    {
        return Err(Refusal::invalid("start", "outside_follow_up").into());
    }
    let Some(row) = rows::window(conn, visit.0, now).await? else { return Ok(()) };
    let moved = FollowUpWindow { visit_on: on, until: FollowUpWindow::ends(on, row.days), ..view(&row)? };
    for (starts_at, time_zone) in rows::hanging(conn, visit.0).await? {
        if !moved.has_day(instant(starts_at)?.to_zoned(zone(&time_zone)?).date()) {
            return Err(Refusal::invalid("start", "leaves_follow_up").into());
        }
    }
    Ok(())
}

/// Refuses a held time that was free because of a visit that was called off or paid back since: what is to be paid for it was never told.
pub(crate) async fn still_free(conn: &mut Conn, visit: AppointmentId) -> Result<()> {
    if rows::has_ended(conn, visit.0).await? { Err(Error::conflict(Conflict::HoldEnded)) } else { Ok(()) }
}

/// What a visit hangs on, and what it has opened or opens when it is paid for.
pub(super) async fn of_visit(
    conn: &mut Conn,
    visit: Uuid,
    now: i64,
) -> Result<(Option<FollowUpOf>, Option<FollowUpWindow>)> {
    let mut hangs_on = None;
    if let Some((paid,)) = rows::paid_of(conn, visit).await?
        && let Some(row) = rows::window(conn, paid, now).await?
    {
        let window = view(&row)?;
        let FollowUpWindow { appointment_id, visit_on, until, .. } = window;
        hangs_on = Some(FollowUpOf { appointment_id, visit_on, until });
    }
    let opens = match rows::window(conn, visit, now).await? {
        Some(row) if is_open(&row)? || may_open(&row)? => {
            let bookable = rows::bookable(conn, row.hospital_id).await?;
            Some(marked(view(&row)?, &bookable))
        }
        Some(_) | None => None,
    };
    Ok((hangs_on, opens))
}

/// Whether the visit takes place, and all of it was paid and nothing given back of it.
fn is_open(row: &WindowRow) -> Result<bool> {
    Ok(takes_place(row)? && row.kept_minor >= row.price_minor)
}

/// Whether it takes place and is not paid for yet.
fn may_open(row: &WindowRow) -> Result<bool> {
    Ok(takes_place(row)? && row.kept_minor == 0)
}

fn takes_place(row: &WindowRow) -> Result<bool> {
    Ok(Status::parse(&row.status).ok_or(Error::Stored("status"))?.takes_place())
}

/// Those that are open, as they are shown.
fn opened(found: impl IntoIterator<Item = WindowRow>) -> Result<Vec<FollowUpWindow>> {
    let mut open = Vec::new();
    for row in found {
        if is_open(&row)? {
            open.push(view(&row)?);
        }
    }
    Ok(open)
}

fn view(row: &WindowRow) -> Result<FollowUpWindow> {
    let visit_on = instant(row.starts_at)?.to_zoned(zone(&row.time_zone)?).date();
    Ok(FollowUpWindow {
        appointment_id: AppointmentId(row.appointment_id),
        patient_id: PatientId(row.patient_id),
        visit_on,
        until: FollowUpWindow::ends(visit_on, row.days),
        visits: row.visits,
        left: (row.visits - row.used).max(0),
        visit_type_ids: types(&row.free_types)?,
        only_when_asked: false,
    })
}

/// Says of what was opened whether any of it can be booked by whoever has not been asked back.
fn marked(window: FollowUpWindow, bookable: &[(Uuid,)]) -> FollowUpWindow {
    let only_when_asked = !window.visit_type_ids.iter().any(|id| bookable.contains(&(id.0,)));
    FollowUpWindow { only_when_asked, ..window }
}

fn types(text: &str) -> Result<Vec<VisitTypeId>> {
    serde_json::from_str(text).map_err(|_| Error::Stored("visit types that are free"))
}

impl PaymentService {
    pub(super) async fn rule_of(
        &self,
        call: &Call,
        hospital: HospitalId,
        visit_type: VisitTypeId,
    ) -> Result<FollowUpRule> {
        let here: Authorized<ManageHospital, _> = self.core.authorize(call, OfHospital(hospital)).await?;
        let mut conn = self.core.db.read(here.reach()).await?;
        if !rows::types_of(&mut conn, &here).await?.contains(&(visit_type.0,)) {
            return Err(Refusal::NotFound.into());
        }
        let Some(row) = rows::rule(&mut conn, visit_type.0).await? else {
            return Ok(FollowUpRule::default());
        };
        let visit_type_ids = types(&row.free_types)?;
        Ok(FollowUpRule { visits: row.visits, days: row.days, visit_type_ids, version: row.version })
    }

    pub(super) async fn change_rule(
        &self,
        call: &Call,
        hospital: HospitalId,
        visit_type: VisitTypeId,
        rule: SetFollowUpRule,
    ) -> Result<FollowUpRule> {
        let here: Authorized<ManageHospital, _> = self.core.authorize(call, OfHospital(hospital)).await?;
        let rule = rule.check()?;
        let types = serde_json::to_string(&rule.visit_type_ids).map_err(|_| Error::Stored("visit types"))?;
        let proof = here.clone();
        self.core
            .change(&proof, move |conn| {
                let (here, rule, types) = (here.clone(), rule.clone(), types.clone());
                Box::pin(async move {
                    let known = rows::types_of(conn, &here).await?;
                    if !known.contains(&(visit_type.0,)) {
                        return Err(Refusal::NotFound.into());
                    }
                    if rule.visit_type_ids.iter().any(|id| !known.contains(&(id.0,))) {
                        return Err(Refusal::invalid("visit_type_ids", "unknown_value").into());
                    }
                    if !rows::set_rule(conn, &here, visit_type.0, &rule, &types).await? {
                        return Err(Error::conflict(Conflict::StaleVersion));
                    }
                    // Whether a hospital has such rules at all is remembered with its visit types.
                    conn.announce(News::Directory).await
                })
            })
            .await?;
        self.rule_of(call, hospital, visit_type).await
    }

    pub(super) async fn open_windows(
        &self,
        call: &Call,
        doctor: DoctorId,
        query: FollowUpQuery,
    ) -> Result<Vec<FollowUpWindow>> {
        let principal = call.actor.signed_in()?;
        let entry = self.core.directory.doctor(&self.core, doctor).await?;
        let patient = query.patient_id.or_else(|| principal.patients.first().copied());
        let patient = patient.ok_or_else(|| Refusal::invalid("patient_id", "required"))?;
        let known = is_known(&self.core, &Reach::of(Some(principal)), entry.hospital.id, patient).await?;
        let whom = OfPatient { patient, hospital: known.then_some(entry.hospital.id) };
        let whom: Authorized<BookAppointment, _> = self.core.authorize(call, whom).await?;
        let facts = Facts::Appointment {
            hospital: entry.hospital.id,
            doctor,
            patient,
            in_care: false,
            sensitive: is_sensitive(&entry.specialties),
        };
        // Whoever treats her learns nothing of what she has paid, and a helper nothing of a visit that she could not see.
        if let Decision::Deny(_) = decide(&call.actor, Action::ReadBill, &facts) {
            return Ok(Vec::new());
        }
        // In the audit it is what was read.
        call.trace.note(Action::ReadBill);
        let whom = whom.doing(Action::ReadBill);
        let now = self.core.now_ms();
        let (found, bookable) = {
            let mut conn = self.core.db.read(whom.reach()).await?;
            let found = rows::windows(&mut conn, patient, doctor, now).await?;
            (found, rows::bookable(&mut conn, entry.hospital.id.0).await?)
        };
        let found = self.core.open(&whom, Sealed::about(found, [patient])).await?;
        let today = self.core.clock.now().to_zoned(entry.schedule.zone.clone()).date();
        let mut open = opened(found)?;
        open.retain(|window| window.left > 0 && today <= window.until);
        Ok(open.into_iter().map(|window| marked(window, &bookable)).collect())
    }
}
