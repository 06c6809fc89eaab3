//! Money at the desk: what it takes, and what an administrator gives back by hand, at the desk or through the provider.
//!
//! What goes back by itself is in `refunds`.

use domain::{
    Call, Error as Refusal,
    appointments::Status,
    error::{Conflict, Findings},
    ids::{AppointmentId, PatientId, PaymentId},
    payments::{Bill, PaymentMethod, PaymentState, RefundPayment, TakePayment},
    text,
};

use super::{
    DESK, PaymentService, follow_ups,
    store::{
        self, Change, NewPayment, PaymentRow,
        ledger::{self, Account},
        refunds::NewRefund,
    },
};
use crate::{
    access::{Authorized, RefundPayment as MayRefund, TakePayment as MayTake},
    appointments::{AppointmentRow, Minders, find_visit},
    core::Core,
    db::{Conn, Reach},
    error::{Error, Result},
    idempotency::{self, Keyed},
    mail::{self, Letter, Money},
};

/// A visit for which the caller may take money.
type Takes = Authorized<MayTake, AppointmentRow>;

impl PaymentService {
    pub(super) async fn take_at_desk(
        &self,
        call: &Call,
        id: AppointmentId,
        command: TakePayment,
    ) -> Result<Bill> {
        let visit: Takes = self.core.aim(call, id).await?;
        let keyed = Keyed::of(call, "take_payment", &(id, &command))?;
        let mut findings = Findings::new();
        findings.require(command.method != PaymentMethod::Online, "method", "unknown_value");
        findings.require(command.amount_minor > 0, "amount_minor", "amount_needed");
        findings.finish()?;
        let row = visit.object();
        let new = NewPayment {
            id: self.core.new_id(),
            hospital: row.hospital_id,
            patient: row.patient_id,
            appointment: row.id,
            provider: DESK,
            method: command.method.code(),
            amount_minor: command.amount_minor,
            currency: row.currency.clone(),
            by: visit.by().0,
            now: self.core.now_ms(),
            look_at: None,
        };
        let inside = self.core.clone();
        self.core
            .change(&visit, move |conn| {
                let (core, new, keyed) = (inside.clone(), new.clone(), keyed.clone());
                Box::pin(async move {
                    if idempotency::earlier_or(conn, keyed.as_ref(), new.id, new.now).await?.is_some() {
                        return Ok(());
                    }
                    take(&core, conn, &new, command.method).await
                })
            })
            .await?;
        self.billed(call, id).await
    }

    pub(super) async fn give_back_by_hand(
        &self,
        call: &Call,
        id: PaymentId,
        command: RefundPayment,
    ) -> Result<Bill> {
        let (visit, row): (Authorized<MayRefund, AppointmentRow>, _) = self.payment(call, id).await?;
        let keyed = Keyed::of(call, "refund_payment", &(id, &command))?;
        let mut findings = Findings::new();
        let reason = findings.take("reason", text::required(&command.reason, 300));
        findings.require(command.amount_minor > 0, "amount_minor", "amount_needed");
        findings.finish()?;
        let state = if row.provider == DESK { "done" } else { "requested" };
        let refund = NewRefund {
            amount_minor: command.amount_minor,
            state,
            reason,
            provider_refund: None,
            by: Some(visit.by().0),
        };
        let minders = Minders::of(&self.core, &visit, PatientId(row.patient_id)).await?;
        let payer = self.payer(&visit, &row).await?;
        let appointment = AppointmentId(row.appointment_id);
        let (payment, now, core) = (row.id, self.core.now_ms(), self.core.clone());
        self.core
            .change(&visit, move |conn| {
                let (refund, keyed) = (refund.clone(), keyed.clone());
                let (core, minders, payer) = (core.clone(), minders.clone(), payer.clone());
                Box::pin(async move {
                    if idempotency::earlier_or(conn, keyed.as_ref(), payment, now).await?.is_some() {
                        return Ok(());
                    }
                    let row = store::find(conn, payment).await?.ok_or(Refusal::NotFound)?;
                    refunded(conn, (&core, &minders, payer.as_deref()), &row, &refund, now).await
                })
            })
            .await?;
        self.core.cashier.wake();
        self.core.mail.wake();
        self.billed(call, appointment).await
    }

    /// The address of whoever has paid: a hospital does not reach patients' accounts.
    async fn payer(
        &self,
        _proof: &Authorized<MayRefund, AppointmentRow>,
        row: &PaymentRow,
    ) -> Result<Option<String>> {
        let reach = Reach::house("the letter goes to whoever has paid");
        let found = store::address_of(&mut self.core.db.read(&reach).await?, row.created_by).await?;
        Ok(found.map(|(email,)| email))
    }
}

/// Notes the money, if so much is still to be paid, as the bill says it.
async fn take(core: &Core, conn: &mut Conn, new: &NewPayment, method: PaymentMethod) -> Result<()> {
    store::take_turn(conn, new.appointment).await?;
    let visit = find_visit(conn, AppointmentId(new.appointment)).await?.ok_or(Refusal::NotFound)?;
    let status = Status::parse(&visit.status).ok_or(Error::Stored("status"))?;
    if !status.takes_place() {
        return Err(Error::conflict(Conflict::WrongStatus));
    }
    let rows = store::of_visit(conn, new.appointment).await?;
    // What the provider is just asked to take comes besides, in most cases.
    if let Some(row) = rows.iter().find(|row| row.state == PaymentState::Capturing.code()) {
        let is_asked = core.cashier.of(&row.provider).is_some();
        return Err(Error::conflict(if is_asked { Conflict::BeingPaid } else { Conflict::ProviderAbsent }));
    }
    let paid: i64 = rows.iter().map(PaymentRow::left_minor).sum();
    let due = visit.price_minor - paid;
    if due <= 0 {
        return Err(Error::conflict(Conflict::AlreadyDone));
    }
    if new.amount_minor > due {
        return Err(Refusal::invalid("amount_minor", "more_than_due").into());
    }
    store::insert(conn, new).await?;
    let row = store::find(conn, new.id).await?.ok_or(Error::Stored("a payment"))?;
    let number = store::next_receipt(conn, row.hospital_id).await?;
    let change = Change {
        state: PaymentState::Captured.code(),
        captured_minor: new.amount_minor,
        captured_at: Some(new.now),
        provider_payment: None,
        receipt_number: Some(number),
    };
    store::update(conn, &row, &change, "desk", new.now).await?;
    let till = till(method);
    let amount = (new.amount_minor, new.currency.as_str());
    ledger::post(conn, &row, &format!("cap:{}", row.id), (till, Account::Income), amount, new.now).await
}

fn till(method: PaymentMethod) -> Account {
    match method {
        PaymentMethod::Cash => Account::Cash,
        PaymentMethod::CardMachine => Account::CardMachine,
        PaymentMethod::Online => Account::Provider,
    }
}

/// Notes what goes back: at the desk it is out of the till at once, through the provider it is asked for next.
async fn refunded(
    conn: &mut Conn,
    (core, minders, payer): (&Core, &Minders, Option<&str>),
    row: &PaymentRow,
    refund: &NewRefund,
    now: i64,
) -> Result<()> {
    if row.state != PaymentState::Captured.code() {
        return Err(Error::conflict(Conflict::WrongStatus));
    }
    if row.provider != DESK && core.cashier.of(&row.provider).is_none() {
        return Err(Error::conflict(Conflict::ProviderAbsent));
    }
    // Nobody books a visit that is free because of this one meanwhile.
    store::take_turn(conn, row.appointment_id).await?;
    if refund.amount_minor > row.left_minor() {
        return Err(Refusal::invalid("amount_minor", "more_than_paid").into());
    }
    let number = store::refunds::insert(conn, row, refund, now).await?;
    follow_ups::look_again(conn, row.appointment_id, now, Some(minders)).await?;
    if row.provider == DESK {
        let method = PaymentMethod::parse(&row.method).map_err(Error::Stored)?;
        let key = format!("ref:{}:{number}", row.id);
        let amount = (refund.amount_minor, row.currency.as_str());
        return ledger::post(conn, row, &key, (Account::Income, till(method)), amount, now).await;
    }
    store::look_now(conn, row.id, now).await?;
    let Some(email) = payer else { return Ok(()) };
    let letter =
        Letter::Payment { account: row.created_by, appointment: row.appointment_id, what: Money::Refund };
    mail::post(conn, &mail::draft(core, email, letter)).await
}
