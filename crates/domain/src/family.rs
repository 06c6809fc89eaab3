//! Acting for somebody else: a parent for a child, a grown child for a parent, a partner, a carer.
//!
//! Deciding with it is in [`crate::access`]: an arrangement gives rights only while it holds, and only those that were given.

mod arrangement;
mod permissions;

use async_trait::async_trait;
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    access::Call,
    accounts::OwnPatient,
    error::Result,
    ids::{AccountId, OfferId, PatientId},
};

pub use arrangement::{ACCOUNT_AGE, Arrangement, Given, OWN_AGE, PRIVATE_AGE, birthday, younger_after};
pub use permissions::{Permission, Permissions};

/// Most people for whom one account acts, and most who act for one patient.
pub const MOST: i64 = 12;
/// How many days an offer can be answered.
pub const OFFER_DAYS: i64 = 30;
/// So many offers an account makes in a day at most.
pub const OFFERS_A_DAY: i64 = 20;
/// So often a wrong date of birth may be given when a record is taken over.
pub const TRIES: i64 = 5;
/// So many days before a birthday that changes something those whom it concerns are told.
pub const NOTICE_DAYS: [i32; 3] = [90, 30, 7];

/// What the account holder is to the patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Mother, father or guardian.
    Parent,
    /// Son or daughter.
    Child,
    /// Husband, wife, partner.
    Partner,
    /// Somebody else who cares for her.
    Carer,
}

impl Relation {
    /// All of them, in the order in which people are asked.
    pub const ALL: [Self; 4] = [Self::Child, Self::Partner, Self::Parent, Self::Carer];
    /// What somebody can be to a child.
    pub const TO_A_CHILD: [Self; 2] = [Self::Parent, Self::Carer];

    /// The code in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Parent => "parent",
            Self::Child => "child",
            Self::Partner => "partner",
            Self::Carer => "carer",
        }
    }

    /// Reads a code; refuses with `unknown_value`.
    pub fn parse(code: &str) -> std::result::Result<Self, &'static str> {
        Self::ALL.into_iter().find(|relation| relation.code() == code).ok_or("unknown_value")
    }
}

/// Somebody for whom the account acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Cared {
    /// Whom.
    pub patient_id: PatientId,
    /// Her name.
    pub full_name: String,
    /// Her date of birth.
    pub birth_date: Date,
    /// What the account holder is to her.
    pub relation: Relation,
    /// What may be done today.
    pub permissions: Permissions,
    /// From which day on.
    pub from: Option<Date>,
    /// Until which day, included.
    pub until: Option<Date>,
    /// When her age changes something next.
    pub changes_on: Option<Date>,
    /// Whether the account holder chooses who else looks after her.
    pub guards: bool,
    /// Whether the account holder can give her an account of her own.
    pub hands_over: bool,
}

/// Somebody who acts for a patient whom the account owns, or for a small child whom it has the care of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Helper {
    /// For whom.
    pub patient_id: PatientId,
    /// Her name.
    pub patient_name: String,
    /// Who.
    pub account_id: AccountId,
    /// Name.
    pub full_name: String,
    /// Address; only for whoever may change it.
    pub email: Option<String>,
    /// What she is to the patient.
    pub relation: Relation,
    /// What holds, or will from its first day on, at the patient's age.
    pub permissions: Permissions,
    /// From which day on.
    pub from: Option<Date>,
    /// Until which day, included.
    pub until: Option<Date>,
    /// What of it holds today.
    pub today: Permissions,
    /// Whether the caller may change and end it: the patient any, whoever has the care of a child what she has given.
    pub changeable: bool,
}

/// What is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OfferKind {
    /// To act for the patient.
    Help,
    /// To take over one's own record, with an account of one's own.
    OwnAccount,
}

/// Somebody was asked and has not answered, or has said no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Offer {
    /// Its id.
    pub id: OfferId,
    /// What is offered.
    pub kind: OfferKind,
    /// For whom.
    pub patient_id: PatientId,
    /// Her name.
    pub patient_name: String,
    /// Who is asked.
    pub email: String,
    /// Name of who asks.
    pub asked_by: String,
    /// What the one who is asked is to the patient.
    pub relation: Relation,
    /// What she may do.
    pub permissions: Permissions,
    /// From which day on.
    pub from: Option<Date>,
    /// Until which day, included.
    pub until: Option<Date>,
    /// Until when it can be answered.
    pub expires_at: Timestamp,
    /// Whether the answer was no.
    pub declined: bool,
}

/// Everybody around an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Family {
    /// The patients whom the account owns.
    pub own: Vec<OwnPatient>,
    /// For whom the account acts.
    pub cares_for: Vec<Cared>,
    /// Who acts for its own patients, and for the small children whom it has the care of.
    pub helpers: Vec<Helper>,
    /// Whom it has asked.
    pub asked: Vec<Offer>,
    /// What it is asked, by its confirmed address.
    pub offers: Vec<Offer>,
}

/// Adds a child under sixteen.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddChild {
    /// Full name.
    pub full_name: String,
    /// ISO date.
    pub birth_date: String,
}

/// What somebody may do, and for how long.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// What she may do; at least one thing.
    pub permissions: Permissions,
    /// From this day on, ISO; at once when absent.
    #[serde(default)]
    pub from: Option<String>,
    /// Until this day, included, ISO; without end when absent.
    #[serde(default)]
    pub until: Option<String>,
}

/// Asks somebody to act for a patient.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OfferHelp {
    /// Her address. If it has no account yet, the mail says how to make one.
    pub email: String,
    /// What she is to the patient; for a child `parent` or `carer`.
    pub relation: Relation,
    /// What she may do; at least one thing.
    pub permissions: Permissions,
    /// From this day on, ISO; at once when absent.
    #[serde(default)]
    pub from: Option<String>,
    /// Until this day, included, ISO; without end when absent.
    #[serde(default)]
    pub until: Option<String>,
}

/// Gives a child who is old enough an account of her own.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// The child's own address.
    pub email: String,
}

/// Answers an offer.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AnswerOffer {
    /// Yes or no.
    pub accept: bool,
    /// For a record that is taken over: the date of birth in it, ISO, so that it goes to nobody else.
    #[serde(default)]
    pub birth_date: Option<String>,
}

/// Operations on the family.
#[async_trait]
pub trait Families: Send + Sync {
    /// Everybody around the caller's account. *Errors*: `Unauthenticated`.
    async fn around(&self, call: &Call) -> Result<Family>;

    /// Adds a child: a new patient, for whom the account acts until she is sixteen. A confirmed account.
    /// *Errors*: `EmailUnverified`, `Invalid` (`birth_date`: `child_too_old`), `Conflict(TooManyPeople)`.
    async fn add_child(&self, call: &Call, command: AddChild) -> Result<OwnPatient>;

    /// Asks somebody to act for a patient; a mail goes to her, and the answer is the same whether the address has an account. The
    /// patient's own account, or whoever has the care of a small child.
    /// *Errors*: `NotFound`, `EmailUnverified`, `Invalid`, `Conflict(TooManyPeople)`, `TooMany`.
    async fn offer(&self, call: &Call, patient: PatientId, command: OfferHelp) -> Result<Offer>;

    /// Gives a child from thirteen on an account of her own; a mail goes to her. Her parents, while she has none.
    /// *Errors*: `NotFound`, `EmailUnverified`, `Invalid`, `TooMany`.
    async fn hand_over(&self, call: &Call, patient: PatientId, command: HandOver) -> Result<Offer>;

    /// What the account is asked. The account that has confirmed the address. *Errors*: `NotFound` when it was answered or has ended.
    async fn offered(&self, call: &Call, offer: OfferId) -> Result<Offer>;

    /// Answers it. The account that has confirmed the address.
    /// *Errors*: `NotFound`, `Invalid` (`birth_date`: `not_this_date`), `Conflict(TooManyPeople / HelpsAlready)`.
    async fn answer(&self, call: &Call, offer: OfferId, command: AnswerOffer) -> Result<()>;

    /// Takes an offer back that nobody has accepted. The account that has made it. *Errors*: `NotFound`.
    async fn withdraw(&self, call: &Call, offer: OfferId) -> Result<()>;

    /// Changes what somebody may do, and for how long. Whoever may end it, but for the one that helps.
    /// *Errors*: `NotFound`, `Invalid`.
    async fn change(&self, call: &Call, patient: PatientId, helper: AccountId, command: Terms) -> Result<()>;

    /// Ends it, at once: by the patient, by whoever has given it for a child, or by the one that helps. A child whom nobody else
    /// looks after and who has had no visit is removed with it.
    /// *Errors*: `NotFound`, `Conflict(LastHelper)` when nobody would look after the patient any more.
    async fn end(&self, call: &Call, patient: PatientId, helper: AccountId) -> Result<()>;
}
