//! Asking somebody to act for a patient, giving a grown child an account, and the answers.
//!
//! A letter goes to an address; whether it has an account is found out by whoever has confirmed it, and by nobody else.

use domain::{
    Call, Error as Refusal,
    error::{Conflict, Findings},
    family::{
        AnswerOffer, Given, HandOver, MOST, OFFER_DAYS, OFFERS_A_DAY, Offer, OfferHelp, OfferKind,
        Permissions, Relation, TRIES, Terms,
    },
    ids::{OfferId, PatientId},
    text,
    time::parse_date,
};
use jiff::civil::Date;

use super::{
    FamilyService, Grown, Own, Whom, confirmed, kind, offer_view, owns,
    store::{
        self, NewTerms,
        offers::{NewOffer, OfferRow},
    },
    terms,
};
use crate::{
    access::{Authorized, OfPatient},
    accounts, appointments,
    core::Core,
    db::{Conn, Reach},
    error::{Error, Result},
    mail::{self, Letter},
};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// The wait that is named to whoever has asked so many.
const A_DAY: u32 = 24 * 60 * 60;

/// How an answer ended.
enum Answered {
    Done,
    /// The date of birth was wrong, which counts.
    WrongDate,
}

/// An answer that is well formed.
#[derive(Clone)]
struct Reply {
    own: Own,
    row: OfferRow,
    accept: bool,
    right_date: bool,
    /// Address of who has asked.
    asker: Option<String>,
    today: Date,
    now: i64,
}

impl FamilyService {
    pub(super) async fn ask_for_help(
        &self,
        call: &Call,
        patient: PatientId,
        command: OfferHelp,
    ) -> Result<Offer> {
        let whom = self.whom(call, patient).await?;
        let me = call.actor.signed_in()?;
        confirmed(me)?;
        let OfferHelp { email, relation, permissions, from, until } = command;
        let mut findings = Findings::new();
        let email = findings.take("email", text::email(&email)).unwrap_or_default();
        findings.require(email != me.email, "email", "helper_is_you");
        let fits = owns(&whom) || Relation::TO_A_CHILD.contains(&relation);
        findings.require(fits, "relation", "unknown_value");
        let terms = terms(&mut findings, &Terms { permissions, from, until }, self.today());
        self.has_herself(call, &whom, terms, &mut findings).await?;
        findings.finish()?;
        let offer = NewOffer {
            id: OfferId(self.core.new_id()),
            kind: OfferKind::Help,
            patient,
            by: me.account_id.0,
            email,
            relation,
            given: if owns(&whom) { Given::Patient } else { Given::Guardian },
            terms,
            expires_at: self.core.now_ms() + OFFER_DAYS * DAY_MS,
        };
        self.post(call, &whom, offer, Some(whom.clone())).await
    }

    pub(super) async fn offer_account(
        &self,
        call: &Call,
        patient: PatientId,
        command: HandOver,
    ) -> Result<Offer> {
        let whom: Grown = self.core.authorize(call, OfPatient { patient, hospital: None }).await?;
        let me = call.actor.signed_in()?;
        confirmed(me)?;
        let mut findings = Findings::new();
        let email = findings.take("email", text::email(&command.email)).unwrap_or_default();
        findings.require(email != me.email, "email", "child_is_you");
        findings.finish()?;
        let offer = NewOffer {
            id: OfferId(self.core.new_id()),
            kind: OfferKind::OwnAccount,
            patient,
            by: me.account_id.0,
            email,
            relation: Relation::Child,
            given: Given::Guardian,
            terms: NewTerms { may: Permissions::ALL, from: None, until: None },
            expires_at: self.core.now_ms() + OFFER_DAYS * DAY_MS,
        };
        self.post(call, &whom, offer, None).await
    }

    /// Writes the offer and its letter, unless there are too many, with those who help already where it is about one more of them.
    async fn post<A: 'static>(
        &self,
        call: &Call,
        whom: &Authorized<A, OfPatient>,
        offer: NewOffer,
        helped: Option<Whom>,
    ) -> Result<Offer> {
        let (now, id, patient, by) = (self.core.now_ms(), offer.id, offer.patient, whom.by());
        let letter = mail::draft(&self.core, &offer.email, Letter::FamilyOffer { offer: id.0 });
        self.core
            .change(whom, move |conn| {
                let (offer, letter, helped) = (offer.clone(), letter.clone(), helped.clone());
                Box::pin(async move {
                    appointments::take_patients_turn(conn, patient, by).await?;
                    if store::offers::made_since(conn, offer.by, now - DAY_MS).await? >= OFFERS_A_DAY {
                        return Err(Refusal::TooMany { retry_after: A_DAY }.into());
                    }
                    let known = match &helped {
                        Some(whom) => store::helpers_of(conn, whom).await?,
                        None => 0,
                    };
                    if known + store::offers::waiting(conn, patient, now).await? >= MOST {
                        return Err(Error::conflict(Conflict::TooManyPeople));
                    }
                    store::offers::insert(conn, offer, now).await?;
                    mail::post(conn, &letter).await
                })
            })
            .await?;
        self.core.mail.wake();
        let own = self.own(call).await?;
        let mut conn = self.core.db.read(own.reach()).await?;
        let made = store::offers::asked_by(&mut conn, &own, now).await?;
        offer_view(made.into_iter().find(|row| row.id == id.0).ok_or(Refusal::NotFound)?)
    }

    async fn asked(&self, own: &Own, offer: OfferId) -> Result<OfferRow> {
        let mut conn = self.core.db.read(&Reach::house("the confirmed address is the proof")).await?;
        let asked = store::offers::asked_of(&mut conn, own, self.core.now_ms()).await?;
        Ok(asked.into_iter().find(|row| row.id == offer.0).ok_or(Refusal::NotFound)?)
    }

    pub(super) async fn read_offer(&self, call: &Call, offer: OfferId) -> Result<Offer> {
        let own = self.own(call).await?;
        offer_view(self.asked(&own, offer).await?)
    }

    pub(super) async fn reply(&self, call: &Call, offer: OfferId, command: AnswerOffer) -> Result<()> {
        let own = self.own(call).await?;
        let row = self.asked(&own, offer).await?;
        let mut right_date = true;
        if command.accept && kind(&row)? == OfferKind::OwnAccount {
            let mut findings = Findings::new();
            let text = text::required(command.birth_date.as_deref().unwrap_or_default(), 40);
            let born = findings.take("birth_date", text.and_then(|text| parse_date(&text)));
            findings.finish()?;
            right_date = born.is_some_and(|born| born.to_string() == row.birth_date);
        }
        let reach = Reach::house("the confirmed address is the proof");
        let proof = own.clone().helping(row.patient_id.into()).reaching(reach);
        let (today, now) = (self.today(), self.core.now_ms());
        let asker = accounts::brief(&self.core, row.offered_by).await?.map(|asker| asker.email);
        let reply = Reply { own, row, accept: command.accept, right_date, asker, today, now };
        let core = self.core.clone();
        let answered = self
            .core
            .change(&proof, move |conn| {
                let (reply, core) = (reply.clone(), core.clone());
                Box::pin(async move { settle(conn, &core, &reply).await })
            })
            .await?;
        self.core.mail.wake();
        match answered {
            Answered::Done => Ok(()),
            Answered::WrongDate => Err(Refusal::invalid("birth_date", "not_this_date").into()),
        }
    }

    pub(super) async fn take_back(&self, call: &Call, offer: OfferId) -> Result<()> {
        let own = self.own(call).await?;
        let (now, proof) = (self.core.now_ms(), own.clone());
        self.core
            .change(&proof, move |conn| {
                let own = own.clone();
                Box::pin(async move {
                    let gone = store::offers::withdraw(conn, &own, offer, now).await?;
                    if gone { Ok(()) } else { Err(Refusal::NotFound.into()) }
                })
            })
            .await
    }
}

async fn settle(conn: &mut Conn, core: &Core, reply: &Reply) -> Result<Answered> {
    let Reply { own, row, accept, right_date, now, .. } = reply;
    let id = OfferId(row.id);
    if !right_date {
        store::offers::count_try(conn, own, id, TRIES, *now).await?;
        return Ok(Answered::WrongDate);
    }
    if *accept {
        // Before any row is held, so that nobody waits in a ring.
        appointments::take_patients_turn(conn, PatientId(row.patient_id), own.by()).await?;
    }
    if !store::offers::close(conn, own, id, *accept, *now).await? {
        return Err(Refusal::NotFound.into());
    }
    if *accept {
        let kind = kind(row)?;
        still_stands(conn, reply, kind).await?;
        match kind {
            OfferKind::Help => begin(conn, reply).await?,
            OfferKind::OwnAccount => take_over(conn, reply).await?,
        }
        if let Some(asker) = &reply.asker {
            let letter = Letter::FamilyAnswered { account: row.offered_by };
            mail::post(conn, &mail::draft(core, asker, letter)).await?;
        }
    }
    Ok(Answered::Done)
}

/// Whoever has asked could still ask: a parent's word ends with the child's eleventh birthday, and with her own part.
async fn still_stands(conn: &mut Conn, reply: &Reply, kind: OfferKind) -> Result<()> {
    let row = &reply.row;
    if !store::endings::hold_part(conn, row.offered_by, row.patient_id).await? {
        return Err(Refusal::NotFound.into());
    }
    let asker = store::terms(conn, row.offered_by, row.patient_id, &reply.own).await?;
    let asker = asker.ok_or(Refusal::NotFound)?;
    let born = parse_date(&asker.birth_date).map_err(Error::Stored)?;
    let holds = match (asker.terms.arrangement()?, kind) {
        (None, OfferKind::Help) => true,
        (None, OfferKind::OwnAccount) => false,
        (Some(arrangement), OfferKind::Help) => {
            let offered = row.terms.arrangement()?.ok_or(Error::Stored("relation"))?;
            arrangement.guards(born, reply.today)
                && arrangement.allows(offered.permissions, born, reply.today)
                && arrangement.outlasts(offered.until)
        }
        (Some(arrangement), OfferKind::OwnAccount) => {
            arrangement.hands_over(born, reply.today) && !asker.owned
        }
    };
    if holds { Ok(()) } else { Err(Refusal::NotFound.into()) }
}

async fn begin(conn: &mut Conn, reply: &Reply) -> Result<()> {
    if store::people(conn, &reply.own).await? >= MOST {
        return Err(Error::conflict(Conflict::TooManyPeople));
    }
    let (id, today) = (OfferId(reply.row.id), reply.today.to_string());
    let begun = store::offers::accept(conn, &reply.own, id, &today, reply.now).await?;
    // Nobody helps herself, and what another one gave is hers to change.
    if begun { Ok(()) } else { Err(Error::conflict(Conflict::HelpsAlready)) }
}

/// The record becomes the account's own. The empty one that came with signing up is not needed beside it.
async fn take_over(conn: &mut Conn, reply: &Reply) -> Result<()> {
    let patient = PatientId(reply.row.patient_id);
    for other in store::owned_besides(conn, &reply.own, patient).await? {
        if store::is_blank(conn, &reply.own, other).await?
            && !store::has_others(conn, &reply.own, other).await?
        {
            store::remove(conn, &reply.own, other).await?;
        }
    }
    store::offers::take_over(conn, &reply.own, patient, reply.now).await?;
    store::offers::end_open(conn, patient, None, None, reply.now).await
}
