//! `/family` and `/patients/{id}/helpers`: acting for somebody else.
//! What it lets one do is decided in the services.

use axum::{extract::State, http::StatusCode};
use domain::{
    accounts::OwnPatient,
    family::{AddChild, AnswerOffer, Family, HandOver, Offer, OfferHelp, Terms},
    ids::{AccountId, OfferId, PatientId},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    state::AppState,
    web::{
        extract::{At, Body, Caller, Created, Reply, created, reply},
        problem::Problem,
    },
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(family))
        .routes(routes!(add_child))
        .routes(routes!(read_offer, withdraw_offer))
        .routes(routes!(answer_offer))
        .routes(routes!(offer_help))
        .routes(routes!(change_helper, end_helper))
        .routes(routes!(hand_over))
}

/// For whom the account acts, who acts for its patients, and what was asked on either side.
#[utoipa::path(get, path = "/api/v1/family", tag = "family", responses((status = 200, body = Family)))]
async fn family(State(state): State<AppState>, Caller(call): Caller) -> Reply<Family> {
    reply(state.services.families.around(&call).await)
}

/// Adds a child under sixteen: a patient for whom the account acts as a parent. A confirmed account.
#[utoipa::path(post, path = "/api/v1/family/children", tag = "family", request_body = AddChild,
    responses((status = 201, body = OwnPatient)))]
async fn add_child(
    State(state): State<AppState>,
    Caller(call): Caller,
    Body(command): Body<AddChild>,
) -> Created<OwnPatient> {
    created(state.services.families.add_child(&call, command).await)
}

/// What the account is asked. The account that has confirmed the address; looking uses nothing up.
#[utoipa::path(get, path = "/api/v1/family/offers/{offer_id}", tag = "family", params(("offer_id" = OfferId, Path)),
    responses((status = 200, body = Offer)))]
async fn read_offer(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<OfferId>,
) -> Reply<Offer> {
    reply(state.services.families.offered(&call, id).await)
}

/// Takes an offer back that nobody has accepted. The account that has made it.
#[utoipa::path(delete, path = "/api/v1/family/offers/{offer_id}", tag = "family", params(("offer_id" = OfferId, Path)),
    responses((status = 204)))]
async fn withdraw_offer(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<OfferId>,
) -> Result<StatusCode, Problem> {
    state.services.families.withdraw(&call, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Answers it, once. The account that has confirmed the address.
#[utoipa::path(post, path = "/api/v1/family/offers/{offer_id}/answer", tag = "family", params(("offer_id" = OfferId, Path)),
    request_body = AnswerOffer, responses((status = 204)))]
async fn answer_offer(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<OfferId>,
    Body(command): Body<AnswerOffer>,
) -> Result<StatusCode, Problem> {
    state.services.families.answer(&call, id, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks somebody to act for a patient; the answer is the same whether the address has an account. The patient's own account, or
/// whoever has the care of a small child.
#[utoipa::path(post, path = "/api/v1/patients/{id}/helpers", tag = "family", params(("id" = PatientId, Path)),
    request_body = OfferHelp, responses((status = 201, body = Offer)))]
async fn offer_help(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<PatientId>,
    Body(command): Body<OfferHelp>,
) -> Created<Offer> {
    created(state.services.families.offer(&call, id, command).await)
}

/// Changes what somebody may do, and for how long. The patient's own account, or whoever has given it for a child.
#[utoipa::path(put, path = "/api/v1/patients/{id}/helpers/{account_id}", tag = "family",
    params(("id" = PatientId, Path), ("account_id" = AccountId, Path)), request_body = Terms, responses((status = 204)))]
async fn change_helper(
    State(state): State<AppState>,
    Caller(call): Caller,
    At((id, helper)): At<(PatientId, AccountId)>,
    Body(command): Body<Terms>,
) -> Result<StatusCode, Problem> {
    state.services.families.change(&call, id, helper, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends it at once. The patient's own account, whoever has given it for a child, or the one that helps.
#[utoipa::path(delete, path = "/api/v1/patients/{id}/helpers/{account_id}", tag = "family",
    params(("id" = PatientId, Path), ("account_id" = AccountId, Path)), responses((status = 204)))]
async fn end_helper(
    State(state): State<AppState>,
    Caller(call): Caller,
    At((id, helper)): At<(PatientId, AccountId)>,
) -> Result<StatusCode, Problem> {
    state.services.families.end(&call, id, helper).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a child from thirteen on an account of her own. Her parents, while she has none.
#[utoipa::path(post, path = "/api/v1/patients/{id}/own-account", tag = "family", params(("id" = PatientId, Path)),
    request_body = HandOver, responses((status = 201, body = Offer)))]
async fn hand_over(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<PatientId>,
    Body(command): Body<HandOver>,
) -> Created<Offer> {
    created(state.services.families.hand_over(&call, id, command).await)
}
