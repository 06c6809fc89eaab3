//! Server functions of the family: the list, adding a child, asking for help, answering, changing and ending.
//! Each form says for which patient it is; whether it may is the services' business.

use domain::family::{Family, Offer};
use domain::ids::{AccountId, OfferId, PatientId};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    form::typed,
    server::{answer, call, call_with, services},
};
#[cfg(feature = "ssr")]
use domain::{
    error::Findings,
    family::{Permission, Permissions, Relation, Terms},
};

/// The field of the boxes.
pub const PERMISSIONS: &str = "permissions[]";

/// What may be done and for how long, as typed. A box that is not ticked posts nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TermsInput {
    /// Codes.
    #[serde(default)]
    pub permissions: Vec<String>,
    /// ISO date, or empty.
    #[serde(default)]
    pub from: String,
    /// ISO date, or empty.
    #[serde(default)]
    pub until: String,
}

/// Everybody around the account.
#[server(prefix = "/_fn", endpoint = "family", input = Json)]
pub async fn read_family() -> Result<Family, AppError> {
    answer(services()?.families.around(&call()).await)
}

/// What the account is asked. Looking uses nothing up.
#[server(prefix = "/_fn", endpoint = "family-offer", input = Json)]
pub async fn read_offer(id: OfferId) -> Result<Offer, AppError> {
    answer(services()?.families.offered(&call(), id).await)
}

/// Adds a child.
#[server(prefix = "/_fn", endpoint = "family-add-child")]
pub async fn add_child(
    #[server(default)] full_name: String,
    #[server(default)] birth_date: String,
) -> Result<(), AppError> {
    let form = typed::<AddChild>(&[("full_name", &full_name), ("birth_date", &birth_date)]);
    let command = domain::family::AddChild { full_name, birth_date };
    let added = answer(services()?.families.add_child(&call(), command).await);
    form.keep(added.map(|_| "/family?done=child".to_owned()))
}

/// Asks somebody to act for a patient.
#[server(prefix = "/_fn", endpoint = "family-ask")]
pub async fn ask_helper(
    patient: PatientId,
    #[server(default)] email: String,
    #[server(default)] relation: String,
    #[server(default)] proof: String,
    #[server(flatten)] input: TermsInput,
) -> Result<(), AppError> {
    let patient_id = patient.to_string();
    let mut fields = vec![("patient", patient_id.as_str()), ("email", &email), ("relation", &relation)];
    fields.extend(input.fields());
    let form = typed::<AskHelper>(&fields);
    form.keep(ask(patient, &email, &relation, proof, input.clone()).await)
}

#[cfg(feature = "ssr")]
async fn ask(
    patient: PatientId,
    email: &str,
    relation: &str,
    proof: String,
    input: TermsInput,
) -> Result<String, AppError> {
    let families = services()?.families;
    let (relation, Terms { permissions, from, until }) = answer(input.asked(email, relation))?;
    let command = domain::family::OfferHelp { email: email.to_owned(), relation, permissions, from, until };
    answer(families.offer(&call_with(proof).await?, patient, command).await)?;
    Ok("/family?done=asked".to_owned())
}

/// Changes what a helper may do.
#[server(prefix = "/_fn", endpoint = "family-change")]
pub async fn change_helper(
    patient: PatientId,
    helper: AccountId,
    #[server(default)] proof: String,
    #[server(flatten)] input: TermsInput,
) -> Result<(), AppError> {
    let (patient_id, helper_id) = (patient.to_string(), helper.to_string());
    let mut fields = vec![("patient", patient_id.as_str()), ("helper", &helper_id)];
    fields.extend(input.fields());
    let form = typed::<ChangeHelper>(&fields);
    form.keep(alter(patient, helper, proof, input.clone()).await)
}

#[cfg(feature = "ssr")]
async fn alter(
    patient: PatientId,
    helper: AccountId,
    proof: String,
    input: TermsInput,
) -> Result<String, AppError> {
    let families = services()?.families;
    let terms = answer(input.terms())?;
    answer(families.change(&call_with(proof).await?, patient, helper, terms).await)?;
    Ok("/family?done=changed".to_owned())
}

/// Ends it, from either side.
#[server(prefix = "/_fn", endpoint = "family-end")]
pub async fn end_help(patient: PatientId, helper: AccountId) -> Result<(), AppError> {
    let ended = answer(services()?.families.end(&call(), patient, helper).await);
    typed::<EndHelp>(&[]).keep(ended.map(|()| "/family?done=ended".to_owned()))
}

/// Takes an offer back.
#[server(prefix = "/_fn", endpoint = "family-withdraw")]
pub async fn withdraw_offer(offer: OfferId) -> Result<(), AppError> {
    let gone = answer(services()?.families.withdraw(&call(), offer).await);
    typed::<WithdrawOffer>(&[]).keep(gone.map(|()| "/family?done=withdrawn".to_owned()))
}

/// Gives a child who is old enough an account of her own.
#[server(prefix = "/_fn", endpoint = "family-own-account")]
pub async fn hand_over(
    patient: PatientId,
    #[server(default)] email: String,
    #[server(default)] proof: String,
) -> Result<(), AppError> {
    let form = typed::<HandOver>(&[("patient", &patient.to_string()), ("email", &email)]);
    form.keep(hand(patient, email, proof).await)
}

#[cfg(feature = "ssr")]
async fn hand(patient: PatientId, email: String, proof: String) -> Result<String, AppError> {
    let command = domain::family::HandOver { email };
    answer(services()?.families.hand_over(&call_with(proof).await?, patient, command).await)?;
    Ok("/family?done=asked".to_owned())
}

/// Says yes to an offer.
#[server(prefix = "/_fn", endpoint = "family-accept-offer")]
pub async fn accept_offer(offer: OfferId, #[server(default)] birth_date: String) -> Result<(), AppError> {
    let command = domain::family::AnswerOffer { accept: true, birth_date: Some(birth_date) };
    let done = answer(services()?.families.answer(&call(), offer, command).await);
    typed::<AcceptOffer>(&[]).keep(done.map(|()| "/family?done=accepted".to_owned()))
}

/// Says no to an offer.
#[server(prefix = "/_fn", endpoint = "family-decline-offer")]
pub async fn decline_offer(offer: OfferId) -> Result<(), AppError> {
    let command = domain::family::AnswerOffer { accept: false, birth_date: None };
    let done = answer(services()?.families.answer(&call(), offer, command).await);
    typed::<DeclineOffer>(&[]).keep(done.map(|()| "/family?done=declined".to_owned()))
}

#[cfg(feature = "ssr")]
impl TermsInput {
    /// Its fields, as the form names them.
    fn fields(&self) -> Vec<(&str, &str)> {
        let boxes = self.permissions.iter().map(|code| (PERMISSIONS, code.as_str()));
        boxes.chain([("from", self.from.as_str()), ("until", &self.until)]).collect()
    }

    /// What was typed as a command, or the boxes that nobody knows.
    fn terms(self) -> domain::Result<Terms> {
        let codes = self.permissions.iter().map(|code| Permission::parse(code));
        let permissions = codes.collect::<Result<Permissions, _>>();
        let permissions = permissions.map_err(|rule| domain::Error::invalid("permissions", rule))?;
        Ok(Terms { permissions, from: Some(self.from), until: Some(self.until) })
    }

    /// The same with who is asked. Without a relation there is no command, so that all that is missing is said here at once.
    fn asked(self, email: &str, relation: &str) -> domain::Result<(Relation, Terms)> {
        if let Ok(relation) = Relation::parse(relation) {
            return Ok((relation, self.terms()?));
        }
        let mut findings = Findings::new();
        findings.take("email", domain::text::email(email));
        findings.require(false, "relation", "choose");
        findings.require(!self.permissions.is_empty(), "permissions", "choose");
        Err(findings.finish().err().unwrap_or(domain::Error::NotFound))
    }
}
