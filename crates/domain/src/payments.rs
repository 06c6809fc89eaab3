//! Payments: what a visit costs, what was paid and given back, and the way to the page where it is paid.
//!
//! Card data never come here: they are given on a page of the payment provider. What follows from what the provider says is in
//! [`flow`], when it is asked in [`patience`], how many payments are begun in [`begun`], what goes back of a cancelled visit in [`policy`],
//! and which visits are free because another was paid for in [`follow_ups`].

pub mod begun;
pub mod flow;
pub mod follow_ups;
pub mod patience;
pub mod policy;

use async_trait::async_trait;
use jiff::civil;
use serde::{Deserialize, Serialize};

use crate::{
    access::Call,
    appointments::Status,
    error::Result,
    ids::{AppointmentId, DoctorId, HospitalId, PaymentId, VisitTypeId},
    money::Money,
    page::{Page, PageQuery},
    time::Moment,
};

pub use flow::PaymentState;
pub use follow_ups::{FollowUpOf, FollowUpQuery, FollowUpRule, FollowUpWindow, SetFollowUpRule};
pub use policy::RefundPolicy;

/// How something was paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PaymentMethod {
    /// On the page of a payment provider.
    Online,
    /// With notes and coins at the desk.
    Cash,
    /// With the card machine at the desk.
    CardMachine,
}

impl PaymentMethod {
    /// The code in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Cash => "cash",
            Self::CardMachine => "card_machine",
        }
    }

    /// Reads a code; refuses with `unknown_value`.
    pub fn parse(code: &str) -> std::result::Result<Self, &'static str> {
        [Self::Online, Self::Cash, Self::CardMachine]
            .into_iter()
            .find(|method| method.code() == code)
            .ok_or("unknown_value")
    }
}

/// One payment for a visit, as those see it who may: its patient's side, and the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Payment {
    /// Its id.
    pub id: PaymentId,
    /// Which visit.
    pub appointment_id: AppointmentId,
    /// How.
    pub method: PaymentMethod,
    /// Where it stands.
    pub state: PaymentState,
    /// What was to be paid.
    pub amount: Money,
    /// What was paid, in minor units.
    pub captured_minor: i64,
    /// What was given back of it, in minor units.
    pub refunded_minor: i64,
    /// What is on its way back, in minor units.
    pub refunding_minor: i64,
    /// Number of the receipt, unique in the hospital, once it was paid.
    pub receipt: Option<String>,
    /// When it was begun.
    pub at: Moment,
    /// When the money had arrived.
    pub paid_at: Option<Moment>,
}

impl Payment {
    /// What was paid and neither went back nor is on its way, in minor units.
    pub fn left_minor(&self) -> i64 {
        self.captured_minor - self.refunded_minor - self.refunding_minor
    }
}

/// What a visit costs and what has become of that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bill {
    /// Which visit.
    pub appointment_id: AppointmentId,
    /// Its reference.
    pub reference: String,
    /// Where it stands.
    pub status: Status,
    /// Until when its time is held, where it is.
    pub held_until: Option<Moment>,
    /// The price that was agreed.
    pub price: Money,
    /// What was paid and not given back, in minor units.
    pub paid_minor: i64,
    /// What is still to be paid, in minor units; nothing for a visit that does not take place.
    pub due_minor: i64,
    /// What goes back by itself if the caller cancels now, in minor units: by the policy to the patient's side, which moving it first gives
    /// nothing more; all that was paid online where the hospital cancels.
    pub refund_if_cancelled_minor: i64,
    /// Payments, the latest first.
    pub payments: Vec<Payment>,
    /// Whether the caller may take money at the desk for it.
    pub takes_money: bool,
    /// Whether the caller may give money back.
    pub gives_back: bool,
    /// The paid visit because of which this one is free.
    #[serde(default)]
    pub follow_up_of: Option<FollowUpOf>,
    /// The free visits that it has opened, where it was paid for; or opens, when it is.
    #[serde(default)]
    pub opens: Option<FollowUpWindow>,
    /// When visits begin that are cancelled with it if the caller cancels now: free because of it, and else paid for when they are booked. None
    /// where the hospital cancels.
    #[serde(default)]
    pub cancels_too: Vec<Moment>,
    /// Whether its time is kept for somebody on the waiting list who has not answered yet.
    #[serde(default)]
    pub offered: bool,
}

impl Bill {
    /// Whether money for it is just on its way online: until that is known, the desk takes none.
    pub fn is_being_paid(&self) -> bool {
        self.payments.iter().any(|payment| payment.state == PaymentState::Capturing)
    }

    /// What was paid online and not given back, in minor units: only that goes back by itself.
    pub fn paid_online_minor(&self) -> i64 {
        let online = self.payments.iter().filter(|payment| payment.method == PaymentMethod::Online);
        online.map(Payment::left_minor).sum()
    }
}

/// The way to the provider's page: a form that the browser sends there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Checkout {
    /// Which payment.
    pub payment_id: PaymentId,
    /// What is to be paid.
    pub amount: Money,
    /// `post` for a form, or `link` where the address is all there is.
    pub method: String,
    /// Where the form goes.
    pub url: String,
    /// Its fields, name and value.
    pub fields: Vec<(String, String)>,
    /// Until when the time is held.
    pub held_until: Moment,
}

/// Money that the desk has taken.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TakePayment {
    /// In cash, or with the card machine.
    pub method: PaymentMethod,
    /// How much, in minor units; at most what is due.
    pub amount_minor: i64,
}

/// Money that goes back.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RefundPayment {
    /// How much, in minor units; at most what was paid and not given back.
    pub amount_minor: i64,
    /// Why; at most 300 characters. The patient can read it.
    pub reason: String,
}

/// Which payments of a hospital are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentQuery {
    /// From this local date on.
    pub from: Option<civil::Date>,
    /// To this local date, included.
    pub to: Option<civil::Date>,
    /// Which part.
    #[serde(flatten)]
    pub page: PageQuery,
}

/// A payment in a hospital's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PaymentLine {
    /// The payment.
    pub payment: Payment,
    /// Reference of its visit.
    pub reference: String,
    /// Whose visit.
    pub patient_name: String,
    /// With whom.
    pub doctor_name: String,
}

/// What a hospital took and gave back between two dates, from the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Takings {
    /// Currency of all sums.
    pub currency: String,
    /// First date.
    pub from: civil::Date,
    /// Last date, included.
    pub to: civil::Date,
    /// Through the payment provider, what went back already taken off, in minor units.
    pub online_minor: i64,
    /// At the desk in cash, what went back already taken off, in minor units: by so much the drawer has grown.
    pub cash_minor: i64,
    /// At the desk with the card machine, what went back already taken off, in minor units.
    pub card_machine_minor: i64,
    /// At the desk in both ways, what went back already taken off, in minor units.
    pub desk_minor: i64,
    /// What nobody can explain yet, in minor units.
    pub suspense_minor: i64,
    /// What was to go back and does not, in minor units, whenever it was paid: the payment provider could not send it, or has not taken it
    /// on for more than a day.
    pub overdue_minor: i64,
}

/// A receipt, as it is printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// Its number, unique in the hospital.
    pub number: String,
    /// The payment.
    pub payment: Payment,
    /// Reference of the visit.
    pub reference: String,
    /// Who takes the money.
    pub hospital_name: String,
    /// Her address.
    pub hospital_address: String,
    /// For whom.
    pub patient_name: String,
    /// With whom.
    pub doctor_name: String,
    /// What.
    pub visit_type_name: String,
    /// When the visit is or was.
    pub visit_start: Moment,
    /// What went back, and when.
    pub refunds: Vec<Refunded>,
    /// The free visits that the payment has opened.
    #[serde(default)]
    pub opens: Option<FollowUpWindow>,
}

/// Money that went back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Refunded {
    /// How much, in minor units.
    pub amount_minor: i64,
    /// When it was decided.
    pub at: Moment,
    /// Why, if somebody wrote that down.
    pub reason: Option<String>,
    /// Whether the provider has sent it.
    pub done: bool,
}

/// What came to the door of the house from a payment provider, as it came.
#[derive(Debug, Clone)]
pub struct Notice {
    /// The code of the provider, as the address names it.
    pub provider: String,
    /// Headers that the provider signs with, in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, byte for byte: the signature is over these.
    pub body: Vec<u8>,
}

/// Operations on payments.
#[async_trait]
pub trait Payments: Send + Sync {
    /// What a visit costs and what was paid. Its patient's side where it may pay or book, the desk and administrators.
    /// *Errors*: `NotFound`.
    async fn bill(&self, call: &Call, id: AppointmentId) -> Result<Bill>;

    /// The way to the provider's page for a time that is held until it is paid for. Who may pay for its patient.
    /// *Errors*: `NotFound`, `Conflict(HoldEnded | WrongStatus)`, `Unavailable` when the provider does not answer or cannot be asked,
    /// `TooMany` for whoever begins many payments and pays none ([`begun`]).
    async fn checkout(&self, call: &Call, id: AppointmentId) -> Result<Checkout>;

    /// Notes money that the desk has taken. Desk and administrators.
    /// *Errors*: `NotFound`, `Invalid` (`method`, `amount_minor`), `Conflict(WrongStatus | BeingPaid | AlreadyDone)`.
    async fn take(&self, call: &Call, id: AppointmentId, command: TakePayment) -> Result<Bill>;

    /// Gives money back. Administrators, who have proven anew who they are. *Errors*: `NotFound`, `Invalid` (`amount_minor`, `reason`),
    /// `Conflict(WrongStatus | ProviderAbsent)`: the second where the provider that has the money cannot be asked for it.
    async fn refund(&self, call: &Call, id: PaymentId, command: RefundPayment) -> Result<Bill>;

    /// The receipt of a payment. As [`Payments::bill`]. *Errors*: `NotFound`, also while nothing was paid.
    async fn receipt(&self, call: &Call, id: PaymentId) -> Result<Receipt>;

    /// A hospital's payments, latest first. Desk and administrators.
    async fn list(&self, call: &Call, hospital: HospitalId, query: PaymentQuery)
    -> Result<Page<PaymentLine>>;

    /// What a hospital took between two dates; today when they are absent. Desk and administrators.
    async fn takings(&self, call: &Call, hospital: HospitalId, query: PaymentQuery) -> Result<Takings>;

    /// What a hospital gives back when the patient's side cancels. Anybody: it is part of what is agreed. *Errors*: `NotFound`.
    async fn policy(&self, hospital: HospitalId) -> Result<RefundPolicy>;

    /// Changes it, for cancellations from now on. Administrators of the hospital. *Errors*: `Invalid`.
    async fn set_policy(
        &self,
        call: &Call,
        hospital: HospitalId,
        policy: RefundPolicy,
    ) -> Result<RefundPolicy>;

    /// What a paid visit of a type opens. Administrators of the hospital. *Errors*: `NotFound`.
    async fn follow_up_rule(
        &self,
        call: &Call,
        hospital: HospitalId,
        visit_type: VisitTypeId,
    ) -> Result<FollowUpRule>;

    /// Changes it, for visits that are booked from now on. Administrators of the hospital. *Errors*: `NotFound`, `Invalid` (`visits`,
    /// `days`, `visit_type_ids`), `Conflict(StaleVersion)`.
    async fn set_follow_up_rule(
        &self,
        call: &Call,
        hospital: HospitalId,
        visit_type: VisitTypeId,
        rule: SetFollowUpRule,
    ) -> Result<FollowUpRule>;

    /// What a patient's paid visits with a doctor have opened and is not used up. Who may book for the patient. *Errors*: `NotFound`.
    async fn follow_ups(
        &self,
        call: &Call,
        doctor: DoctorId,
        query: FollowUpQuery,
    ) -> Result<Vec<FollowUpWindow>>;

    /// What a provider tells by itself. Believed no further than that it is worth asking. *Errors*: `Invalid` (`signature`), `NotFound`
    /// for a provider that is not used here.
    async fn notice(&self, notice: Notice) -> Result<()>;

    /// Somebody comes back from the provider's page with this form: the house asks at once what came of it, unless it knows the end or
    /// has just done so for another return, and says which visit it was. *Errors*: as [`Payments::notice`].
    async fn returned(&self, provider: &str, form: &[(String, String)]) -> Result<AppointmentId>;
}
