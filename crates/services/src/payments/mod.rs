//! Payments: what a visit costs, the way to the provider's page, money at the desk, and money that goes back.
//!
//! What follows from what a provider says is settled in `settle`; the rules are `domain::payments`'.

mod bill;
mod cashier;
mod desk;
mod door;
pub(crate) mod follow_ups;
mod often;
mod provider;
mod refunds;
mod settle;
mod steps;
mod store;
mod worker;

use async_trait::async_trait;
use domain::{
    Call, Error as Refusal,
    appointments::{Status, alive, standing},
    ids::{AppointmentId, DoctorId, HospitalId, PaymentId, VisitTypeId},
    money::Money,
    page::Page,
    payments::{
        Bill, Checkout, FollowUpQuery, FollowUpRule, FollowUpWindow, Notice, PaymentLine, PaymentMethod,
        PaymentQuery, Payments, Receipt, RefundPayment, RefundPolicy, SetFollowUpRule, TakePayment, Takings,
    },
    time::{MINUTE, Moment},
};

pub(crate) use cashier::Cashier;
pub use cashier::PaymentSettings;
pub(crate) use refunds::{lead_of_cancelled, of_visit};
pub(crate) use store::refunds::does_not_go;
pub(crate) use worker::{run, settle_due};

use crate::{
    access::{Authorized, PayVisit},
    appointments::AppointmentRow,
    core::{Core, instant, zone},
    error::{Error, Result},
};
use often::Ways;
use provider::{Order, Provider, Way};
use store::{NewPayment, PaymentRow};

/// The provider of what is paid at the desk.
const DESK: &str = "desk";

/// The service.
pub(crate) struct PaymentService {
    core: Core,
    ways: Ways,
}

/// A visit that the caller may pay for.
type Payable = Authorized<PayVisit, AppointmentRow>;

impl PaymentService {
    pub(crate) fn new(core: Core) -> Self {
        Self { core, ways: Ways::default() }
    }

    async fn lead_to_checkout(&self, call: &Call, id: AppointmentId) -> Result<Checkout> {
        let visit: Payable = self.core.aim(call, id).await?;
        let row = visit.object();
        let now = self.core.now_ms();
        let status = Status::parse(&row.status).ok_or(Error::Stored("status"))?;
        let until = alive(status, row.hold_expires_at, now)?;
        if standing(status, Some(until), now) != Status::PendingPayment {
            return Err(Error::conflict(domain::error::Conflict::WrongStatus));
        }
        let asking = (visit.by(), id);
        let (payment, way) = if let Some(known) = self.ways.recent(asking, now) {
            known
        } else {
            let found = self.way(call, &visit, until).await?;
            self.ways.keep(asking, now, found.clone());
            found
        };
        Ok(Checkout {
            payment_id: PaymentId(payment.id),
            amount: Money { amount_minor: payment.amount_minor, currency: payment.currency },
            method: way.method.to_owned(),
            url: way.url,
            fields: way.fields,
            held_until: Moment::in_zone(instant(until)?, &zone(&row.time_zone)?),
        })
    }

    /// The way to the provider's page, with the payment that it is for.
    async fn way(&self, call: &Call, visit: &Payable, until: i64) -> Result<(PaymentRow, Way)> {
        self.not_too_often(visit).await?;
        let here = self.core.cashier.provider().ok_or(Refusal::Unavailable)?.code();
        let payment = self.begun(visit, here, until).await?;
        // It may have been begun before the house changed its provider: then it is paid where it was begun.
        let provider = self.core.cashier.of(&payment.provider).cloned().ok_or_else(|| absent(&payment))?;
        let order = self.order(call, visit.object(), &payment)?;
        let order_id = self.ordered(visit, &*provider, &payment, &order).await?;
        let way = provider.way(&order_id, &order).await.map_err(|trouble| unreachable(&payment, &trouble))?;
        Ok((payment, way))
    }

    /// The visit's one payment through a provider, begun now if it was not before. It is looked at when the hold ends at the latest: until
    /// then its time is offered to nobody else, and not for longer.
    async fn begun(&self, visit: &Payable, provider: &'static str, until: i64) -> Result<PaymentRow> {
        let row = visit.object();
        let now = self.core.now_ms();
        let new = NewPayment {
            id: self.core.new_id(),
            hospital: row.hospital_id,
            patient: row.patient_id,
            appointment: row.id,
            provider,
            method: PaymentMethod::Online.code(),
            amount_minor: row.price_minor,
            currency: row.currency.clone(),
            by: visit.by().0,
            now,
            look_at: Some(until.min(now + MINUTE)),
        };
        let id = row.id;
        self.core
            .change(visit, move |conn| {
                let new = new.clone();
                Box::pin(async move {
                    store::insert(conn, &new).await?;
                    let found = store::of_visit(conn, id).await?;
                    let online = found.into_iter().find(|payment| payment.provider != DESK);
                    online.ok_or(Error::Stored("a payment that was begun"))
                })
            })
            .await
    }

    fn order(&self, call: &Call, row: &AppointmentRow, payment: &PaymentRow) -> Result<Order> {
        let principal = call.actor.signed_in()?;
        let (return_url, cancel_url) = self.core.cashier.ways_back(&payment.provider, AppointmentId(row.id));
        Ok(Order {
            receipt: cashier::receipt(payment.id),
            amount_minor: payment.amount_minor,
            currency: payment.currency.clone(),
            // The reference, and nothing of what the visit is about: the provider's people read it, too.
            description: format!("CareSync {}", row.reference),
            return_url,
            cancel_url,
            name: principal.full_name.clone(),
            email: principal.email.clone(),
            begun_at: payment.created_at,
        })
    }

    /// The provider's name for the order, which is begun there if it was not before.
    async fn ordered(
        &self,
        visit: &Payable,
        provider: &dyn Provider,
        payment: &PaymentRow,
        order: &Order,
    ) -> Result<String> {
        if let Some(order_id) = &payment.order_id {
            return Ok(order_id.clone());
        }
        let fresh = provider.open(order).await.map_err(|trouble| unreachable(payment, &trouble))?;
        let (id, look_at) = (payment.id, self.core.now_ms() + MINUTE);
        let row = self
            .core
            .db
            .write(visit.reach(), move |conn| {
                let fresh = fresh.clone();
                Box::pin(async move {
                    store::set_order(conn, id, &fresh, look_at).await?;
                    Ok(store::find(conn, id).await?.ok_or(Refusal::NotFound)?)
                })
            })
            .await?;
        // Another tab may have been faster; nobody will pay for the order that was begun in vain.
        row.order_id.ok_or(Error::Stored("an order that was begun"))
    }
}

/// The hold ends in minutes, and what is begun then is begun elsewhere.
fn absent(payment: &PaymentRow) -> Refusal {
    tracing::error!(payment = %payment.id, provider = %payment.provider, "a payment was begun at a provider whose keys are not given");
    Refusal::Unavailable
}

fn unreachable(payment: &PaymentRow, trouble: &provider::Trouble) -> Refusal {
    tracing::warn!(payment = %payment.id, %trouble, "the way to the provider's page cannot be had");
    Refusal::Unavailable
}

#[async_trait]
impl Payments for PaymentService {
    async fn bill(&self, call: &Call, id: AppointmentId) -> domain::Result<Bill> {
        Ok(self.billed(call, id).await?)
    }

    async fn checkout(&self, call: &Call, id: AppointmentId) -> domain::Result<Checkout> {
        Ok(self.lead_to_checkout(call, id).await?)
    }

    async fn take(&self, call: &Call, id: AppointmentId, command: TakePayment) -> domain::Result<Bill> {
        Ok(self.take_at_desk(call, id, command).await?)
    }

    async fn refund(&self, call: &Call, id: PaymentId, command: RefundPayment) -> domain::Result<Bill> {
        Ok(self.give_back_by_hand(call, id, command).await?)
    }

    async fn receipt(&self, call: &Call, id: PaymentId) -> domain::Result<Receipt> {
        Ok(self.receipted(call, id).await?)
    }

    async fn list(
        &self,
        call: &Call,
        hospital: HospitalId,
        query: PaymentQuery,
    ) -> domain::Result<Page<PaymentLine>> {
        Ok(self.lines(call, hospital, query).await?)
    }

    async fn takings(
        &self,
        call: &Call,
        hospital: HospitalId,
        query: PaymentQuery,
    ) -> domain::Result<Takings> {
        Ok(self.sums(call, hospital, query).await?)
    }

    async fn policy(&self, hospital: HospitalId) -> domain::Result<RefundPolicy> {
        Ok(self.policy_of(hospital).await?)
    }

    async fn set_policy(
        &self,
        call: &Call,
        hospital: HospitalId,
        policy: RefundPolicy,
    ) -> domain::Result<RefundPolicy> {
        Ok(self.change_policy(call, hospital, policy).await?)
    }

    async fn follow_up_rule(
        &self,
        call: &Call,
        hospital: HospitalId,
        visit_type: VisitTypeId,
    ) -> domain::Result<FollowUpRule> {
        Ok(self.rule_of(call, hospital, visit_type).await?)
    }

    async fn set_follow_up_rule(
        &self,
        call: &Call,
        hospital: HospitalId,
        visit_type: VisitTypeId,
        rule: SetFollowUpRule,
    ) -> domain::Result<FollowUpRule> {
        Ok(self.change_rule(call, hospital, visit_type, rule).await?)
    }

    async fn follow_ups(
        &self,
        call: &Call,
        doctor: DoctorId,
        query: FollowUpQuery,
    ) -> domain::Result<Vec<FollowUpWindow>> {
        Ok(self.open_windows(call, doctor, query).await?)
    }

    async fn notice(&self, notice: Notice) -> domain::Result<()> {
        Ok(self.noticed(notice).await?)
    }

    async fn returned(&self, provider: &str, form: &[(String, String)]) -> domain::Result<AppointmentId> {
        Ok(self.came_back(provider, form).await?)
    }
}
