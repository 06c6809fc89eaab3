//! Mail: letters are written down in the transaction of their cause, and a worker sends them until they arrive.
//!
//! It decides nothing about accounts: who gets a link is in `credentials`, what a letter says in `locales/mail`.

mod compose;
mod emergencies;
mod follow_ups;
mod series;
pub(crate) mod store;
mod texts;
mod transport;
mod visits;
mod waitlist;
mod worker;

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{
    core::Core,
    credentials::links::Purpose,
    db::{Conn, OpenError},
    error::{Error, Result},
    secrets,
};
use transport::Transport;
pub(crate) use worker::{deliver_all, run};

const HOUR_MS: i64 = 60 * 60 * 1000;
/// So many letters of one kind an address gets within an hour; more would help nobody but whoever wants to annoy its owner.
const OFTEN: i64 = 5;
/// So many about visits that the patient's own side books or waits for: no helper fills a mailbox.
const BOOKINGS: i64 = 20;

/// How mail leaves.
#[derive(Debug, Clone, Default)]
pub struct MailSettings {
    /// Address of the mail server, such as `smtps://user:password@mail.example:465`; without one, letters become files.
    pub smtp_url: Option<String>,
    /// From whom, such as `CareSync <no-reply@care.example>`.
    pub from: Option<String>,
    /// What links begin with: scheme and host, without a slash at the end.
    pub origin: String,
}

/// A letter that is to be written. It names things by their ids and holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "topic", rename_all = "snake_case")]
pub(crate) enum Letter {
    /// To the address of a new account: confirm it, or sign in if there is an account already.
    Confirm { account: Uuid, next: String },
    /// To an address for which somebody wants a new password.
    Forgot { email: String },
    /// To the owner of an account whose password was changed.
    PasswordChanged { account: Uuid },
    /// To an address that an account wants to use from now on.
    Change { account: Uuid, email: String },
    /// To the address that an account has used until now.
    AddressChanged { account: Uuid, before: String },
    /// To the owner of an account that asks for a code from now on, or no longer does.
    SecondFactor { account: Uuid, on: bool },
    /// To the owner of an account to which a passkey was added, or from which one was taken away.
    Passkey { account: Uuid, added: bool },
    /// To the owner of an account one of whose programs was signed out, because its token was used twice.
    ProgramSignedOut { account: Uuid },
    /// To somebody who is invited to a hospital.
    Invitation { invitation: Uuid },
    /// To the owner of an account whose patient's record was opened in an emergency.
    EmergencyAccess { account: Uuid },
    /// To an administrator of a hospital where one of its doctors has opened a record in an emergency.
    EmergencyOpened { account: Uuid, emergency: Uuid },
    /// To somebody who is asked to act for a patient, or to take over her own record.
    FamilyOffer { offer: Uuid },
    /// To whoever has asked, when the answer was yes.
    FamilyAnswered { account: Uuid },
    /// To whoever looks after a child whose age changes something soon.
    FamilyAge { account: Uuid, patient: Uuid, age: i16 },
    /// To an address that was taken back: the way to a new password, which the old one is no longer.
    TakenBack { email: String },
    /// To whoever has paid for a visit, or has tried to.
    Payment { account: Uuid, appointment: Uuid, what: Money },
    /// To whoever minds a patient: a step of her visit, and whether her own side has taken it. The entry for a calendar is in it.
    Visit { account: Uuid, appointment: Uuid, change: VisitChange, step: i64, own: bool },
    /// To whoever minds a patient whose visit was free because of another one, and is so no longer.
    VisitPriced { account: Uuid, appointment: Uuid },
    /// To whoever minds a patient for whom a time is kept.
    WaitlistOffer { account: Uuid, entry: Uuid, hold: Uuid },
    /// To whoever minds a patient who waits no longer.
    WaitlistEnded { account: Uuid, entry: Uuid },
    /// To whoever minds a patient for whom a row of visits was booked, and whether her own side has done so.
    Series { account: Uuid, series: Uuid, own: bool },
    /// To whoever minds a patient who is asked back.
    FollowUp { account: Uuid, follow_up: Uuid },
    /// To the owner of an account whose calendar has a private address from now on.
    CalendarFeed { account: Uuid },
    /// To an administrator of a hospital where an account was taken back that administers it too.
    LookAtMembers { account: Uuid, hospital: Uuid },
}

/// What has become of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Money {
    /// It is here, and the visit is booked.
    Paid,
    /// It came when the time was somebody else's, and goes back.
    TooLate,
    /// The visit is booked, and the money could not be taken.
    Lost,
    /// The hospital gives it back.
    Refund,
}

/// What was done with a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum VisitChange {
    /// It was booked.
    Booked,
    /// It was put on another time, or with another doctor.
    Moved,
    /// It was called off.
    Cancelled,
}

impl Letter {
    fn topic(&self) -> &'static str {
        match self {
            Self::Confirm { .. } => "confirm",
            Self::Forgot { .. } => "forgot",
            Self::PasswordChanged { .. } => "password_changed",
            Self::Change { .. } => "change",
            Self::AddressChanged { .. } => "address_changed",
            Self::SecondFactor { .. } => "second_factor",
            Self::Passkey { .. } => "passkey",
            Self::ProgramSignedOut { .. } => "program_signed_out",
            Self::Invitation { .. } => "invitation",
            Self::EmergencyAccess { .. } => "emergency_access",
            Self::EmergencyOpened { .. } => "emergency_opened",
            Self::FamilyOffer { .. } => "family_offer",
            Self::FamilyAnswered { .. } => "family_answered",
            Self::FamilyAge { .. } => "family_age",
            Self::TakenBack { .. } => "taken_back",
            Self::LookAtMembers { .. } => "look_at_members",
            Self::Payment { .. } => "payment",
            Self::Visit { change: VisitChange::Booked, .. } => "visit_booked",
            Self::Visit { change: VisitChange::Moved, .. } => "visit_moved",
            Self::Visit { change: VisitChange::Cancelled, .. } => "visit_cancelled",
            Self::VisitPriced { .. } => "visit_priced",
            Self::WaitlistOffer { .. } => "waitlist_offer",
            Self::WaitlistEnded { .. } => "waitlist_ended",
            Self::FollowUp { .. } => "follow_up",
            Self::Series { .. } => "series_booked",
            Self::CalendarFeed { .. } => "calendar_feed",
        }
    }

    /// How often it is sent.
    fn ration(&self) -> Ration {
        match self {
            Self::Forgot { .. } => Ration::WhileOneIsFresh(OFTEN),
            Self::Confirm { .. }
            | Self::Change { .. }
            | Self::ProgramSignedOut { .. }
            | Self::Invitation { .. }
            | Self::FamilyOffer { .. }
            | Self::LookAtMembers { .. }
            | Self::FollowUp { .. }
            | Self::CalendarFeed { .. } => Ration::AnHour(OFTEN),
            Self::Visit { own: true, change: VisitChange::Booked, .. }
            | Self::Series { own: true, .. }
            // Whoever may book for her may join and leave again and again. Five lists keep no more times in an hour if nobody answers.
            | Self::WaitlistOffer { .. }
            | Self::WaitlistEnded { .. } => Ration::AnHour(BOOKINGS),
            Self::Visit { own: true, appointment, .. } => Ration::AfterBooked(*appointment),
            // What the hospital does with a visit is always told.
            Self::Visit { own: false, .. }
            | Self::VisitPriced { .. }
            | Self::Series { own: false, .. }
            | Self::PasswordChanged { .. }
            | Self::AddressChanged { .. }
            | Self::SecondFactor { .. }
            | Self::Passkey { .. }
            | Self::EmergencyAccess { .. }
            // A doctor has few tries an hour.
            | Self::EmergencyOpened { .. }
            | Self::FamilyAnswered { .. }
            | Self::FamilyAge { .. }
            | Self::TakenBack { .. }
            | Self::Payment { .. } => Ration::Always,
        }
    }
}

/// How often a letter of a kind is sent to an address.
enum Ration {
    /// Whenever there is cause.
    Always,
    /// So many within an hour, where somebody may cause it who is not its owner, or without a proof.
    AnHour(i64),
    /// So many within an hour, and one more whenever the last is [`fresh_ms`] old: somebody else may have caused those, and their links
    /// end before the hour does. So the mailbox of whoever gets no letter holds a link that is good.
    WhileOneIsFresh(i64),
    /// To whoever may have the visit in her calendar: always, unless it was booked within the hour without a word.
    AfterBooked(Uuid),
}

/// A letter with what the outbox keeps of it.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    id: Uuid,
    letter: Letter,
    recipient: String,
    now: i64,
    due_at: i64,
}

impl Draft {
    /// The same, to leave no earlier than at an instant.
    pub(crate) fn due(self, at: i64) -> Self {
        Self { due_at: at.max(self.now), ..self }
    }
}

/// How this process sends mail.
pub(crate) struct Mail {
    transport: Transport,
    origin: String,
    waiting: Notify,
}

impl Mail {
    /// Understands the settings, or says in a sentence why not.
    pub(crate) fn new(settings: &MailSettings, data_dir: &std::path::Path) -> Result<Self, OpenError> {
        Ok(Self {
            transport: Transport::new(settings, data_dir)?,
            origin: settings.origin.clone(),
            waiting: Notify::new(),
        })
    }

    /// What links begin with: scheme and host, without a slash at the end.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// From whom letters come: a name, and an address.
    pub(crate) fn sender(&self) -> (String, String) {
        self.transport.sender()
    }

    /// Says that something was committed that may have left a letter.
    pub(crate) fn wake(&self) {
        self.waiting.notify_one();
    }
}

/// Prepares a letter; it is posted with [`post`] in the transaction of its cause.
pub(crate) fn draft(core: &Core, recipient: &str, letter: Letter) -> Draft {
    let id = match &letter {
        Letter::Visit { appointment, change: VisitChange::Booked, .. } => booked(*appointment, recipient),
        Letter::Series { series, .. } => booked(*series, recipient),
        _ => core.new_id(),
    };
    let now = core.now_ms();
    Draft { id, letter, recipient: recipient.to_owned(), now, due_at: now }
}

/// Writes a letter into the outbox, unless its address has had enough of its kind lately: nobody is told of that.
pub(crate) async fn post(conn: &mut Conn, draft: &Draft) -> Result<()> {
    let (topic, since) = (draft.letter.topic(), draft.now - HOUR_MS);
    let most = match draft.letter.ration() {
        Ration::Always => i64::MAX,
        Ration::AnHour(most) => {
            store::hold_topic(conn, &draft.recipient, topic).await?;
            most
        }
        Ration::WhileOneIsFresh(most) => {
            store::hold_topic(conn, &draft.recipient, topic).await?;
            let fresh = store::got_one(conn, &draft.recipient, topic, draft.now - fresh_ms()).await?;
            if fresh { most } else { i64::MAX }
        }
        Ration::AfterBooked(visit) if made_at(visit) <= since => i64::MAX,
        Ration::AfterBooked(visit) if store::is_there(conn, booked(visit, &draft.recipient)).await? => {
            i64::MAX
        }
        Ration::AfterBooked(visit) if told_in_a_row(conn, visit, &draft.recipient).await? => i64::MAX,
        Ration::AfterBooked(_) => return Ok(()),
    };
    let payload = serde_json::to_string(&draft.letter).map_err(|e| Error::Library(e.to_string()))?;
    let letter = store::New {
        id: draft.id,
        topic,
        recipient: &draft.recipient,
        payload: &payload,
        now: draft.now,
        due_at: draft.due_at,
    };
    store::insert(conn, letter, (most, since)).await
}

/// So long a letter with a link to a new password is fresh: its link, which begins when the letter leaves, is good for a while longer.
fn fresh_ms() -> i64 {
    Purpose::Reset.life_ms() * 2 / 3
}

/// Whether an address was told of a visit by the letter about the row that it was booked in.
async fn told_in_a_row(conn: &mut Conn, visit: Uuid, recipient: &str) -> Result<bool> {
    match store::series_of(conn, visit).await? {
        Some(series) => store::is_there(conn, booked(series, recipient)).await,
        None => Ok(false),
    }
}

/// The id of the letter that tells an address that a visit is booked: there is one, and whoever has the visit finds it.
fn booked(visit: Uuid, recipient: &str) -> Uuid {
    let hash = secrets::hash(&format!("booked {visit} {recipient}"));
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(&hash).for_each(|(to, from)| *to = *from);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// When a thing was made, as its id says (RFC 9562, 5.7); long ago where it does not.
fn made_at(id: Uuid) -> i64 {
    id.get_timestamp().map_or(0, |at| {
        let (seconds, nanos) = at.to_unix();
        i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1000) + i64::from(nanos / 1_000_000)
    })
}
