//! The frame of the OpenAPI document: what it is about, how callers prove who they are, how refusals look.
//! Operations describe themselves beside their handlers.

use utoipa::{
    Modify, OpenApi,
    openapi::{
        ContentBuilder, OpenApi as Document, Ref, RefOr, ResponseBuilder,
        path::{Operation, PathItem},
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
    },
};

use crate::web::problem::ProblemBody;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "CareSync",
        description = "Find a doctor, book a free time, see the visit; and for the hospital: confirm it, run the day, keep hours.\n\n\
            Times are RFC 3339 with the offset of the hospital's clocks. Lists are `{items, next_cursor}`: pass `next_cursor` back as `cursor`. \
            Refusals are `application/problem+json` with a stable `code`. \
            Where an operation lists the header `Idempotency-Key`, a request with one may be repeated: it is done once and answered alike.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(ProblemBody)),
    modifiers(&Credentials),
    security(("bearer" = []), ("session" = []), ()),
    tags(
        (name = "accounts", description = "Signing up, tokens, who I am."),
        (name = "hospitals", description = "Hospitals, departments, visit types."),
        (name = "members", description = "Who works at a hospital."),
        (name = "doctors", description = "Finding and keeping doctors."),
        (name = "availability", description = "Hours and free times."),
        (name = "appointments", description = "Booking a visit and moving it on."),
        (name = "queue", description = "The desk's queue, numbers of the day, walk-ins, and the wall of the waiting room."),
        (name = "many visits", description = "Moving and cancelling many visits of a doctor at once, and undoing that."),
        (name = "follow-ups", description = "Asking a patient back within some days, and booking the visit."),
        (name = "series", description = "Several visits in a row: what stands in their way, and booking and ending them together."),
        (name = "waiting list", description = "Waiting for a time, and what is offered to those who wait."),
        (name = "payments", description = "Holding a time, paying for it, bills, and money that goes back."),
        (name = "audit", description = "Who looked at whose data, and questions about it."),
        (name = "family", description = "Acting for somebody else."),
        (name = "emergencies", description = "Looking at a patient whom one does not treat."),
        (name = "schedule", description = "The hospital's day, a doctor's week, patients.")
    )
)]
struct Frame;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
        let cookie = ApiKey::Cookie(ApiKeyValue::with_description(
            "caresync",
            "`__Host-caresync` where the server is reached over https.",
        ));
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    }
}

/// The document without operations.
pub(super) fn frame() -> Document {
    Frame::openapi()
}

/// Adds what holds for every operation: each may be refused, and then answers a problem.
pub(super) fn complete(mut document: Document) -> Document {
    document.paths.paths.values_mut().flat_map(operations).for_each(may_be_refused);
    document
}

fn operations(path: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut path.get, &mut path.post, &mut path.put, &mut path.delete, &mut path.patch]
        .into_iter()
        .filter_map(Option::as_mut)
}

fn may_be_refused(operation: &mut Operation) {
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let response = ResponseBuilder::new()
        .description("Refused: `code` says why, `fields` names what breaks a rule.")
        .content("application/problem+json", problem)
        .build();
    operation.responses.responses.entry("default".to_owned()).or_insert(RefOr::T(response));
}
