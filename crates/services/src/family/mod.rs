//! Acting for somebody else: who acts for whom, and the list of it.
//!
//! What it lets one do is decided in `domain::access`; asking and answering are in `offers`.

mod notices;
mod offers;
mod people;
mod store;

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::{
    Call, Error as Refusal,
    access::{Grant, Principal},
    accounts::OwnPatient,
    error::Findings,
    family::{
        AddChild, AnswerOffer, Cared, Families, Family, HandOver, Helper, Offer, OfferHelp, OfferKind,
        Permissions, Terms,
    },
    ids::{AccountId, OfferId, PatientId},
    time::parse_date,
};
use jiff::{civil::Date, tz::TimeZone};
use uuid::Uuid;

pub(crate) use notices::sweep;
pub(crate) use people::take_back;
pub(crate) use store::TermsRow;

use crate::{
    access::{Authorized, EndHelp, HandOverPatient, ManageFamily, ManageHelpers, OfAccount, OfPatient},
    accounts::AccountService,
    core::{Core, instant},
    db::Reach,
    error::{Error, Result},
};

/// The service.
pub(crate) struct FamilyService {
    core: Core,
    accounts: std::sync::Arc<AccountService>,
}

/// The caller's own account.
type Own = Authorized<ManageFamily, OfAccount>;
/// A patient for whom the caller chooses who helps.
type Whom = Authorized<ManageHelpers, OfPatient>;
/// One for whom the caller may end that somebody helps.
type Leaving = Authorized<EndHelp, OfPatient>;
/// A child who is old enough for an account.
type Grown = Authorized<HandOverPatient, OfPatient>;

impl FamilyService {
    pub(crate) fn new(core: Core, accounts: std::sync::Arc<AccountService>) -> Self {
        Self { core, accounts }
    }

    async fn own(&self, call: &Call) -> Result<Own> {
        self.core.authorize(call, OfAccount::own(call)?).await
    }

    async fn whom(&self, call: &Call, patient: PatientId) -> Result<Whom> {
        self.core.authorize(call, OfPatient { patient, hospital: None }).await
    }

    /// Whoever has the care of a child gives no more than she may herself, and for no longer.
    async fn has_herself(
        &self,
        call: &Call,
        whom: &Whom,
        offered: store::NewTerms,
        findings: &mut Findings,
    ) -> Result<()> {
        if owns(whom) {
            return Ok(());
        }
        let own = self.own(call).await?;
        let mut conn = self.core.db.read(whom.reach()).await?;
        let row = store::terms(&mut conn, whom.by().0, whom.object().patient.0, &own).await?;
        let row = row.ok_or(Refusal::NotFound)?;
        let born = parse_date(&row.birth_date).map_err(Error::Stored)?;
        let mine = row.terms.arrangement()?.ok_or(Error::Stored("relation"))?;
        findings.require(mine.allows(offered.may, born, self.today()), "permissions", "more_than_yours");
        findings.require(mine.outlasts(offered.until), "until", "longer_than_yours");
        Ok(())
    }

    fn today(&self) -> Date {
        today(&self.core)
    }

    async fn read(&self, call: &Call) -> Result<Family> {
        let own = self.own(call).await?;
        let (now, today) = (self.core.now_ms(), self.today());
        let (cared, helpers, asked, offers) = {
            // Whom one will act for, and who asks, is nobody whom the account reaches by itself.
            let reach = Reach::house("both sides of an arrangement are shown by name");
            let mut conn = self.core.db.read(&reach).await?;
            let cared = store::cared(&mut conn, &own).await?;
            let helpers = store::helpers(&mut conn, &own).await?;
            let asked = store::offers::asked_by(&mut conn, &own, now).await?;
            (cared, helpers, asked, store::offers::asked_of(&mut conn, &own, now).await?)
        };
        let cared = self.core.open(&own, cared).await?;
        let cares_for: Vec<Cared> =
            cared.into_iter().filter_map(|row| cared_view(row, today).transpose()).collect::<Result<_>>()?;
        let guarded: BTreeSet<_> =
            cares_for.iter().filter(|cared| cared.guards).map(|cared| cared.patient_id.0).collect();
        let me = own.object().id();
        let helpers = helpers
            .into_iter()
            .filter(|row| row.caller == "self" || guarded.contains(&row.patient_id))
            .map(|row| helper_view(row, me, today));
        let own_patients = self.accounts.patients(call).await?;
        Ok(Family {
            own: own_patients.into_iter().filter(|patient| patient.relation == "self").collect(),
            cares_for,
            helpers: helpers.filter_map(Result::transpose).collect::<Result<_>>()?,
            asked: asked.into_iter().map(offer_view).collect::<Result<_>>()?,
            offers: offers.into_iter().map(offer_view).collect::<Result<_>>()?,
        })
    }
}

/// Today, as ages and periods are counted.
pub(crate) fn today(core: &Core) -> Date {
    core.clock.now().to_zoned(TimeZone::UTC).date()
}

/// Letting others act, or acting for others, needs an address that was confirmed.
fn confirmed(principal: &Principal) -> Result<()> {
    if principal.verified { Ok(()) } else { Err(Refusal::EmailUnverified.into()) }
}

/// Whether a patient is the caller's own, and not a child whom she has the care of.
fn owns<A>(whom: &Authorized<A, OfPatient>) -> bool {
    whom.grant() == Grant::OwnPatient
}

/// What somebody may do and for how long, as it was asked for.
fn terms(findings: &mut Findings, asked: &Terms, today: Date) -> store::NewTerms {
    let Terms { permissions, from, until } = asked;
    findings.require(!permissions.is_empty(), "permissions", "choose");
    let mut day = |name, text: &Option<String>| match text.as_deref().map(str::trim) {
        None | Some("") => None,
        Some(date) => findings.take(name, parse_date(date)),
    };
    let (from, until) = (day("from", from), day("until", until));
    findings.require(until.is_none_or(|until| until >= today), "until", "date_past");
    let order = from.zip(until).is_none_or(|(from, until)| from <= until);
    findings.require(order, "until", "range_order");
    store::NewTerms { may: *permissions, from, until }
}

/// Somebody for whom the account acts, will act, or who waits for an account of her own.
fn cared_view(row: store::CaredRow, today: Date) -> Result<Option<Cared>> {
    let arrangement = row.terms.arrangement()?.ok_or(Error::Stored("relation"))?;
    let birth_date = parse_date(&row.birth_date).map_err(Error::Stored)?;
    let permissions = arrangement.on(birth_date, today);
    let hands_over = arrangement.hands_over(birth_date, today) && !row.owned;
    let later = arrangement.from.is_some_and(|from| from > today);
    if permissions == Permissions::NONE && !hands_over && !later {
        return Ok(None);
    }
    Ok(Some(Cared {
        patient_id: row.patient_id.into(),
        full_name: row.full_name,
        birth_date,
        relation: arrangement.relation,
        permissions,
        from: arrangement.from,
        until: arrangement.until,
        changes_on: arrangement.changes_on(birth_date, today),
        guards: arrangement.guards(birth_date, today),
        hands_over,
    }))
}

/// Somebody who acts for a patient, or will.
fn helper_view(row: store::HelperRow, me: AccountId, today: Date) -> Result<Option<Helper>> {
    let arrangement = row.terms.arrangement()?.ok_or(Error::Stored("relation"))?;
    let birth_date = parse_date(&row.birth_date).map_err(Error::Stored)?;
    let permissions = arrangement.on(birth_date, today);
    if permissions == Permissions::NONE && arrangement.from.is_none_or(|from| from <= today) {
        return Ok(None);
    }
    let changeable = row.caller == "self" || row.granted_by == Some(me.0);
    Ok(Some(Helper {
        patient_id: row.patient_id.into(),
        patient_name: row.patient_name,
        account_id: row.account_id.into(),
        full_name: row.full_name,
        email: changeable.then_some(row.email),
        relation: arrangement.relation,
        // What a parent once had is not what she has, and nobody gives it again by leaving a box ticked.
        permissions: arrangement.on(birth_date, arrangement.from.map_or(today, |from| from.max(today))),
        from: arrangement.from,
        until: arrangement.until,
        today: permissions,
        changeable,
    }))
}

fn offer_view(row: store::offers::OfferRow) -> Result<Offer> {
    let arrangement = row.terms.arrangement()?.ok_or(Error::Stored("relation"))?;
    Ok(Offer {
        id: row.id.into(),
        kind: kind(&row)?,
        patient_id: row.patient_id.into(),
        patient_name: row.patient_name,
        email: row.email,
        asked_by: row.asked_by,
        relation: arrangement.relation,
        permissions: arrangement.permissions,
        from: arrangement.from,
        until: arrangement.until,
        expires_at: instant(row.expires_at)?,
        declined: row.state == "declined",
    })
}

fn kind(row: &store::offers::OfferRow) -> Result<OfferKind> {
    [OfferKind::Help, OfferKind::OwnAccount]
        .into_iter()
        .find(|kind| store::offers::kind_code(*kind) == row.kind)
        .ok_or(Error::Stored("kind of an offer"))
}

/// An offer that can still be answered, for the letter about it.
pub(crate) async fn open_offer(core: &Core, id: Uuid) -> Result<Option<Offer>> {
    let mut conn = core.db.read(&Reach::house("a letter is written")).await?;
    store::offers::open(&mut conn, id, core.now_ms()).await?.map(offer_view).transpose()
}

#[async_trait]
impl Families for FamilyService {
    async fn around(&self, call: &Call) -> domain::Result<Family> {
        Ok(self.read(call).await?)
    }

    async fn add_child(&self, call: &Call, command: AddChild) -> domain::Result<OwnPatient> {
        Ok(self.new_child(call, command).await?)
    }

    async fn offer(&self, call: &Call, patient: PatientId, command: OfferHelp) -> domain::Result<Offer> {
        Ok(self.ask_for_help(call, patient, command).await?)
    }

    async fn hand_over(&self, call: &Call, patient: PatientId, command: HandOver) -> domain::Result<Offer> {
        Ok(self.offer_account(call, patient, command).await?)
    }

    async fn offered(&self, call: &Call, offer: OfferId) -> domain::Result<Offer> {
        Ok(self.read_offer(call, offer).await?)
    }

    async fn answer(&self, call: &Call, offer: OfferId, command: AnswerOffer) -> domain::Result<()> {
        Ok(self.reply(call, offer, command).await?)
    }

    async fn withdraw(&self, call: &Call, offer: OfferId) -> domain::Result<()> {
        Ok(self.take_back(call, offer).await?)
    }

    async fn change(
        &self,
        call: &Call,
        patient: PatientId,
        helper: AccountId,
        command: Terms,
    ) -> domain::Result<()> {
        Ok(self.new_terms(call, patient, helper, command).await?)
    }

    async fn end(&self, call: &Call, patient: PatientId, helper: AccountId) -> domain::Result<()> {
        Ok(self.stop(call, patient, helper).await?)
    }
}
