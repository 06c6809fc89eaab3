//! What a visit costs and what was paid, its receipt, a hospital's lists and sums, and what it gives back.
//!
//! Nothing is paid here.

use domain::{
    Call, Error as Refusal,
    access::{Action, Decision, decide},
    appointments::Initiator,
    error::Findings,
    ids::{AppointmentId, HospitalId, PaymentId},
    money::Money,
    page::Page,
    payments::{
        Bill, Payment, PaymentLine, PaymentMethod, PaymentQuery, PaymentState, Receipt, RefundPolicy,
        Refunded, Takings, patience::OVERDUE, policy::POLICY_HOURS,
    },
    time::{Moment, Span},
};
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::{
    DESK, PaymentService, follow_ups,
    steps::policy,
    store::{self, PaymentRow},
};
use crate::{
    access::{Authorized, ManageHospital, OfHospital, ReadBill, ReadPayments, Resource},
    appointments::{AppointmentRow, lead, situation},
    core::{instant, zone},
    db::{Conn, Reach},
    error::{Error, Result},
    waitlist::is_offered,
};

/// A visit whose bill the caller may see.
type Billed = Authorized<ReadBill, AppointmentRow>;

impl PaymentService {
    pub(super) async fn billed(&self, call: &Call, id: AppointmentId) -> Result<Bill> {
        let visit: Billed = self.core.load(call, id).await?;
        let mut conn = self.core.db.read(visit.reach()).await?;
        let policy = policy(&mut conn, visit.object().hospital_id).await?;
        self.bill_of(&mut conn, call, visit.object(), policy).await
    }

    /// The bill of a visit that the caller may see.
    pub(super) async fn bill_of(
        &self,
        conn: &mut Conn,
        call: &Call,
        visit: &AppointmentRow,
        policy: RefundPolicy,
    ) -> Result<Bill> {
        let rows = store::of_visit(conn, visit.id).await?;
        let now = self.core.now_ms();
        let zone = zone(&visit.time_zone)?;
        // Whoever minds the patient stands on her side, also as a member of the hospital. Whoever only treats her sees no bill.
        let situation = situation(call, visit, false, now)?;
        let (status, by) = (situation.status, situation.initiator());
        let paid_minor: i64 = rows.iter().map(PaymentRow::left_minor).sum();
        // What is held is paid for before it is a visit.
        let payable = status.takes_place() || status.is_held();
        let due = if payable { (visit.price_minor - paid_minor).max(0) } else { 0 };
        let online: i64 = rows.iter().filter(|row| row.provider != DESK).map(PaymentRow::left_minor).sum();
        let may = |action| matches!(decide(&call.actor, action, &visit.facts()), Decision::Allow(_));
        let held = visit.hold_expires_at.filter(|_| status.is_held());
        let coming = rows.iter().any(|row| row.state == PaymentState::Capturing.code());
        let (follow_up_of, opens) = follow_ups::of_visit(conn, visit.id, now).await?;
        let lead = lead(conn, visit, now).await?;
        let goes_too = match by {
            Initiator::Patient => {
                follow_ups::goes_with(conn, visit.id, now, self.core.cashier.is_open()).await?
            }
            Initiator::Provider | Initiator::Organization => Vec::new(),
        };
        let goes_too = goes_too
            .into_iter()
            .map(|(_, at, own)| Ok::<_, Error>(Moment::in_zone(instant(at)?, &crate::core::zone(&own)?)));
        Ok(Bill {
            appointment_id: AppointmentId(visit.id),
            reference: visit.reference.clone(),
            status,
            held_until: held.map(|at| Ok::<_, Error>(Moment::in_zone(instant(at)?, &zone))).transpose()?,
            price: Money { amount_minor: visit.price_minor, currency: visit.currency.clone() },
            paid_minor,
            due_minor: due,
            refund_if_cancelled_minor: policy.due(online, by, lead),
            takes_money: due > 0 && !status.is_held() && !coming && may(Action::TakePayment),
            gives_back: paid_minor > 0 && may(Action::RefundPayment),
            payments: rows.iter().map(|row| view(row, &zone)).collect::<Result<_>>()?,
            follow_up_of,
            opens,
            cancels_too: goes_too.collect::<Result<_>>()?,
            offered: status.is_held() && is_offered(conn, AppointmentId(visit.id)).await?,
        })
    }

    pub(super) async fn receipted(&self, call: &Call, id: PaymentId) -> Result<Receipt> {
        let (visit, row): (Billed, _) = self.payment(call, id).await?;
        let visit = visit.object();
        let zone = zone(&visit.time_zone)?;
        let payment = view(&row, &zone)?;
        let number = payment.receipt.clone().ok_or(Refusal::NotFound)?;
        let (refunds, opens) = {
            let mut conn = self.core.db.read(&super::settle::reach()).await?;
            let (_, opens) = follow_ups::of_visit(&mut conn, visit.id, self.core.now_ms()).await?;
            (store::refunds::of(&mut conn, row.id).await?, opens)
        };
        let refunds = refunds.into_iter().filter(|refund| refund.state != "failed").map(|refund| {
            Ok(Refunded {
                amount_minor: refund.amount_minor,
                at: Moment::in_zone(instant(refund.created_at)?, &zone),
                reason: refund.reason,
                done: refund.state == "done",
            })
        });
        Ok(Receipt {
            number,
            payment,
            reference: visit.reference.clone(),
            hospital_name: visit.hospital_name.clone(),
            hospital_address: format!("{}, {}", visit.address, visit.city),
            patient_name: visit.patient_name.clone(),
            doctor_name: visit.doctor_name.clone(),
            visit_type_name: visit.visit_type_name.clone(),
            visit_start: Moment::in_zone(instant(visit.starts_at)?, &zone),
            refunds: refunds.collect::<Result<_>>()?,
            opens,
        })
    }

    /// A payment, and its visit with the decision that the caller may do `A` with that; absent and foreign are the same.
    pub(super) async fn payment<A>(
        &self,
        call: &Call,
        id: PaymentId,
    ) -> Result<(Authorized<A, AppointmentRow>, PaymentRow)>
    where
        A: crate::access::ActionOn<AppointmentRow>,
    {
        let principal = call.actor.signed_in()?;
        let row = {
            let mut conn = self.core.db.read(&Reach::of(Some(principal))).await?;
            store::find(&mut conn, id.0).await?
        };
        // What nobody knows is looked for all the same, so that the audit and the registry see what was asked.
        let visit = row.as_ref().map_or(AppointmentId(Uuid::nil()), |row| AppointmentId(row.appointment_id));
        let visit = self.core.load(call, visit).await?;
        Ok((visit, row.ok_or(Refusal::NotFound)?))
    }

    pub(super) async fn lines(
        &self,
        call: &Call,
        hospital: HospitalId,
        query: PaymentQuery,
    ) -> Result<Page<PaymentLine>> {
        let here: Authorized<ReadPayments, _> = self.core.authorize(call, OfHospital(hospital)).await?;
        let zone = self.zone_of(hospital).await?;
        let before = match query.page.cursor.as_deref() {
            None => (i64::MAX, Uuid::max()),
            Some(cursor) => cursor
                .split_once('~')
                .and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)))
                .ok_or_else(|| Refusal::invalid("cursor", "cursor_invalid"))?,
        };
        let limit = i64::try_from(query.page.size() + 1).unwrap_or(i64::MAX);
        let span = Span::of_dates(query.from, query.to, &zone);
        let rows = {
            let mut conn = self.core.db.read(here.reach()).await?;
            store::lists::of_hospital(&mut conn, &here, span, before, limit).await?
        };
        let rows = self.core.open(&here, rows).await?;
        let page = Page::cut(rows, query.page.size(), |row| {
            format!("{}~{}", row.payment.created_at, row.payment.id)
        });
        let items = page.items.into_iter().map(|row| {
            Ok(PaymentLine {
                payment: view(&row.payment, &zone)?,
                reference: row.reference,
                patient_name: row.patient_name,
                doctor_name: row.doctor_name,
            })
        });
        Ok(Page { items: items.collect::<Result<_>>()?, next_cursor: page.next_cursor })
    }

    pub(super) async fn sums(
        &self,
        call: &Call,
        hospital: HospitalId,
        query: PaymentQuery,
    ) -> Result<Takings> {
        let here: Authorized<ReadPayments, _> = self.core.authorize(call, OfHospital(hospital)).await?;
        let zone = self.zone_of(hospital).await?;
        let today = self.core.clock.now().to_zoned(zone.clone()).date();
        let from = query.from.unwrap_or(today);
        let to = query.to.unwrap_or(from);
        let mut findings = Findings::new();
        findings.require(to >= from, "to", "range_order");
        findings.finish()?;
        let (sums, overdue_minor) = {
            let mut conn = self.core.db.read(here.reach()).await?;
            let sums =
                store::ledger::sums(&mut conn, &here, Span::of_dates(Some(from), Some(to), &zone)).await?;
            (sums, store::refunds::overdue(&mut conn, &here, self.core.now_ms() - OVERDUE).await?)
        };
        let of = |names: &[&str]| {
            sums.iter().filter(|(name, _)| names.contains(&name.as_str())).map(|(_, sum)| sum).sum()
        };
        let snapshot = self.core.directory.snapshot(&self.core).await?;
        let currency = snapshot.hospitals.get(&hospital).map(|here| here.currency.clone());
        Ok(Takings {
            currency: currency.unwrap_or_default(),
            from,
            to,
            online_minor: of(&["provider"]),
            cash_minor: of(&["cash"]),
            card_machine_minor: of(&["card_machine"]),
            desk_minor: of(&["cash", "card_machine"]),
            suspense_minor: -of(&["suspense"]),
            overdue_minor,
        })
    }

    async fn zone_of(&self, hospital: HospitalId) -> Result<TimeZone> {
        let snapshot = self.core.directory.snapshot(&self.core).await?;
        zone(&snapshot.hospitals.get(&hospital).ok_or(Refusal::NotFound)?.time_zone)
    }

    pub(super) async fn policy_of(&self, hospital: HospitalId) -> Result<RefundPolicy> {
        self.zone_of(hospital).await?;
        let mut conn = self.core.db.read(&Reach::public()).await?;
        policy(&mut conn, hospital.0).await
    }

    pub(super) async fn change_policy(
        &self,
        call: &Call,
        hospital: HospitalId,
        policy: RefundPolicy,
    ) -> Result<RefundPolicy> {
        let here: Authorized<ManageHospital, _> = self.core.authorize(call, OfHospital(hospital)).await?;
        let mut findings = Findings::new();
        findings.require(
            POLICY_HOURS.contains(&policy.full_until_hours),
            "full_until_hours",
            "hours_out_of_range",
        );
        findings.require((0..=100).contains(&policy.late_percent), "late_percent", "percent_out_of_range");
        findings.finish()?;
        let proof = here.clone();
        self.core
            .change(&proof, move |conn| {
                let here = here.clone();
                Box::pin(async move {
                    store::set_policy(conn, &here, (policy.full_until_hours, policy.late_percent)).await
                })
            })
            .await?;
        self.policy_of(hospital).await
    }
}

/// A payment as it is shown.
fn view(row: &PaymentRow, zone: &TimeZone) -> Result<Payment> {
    let moment = |at| Ok::<_, Error>(Moment::in_zone(instant(at)?, zone));
    Ok(Payment {
        id: PaymentId(row.id),
        appointment_id: AppointmentId(row.appointment_id),
        method: PaymentMethod::parse(&row.method).map_err(Error::Stored)?,
        state: PaymentState::parse(&row.state).ok_or(Error::Stored("state of a payment"))?,
        amount: Money { amount_minor: row.amount_minor, currency: row.currency.clone() },
        captured_minor: row.captured_minor,
        refunded_minor: row.refunded_minor,
        refunding_minor: row.refunding_minor,
        receipt: row.receipt_number.map(|number| format!("R-{number:06}")),
        at: moment(row.created_at)?,
        paid_at: row.captured_at.map(moment).transpose()?,
    })
}
