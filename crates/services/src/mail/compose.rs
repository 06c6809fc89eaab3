//! What a letter says at the moment it is sent: whom it goes to now, and the link that was promised.
//!
//! A link's secret is made here, from the house's key and the letter's id: it stands in no table, and a letter that is sent twice
//! has one link.

use domain::family::{OWN_AGE, Offer, OfferKind};
use uuid::Uuid;

use super::{
    Letter,
    texts::{Template, Texts, Written, texts},
};
use crate::{
    accounts,
    core::Core,
    credentials::links::{self, NewLink, Purpose},
    error::{Error, Result},
    family,
};

/// Recipient and letter; none when there is nobody to write to any more.
pub(super) async fn compose(core: &Core, id: Uuid, letter: Letter) -> Result<Option<(String, Written)>> {
    let texts = texts().map_err(Error::Library)?;
    match letter {
        Letter::Confirm { account, next } => confirm(core, id, account, next, texts).await,
        Letter::Forgot { email } | Letter::TakenBack { email } => forgot(core, id, email, texts).await,
        Letter::PasswordChanged { account } => {
            let row = accounts::brief(core, account).await?.filter(|row| row.verified);
            Ok(row.map(|row| (row.email, texts.write(&texts.password_changed, &[], ""))))
        }
        Letter::EmergencyAccess { account } => {
            let row = accounts::brief(core, account).await?.filter(|row| row.verified);
            let link = format!("{}/who-looked", core.mail.origin);
            Ok(row.map(|row| (row.email, texts.write(&texts.emergency_access, &[], &link))))
        }
        Letter::SecondFactor { account, on: false } => {
            let row = accounts::brief(core, account).await?.filter(|row| row.verified);
            Ok(row.map(|row| (row.email, texts.write(&texts.second_factor_off, &[], ""))))
        }
        Letter::SecondFactor { account, on: true } => {
            new_factor(core, id, account, &texts.second_factor_on, texts).await
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
            let row = accounts::brief(core, account).await?.filter(|row| row.verified);
            Ok(row.map(|row| (row.email, texts.write(&texts.passkey_removed, &[], ""))))
        }
        Letter::Passkey { account, added: true } => {
            new_factor(core, id, account, &texts.passkey_added, texts).await
        }
        Letter::Change { account, email } => change(core, id, account, email, texts).await,
        Letter::AddressChanged { account, before } => {
            let link =
                NewLink { purpose: Purpose::Undo, account, email: before.clone(), next: String::new() };
            linked(core, id, link, "/undo-email?token=", &texts.address_changed, texts).await
        }
        Letter::Invitation { invitation } => {
            let Some(row) = accounts::open_invitation(core, invitation).await? else { return Ok(None) };
            let link =
                format!("{}/invitation/{}", core.mail.origin, links::invitation_secret(core, invitation));
            let written = texts.write(&texts.invitation, &[("hospital", &row.hospital_name)], &link);
            Ok(Some((row.email, written)))
        }
    }
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

/// To an account that can be entered in a new way. Whoever set that up knew the password, and a new password alone would not keep her
/// out or, where a code is asked for, let the owner in: the link takes the account back.
async fn new_factor(
    core: &Core,
    id: Uuid,
    account: Uuid,
    template: &'static Template,
    texts: &'static Texts,
) -> Result<Option<(String, Written)>> {
    let row = accounts::brief(core, account).await?.filter(|row| row.verified);
    let Some(row) = row else { return Ok(None) };
    let link = NewLink { purpose: Purpose::Undo, account, email: row.email, next: String::new() };
    linked(core, id, link, "/undo-email?token=", template, texts).await
}

/// To an account, with the way to its family.
async fn to_family(
    core: &Core,
    account: Uuid,
    template: &'static Template,
    texts: &'static Texts,
) -> Result<Option<(String, Written)>> {
    let row = accounts::brief(core, account).await?.filter(|row| row.verified);
    let link = format!("{}/family", core.mail.origin);
    Ok(row.map(|row| (row.email, texts.write(template, &[], &link))))
}

async fn confirm(
    core: &Core,
    id: Uuid,
    account: Uuid,
    next: String,
    texts: &'static Texts,
) -> Result<Option<(String, Written)>> {
    let Some(row) = accounts::brief(core, account).await?.filter(|row| !row.verified) else {
        return Ok(None);
    };
    if accounts::verified(core, &row.email).await?.is_some() {
        return Ok(Some(already(core, row.email, texts)));
    }
    let link = NewLink { purpose: Purpose::Confirm, account, email: row.email, next };
    linked(core, id, link, "/verify?token=", &texts.confirm, texts).await
}

async fn forgot(
    core: &Core,
    id: Uuid,
    email: String,
    texts: &'static Texts,
) -> Result<Option<(String, Written)>> {
    let Some(account) = accounts::verified(core, &email).await? else {
        let link = format!("{}/sign-up", core.mail.origin);
        let written = texts.write(&texts.no_account, &[("email", &email)], &link);
        return Ok(Some((email, written)));
    };
    let link = NewLink { purpose: Purpose::Reset, account, email, next: String::new() };
    linked(core, id, link, "/reset-password?token=", &texts.reset, texts).await
}

async fn change(
    core: &Core,
    id: Uuid,
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
    let link = NewLink { purpose: Purpose::Change, account, email, next: "/account/security".to_owned() };
    linked(core, id, link, "/verify?token=", &texts.change, texts).await
}

fn already(core: &Core, email: String, texts: &Texts) -> (String, Written) {
    let link = format!("{}/sign-in", core.mail.origin);
    (email, texts.write(&texts.already, &[], &link))
}

/// Makes the link good from now on, and writes the letter with it to the link's address.
async fn linked(
    core: &Core,
    id: Uuid,
    link: NewLink,
    path: &str,
    template: &'static Template,
    texts: &'static Texts,
) -> Result<Option<(String, Written)>> {
    let email = link.email.clone();
    let Some(secret) = links::make(core, id, link).await? else { return Ok(None) };
    let address = format!("{}{path}{secret}", core.mail.origin);
    Ok(Some((email, texts.write(template, &[], &address))))
}
