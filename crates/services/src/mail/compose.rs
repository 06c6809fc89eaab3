//! What a letter says at the moment it is sent: whom it goes to now, and the link that was promised.
//!
//! A link's secret is made here, from the house's key and the letter's id: it stands in no table, and a letter that is sent twice
//! has one link.

use domain::{
    family::{OWN_AGE, Offer, OfferKind},
    ids::HospitalId,
};
use uuid::Uuid;

use super::{
    Letter, Money, emergencies, follow_ups, series,
    store::Taken,
    texts::{Template, Texts, Written, texts},
    visits, waitlist,
};
use crate::{
    accounts,
    core::Core,
    credentials::links::{self, NewLink, Purpose},
    error::{Error, Result},
    family,
};

/// What is sent.
pub(super) enum Ready {
    /// Recipient and letter; none when there is nobody to write to any more.
    Now(Option<(String, Written)>),
    /// Whether there is anything to tell is known at an instant.
    NotBefore(i64),
}

pub(super) async fn compose(core: &Core, row: &Taken, letter: Letter) -> Result<Ready> {
    let texts = texts().map_err(Error::Library)?;
    let written = match letter {
        Letter::Confirm { account, next } => confirm(core, row, account, next, texts).await,
        Letter::Forgot { email } | Letter::TakenBack { email } => forgot(core, row, email, texts).await,
        Letter::PasswordChanged { account } => told(core, row, account, &texts.password_changed, texts).await,
        Letter::ProgramSignedOut { account } => {
            told(core, row, account, &texts.program_signed_out, texts).await
        }
        Letter::EmergencyAccess { account } => {
            let owner = accounts::brief(core, account).await?.filter(|owner| owner.verified_at.is_some());
            let link = format!("{}/who-looked", core.mail.origin);
            Ok(owner.map(|owner| (owner.email, texts.write(&texts.emergency_access, &[], &link))))
        }
        Letter::EmergencyOpened { account, emergency } => {
            emergencies::compose(core, account, emergency, texts).await
        }
        Letter::Visit { account, appointment, change, step, .. } => {
            return visits::compose(core, (account, appointment), change, step, texts).await;
        }
        Letter::VisitPriced { account, appointment } => {
            return visits::priced(core, (account, appointment), texts).await;
        }
        Letter::CalendarFeed { account } => new_factor(core, row, account, &texts.calendar_feed, texts).await,
        Letter::WaitlistOffer { account, entry, hold } => {
            waitlist::offered(core, (account, entry), hold, texts).await
        }
        Letter::Series { account, series, .. } => series::compose(core, (account, series), texts).await,
        Letter::FollowUp { account, follow_up } => follow_ups::compose(core, account, follow_up, texts).await,
        Letter::WaitlistEnded { account, entry } => waitlist::ended(core, (account, entry), texts).await,
        Letter::Payment { account, appointment, what } => {
            let owner = accounts::brief(core, account).await?.filter(|owner| owner.verified_at.is_some());
            let template = match what {
                Money::Paid => &texts.payment_paid,
                Money::TooLate => &texts.payment_too_late,
                Money::Lost => &texts.payment_lost,
                Money::Refund => &texts.payment_refund,
            };
            let link = format!("{}/appointments/{appointment}", core.mail.origin);
            Ok(owner.map(|owner| (owner.email, texts.write(template, &[], &link))))
        }
        Letter::LookAtMembers { account, hospital } => {
            let owner = accounts::brief(core, account).await?.filter(|owner| owner.verified_at.is_some());
            let link = format!("{}/hospital/{hospital}/members", core.mail.origin);
            let name = hospital_name(core, hospital).await?;
            let arguments = [("hospital", name.as_str())];
            Ok(owner.map(|owner| (owner.email, texts.write(&texts.look_at_members, &arguments, &link))))
        }
        Letter::SecondFactor { account, on: false } => {
            told(core, row, account, &texts.second_factor_off, texts).await
        }
        Letter::SecondFactor { account, on: true } => {
            new_factor(core, row, account, &texts.second_factor_on, texts).await
        }
        Letter::FamilyOffer { offer } => {
            let offer = family::open_offer(core, offer).await?;
            Ok(offer.map(|offer| asked(core, offer, texts)))
        }
        Letter::FamilyAnswered { account } => to_family(core, account, &texts.family_answered, texts).await,
        Letter::FamilyAge { account, age, .. } => {
            let template = if age < OWN_AGE { &texts.family_private } else { &texts.family_grown };
            to_family(core, account, template, texts).await
        }
        Letter::Passkey { account, added: false } => {
            told(core, row, account, &texts.passkey_removed, texts).await
        }
        Letter::Passkey { account, added: true } => {
            new_factor(core, row, account, &texts.passkey_added, texts).await
        }
        Letter::Change { account, email } => change(core, row, account, email, texts).await,
        Letter::AddressChanged { account, before } => {
            let link = NewLink { email: before, ..link_of(row, Purpose::Undo, account) };
            linked(core, row, link, "/undo-email?token=", &texts.address_changed, texts).await
        }
        Letter::Invitation { invitation } => {
            let Some(row) = accounts::open_invitation(core, invitation).await? else {
                return Ok(Ready::Now(None));
            };
            let link =
                format!("{}/invitation/{}", core.mail.origin, links::invitation_secret(core, invitation));
            let written = texts.write(&texts.invitation, &[("hospital", &row.hospital_name)], &link);
            Ok(Some((row.email, written)))
        }
    };
    written.map(Ready::Now)
}

/// To the address that was asked, with the page where it is answered. Opening it changes nothing, and shows nothing to whoever has
/// not confirmed the address.
fn asked(core: &Core, offer: Offer, texts: &Texts) -> (String, Written) {
    let link = format!("{}/family/offers/{}", core.mail.origin, offer.id);
    let template = match offer.kind {
        OfferKind::Help => &texts.family_offer,
        OfferKind::OwnAccount => &texts.family_own_account,
    };
    let name = if is_plain(&offer.asked_by) { offer.asked_by.as_str() } else { texts.somebody() };
    (offer.email, texts.write(template, &[("name", name)], &link))
}

/// Whether a name is nothing but a name: an account's owner chooses it, and strangers must not send words of their own by our mail.
fn is_plain(name: &str) -> bool {
    name.chars().count() <= 60
        && name.split(' ').all(|part| {
            let inside = part.strip_suffix('.').unwrap_or(part);
            inside.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’'))
        })
}

/// A link for the address that the letter was written to.
fn link_of(row: &Taken, purpose: Purpose, account: Uuid) -> NewLink {
    NewLink { purpose, account, email: row.recipient.clone(), next: String::new(), caused_at: row.created_at }
}

/// Whether an account had a confirmed address when the letter was written.
async fn was_confirmed(core: &Core, row: &Taken, account: Uuid) -> Result<bool> {
    let owner = accounts::brief(core, account).await?;
    Ok(owner.and_then(|owner| owner.verified_at).is_some_and(|at| at <= row.created_at))
}

async fn hospital_name(core: &Core, hospital: Uuid) -> Result<String> {
    let snapshot = core.directory.snapshot(core).await?;
    Ok(snapshot.hospitals.get(&HospitalId(hospital)).map(|here| here.name.clone()).unwrap_or_default())
}

/// Tells the owner of an account what was done with it, at the address that she had then: whoever has changed it since may not be her.
async fn told(
    core: &Core,
    row: &Taken,
    account: Uuid,
    template: &'static Template,
    texts: &'static Texts,
) -> Result<Option<(String, Written)>> {
    let known = was_confirmed(core, row, account).await?;
    Ok(known.then(|| (row.recipient.clone(), texts.write(template, &[], ""))))
}

/// To an account that can be entered in a new way. Whoever set that up knew the password, and a new password alone would not keep her
/// out or, where a code is asked for, let the owner in: the link takes the account back.
async fn new_factor(
    core: &Core,
    row: &Taken,
    account: Uuid,
    template: &'static Template,
    texts: &'static Texts,
) -> Result<Option<(String, Written)>> {
    if !was_confirmed(core, row, account).await? {
        return Ok(None);
    }
    linked(core, row, link_of(row, Purpose::Undo, account), "/undo-email?token=", template, texts).await
}

/// To an account, with the way to its family.
async fn to_family(
    core: &Core,
    account: Uuid,
    template: &'static Template,
    texts: &'static Texts,
) -> Result<Option<(String, Written)>> {
    let owner = accounts::brief(core, account).await?.filter(|owner| owner.verified_at.is_some());
    let link = format!("{}/family", core.mail.origin);
    Ok(owner.map(|owner| (owner.email, texts.write(template, &[], &link))))
}

async fn confirm(
    core: &Core,
    row: &Taken,
    account: Uuid,
    next: String,
    texts: &'static Texts,
) -> Result<Option<(String, Written)>> {
    let Some(owner) = accounts::brief(core, account).await?.filter(|owner| owner.verified_at.is_none())
    else {
        return Ok(None);
    };
    if accounts::verified(core, &owner.email).await?.is_some() {
        return Ok(Some(already(core, owner.email, texts)));
    }
    let link = NewLink { email: owner.email, next, ..link_of(row, Purpose::Confirm, account) };
    linked(core, row, link, "/verify?token=", &texts.confirm, texts).await
}

async fn forgot(
    core: &Core,
    row: &Taken,
    email: String,
    texts: &'static Texts,
) -> Result<Option<(String, Written)>> {
    let Some(account) = accounts::verified(core, &email).await? else {
        let link = format!("{}/sign-up", core.mail.origin);
        let written = texts.write(&texts.no_account, &[("email", &email)], &link);
        return Ok(Some((email, written)));
    };
    let link = NewLink { email, ..link_of(row, Purpose::Reset, account) };
    linked(core, row, link, "/reset-password?token=", &texts.reset, texts).await
}

async fn change(
    core: &Core,
    row: &Taken,
    account: Uuid,
    email: String,
    texts: &'static Texts,
) -> Result<Option<(String, Written)>> {
    if accounts::brief(core, account).await?.is_none() {
        return Ok(None);
    }
    if accounts::verified(core, &email).await?.is_some() {
        return Ok(Some(already(core, email, texts)));
    }
    let next = "/account/security".to_owned();
    let link = NewLink { email, next, ..link_of(row, Purpose::Change, account) };
    linked(core, row, link, "/verify?token=", &texts.change, texts).await
}

fn already(core: &Core, email: String, texts: &Texts) -> (String, Written) {
    let link = format!("{}/sign-in", core.mail.origin);
    (email, texts.write(&texts.already, &[], &link))
}

/// Makes the link good from now on, and writes the letter with it to the link's address.
async fn linked(
    core: &Core,
    row: &Taken,
    link: NewLink,
    path: &str,
    template: &'static Template,
    texts: &'static Texts,
) -> Result<Option<(String, Written)>> {
    let email = link.email.clone();
    let Some(secret) = links::make(core, row.id, link).await? else { return Ok(None) };
    let address = format!("{}{path}{secret}", core.mail.origin);
    Ok(Some((email, texts.write(template, &[], &address))))
}
