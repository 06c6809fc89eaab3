//! Extractors whose refusals are problems that name the field: bodies, ids in paths, queries, the call itself.
//! They check form only; what a value may be is the services' business.

use app::server::ProvenAt;
use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::{Method, StatusCode, header, request::Parts},
};
use domain::{
    Actor, Call, Error,
    access::{Origin, Trace},
    ids::SignInId,
};
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// A JSON body of a known shape.
pub(crate) struct Body<T>(pub(crate) T);

/// A JSON body that may be left out.
pub(crate) struct OptionalBody<T>(pub(crate) T);

/// Ids and dates in the path; malformed ones are absent objects.
pub(crate) struct At<T>(pub(crate) T);

/// The query string; keys that nobody knows are ignored.
pub(crate) struct Params<T>(pub(crate) T);

/// The request to a service: who asks, and under which idempotency key.
pub(crate) struct Caller(pub(crate) Call);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !says_json(&request) {
            return Err(unsupported());
        }
        parse(&bytes(request, state).await?).map(Self)
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for OptionalBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let json = says_json(&request);
        let bytes = bytes(request, state).await?;
        if bytes.is_empty() {
            return Ok(Self(T::default()));
        }
        if json { parse(&bytes).map(Self) } else { Err(unsupported()) }
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<T>::from_request_parts(parts, state).await;
        path.map(|Path(value)| Self(value)).map_err(|_| Error::NotFound.into())
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        query.map(|Query(value)| Self(value)).map_err(|_| Error::invalid("query", "malformed").into())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let actor = parts.extensions.get::<Actor>().cloned().unwrap_or(Actor::Anonymous);
        let idempotency_key = if parts.method == Method::POST { idempotency_key(parts)? } else { None };
        let sign_in = parts.extensions.get::<SignInId>().copied();
        let origin = parts.extensions.get::<Origin>().cloned().unwrap_or_default();
        let trace = parts.extensions.get::<Trace>().cloned().unwrap_or_default();
        let proven_at = parts.extensions.get::<ProvenAt>().map(|at| at.0);
        Ok(Self(Call { actor, idempotency_key, sign_in, proven_at, origin, trace }))
    }
}

/// The `Idempotency-Key`: 1 to 255 visible characters.
fn idempotency_key(parts: &Parts) -> Result<Option<String>, Problem> {
    let Some(value) = parts.headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().unwrap_or_default().trim();
    if (1..=255).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()) {
        Ok(Some(key.to_owned()))
    } else {
        Err(Error::invalid("Idempotency-Key", "idempotency_key_invalid").into())
    }
}

fn says_json(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn unsupported() -> Problem {
    Problem::edge(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type", "Send the body as application/json.")
}

/// The whole body.
pub(crate) async fn bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    // Where a limit cut it, the limit's layer says so in place of this.
    Bytes::from_request(request, state).await.map_err(|_| Problem::malformed())
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        refusal(&path, error.inner())
    })?;
    json.end().map_err(|_| Problem::malformed())?;
    Ok(value)
}

/// Names the field and the rule behind what the JSON reader says.
fn refusal(path: &str, error: &serde_json::Error) -> Problem {
    if !error.is_data() {
        return Problem::malformed();
    }
    let text = error.to_string();
    let quoted = || text.split('`').nth(1).unwrap_or_default();
    let (field, rule) = if text.starts_with("missing field") {
        (inside(path, quoted()), "required")
    } else if text.starts_with("unknown field") {
        (inside(path, quoted()), "unknown_field")
    } else if text.starts_with("unknown variant") {
        (path.to_owned(), "unknown_value")
    } else if path.rsplit('.').next().is_some_and(|last| last == "id" || last.ends_with("_id")) {
        (path.to_owned(), "id_invalid")
    } else {
        (path.to_owned(), "wrong_type")
    };
    Error::invalid(if field == "." { "body".to_owned() } else { field }, rule).into()
}

/// A field below a path; the reader may have counted the field into the path already.
fn inside(path: &str, field: &str) -> String {
    if path == "." || path == "?" || path == field || path.is_empty() {
        field.to_owned()
    } else if path.ends_with(&format!(".{field}")) {
        path.to_owned()
    } else {
        format!("{path}.{field}")
    }
}

/// A well-formed answer.
pub(crate) type Reply<T> = Result<Json<T>, Problem>;

/// A well-formed answer to what made something.
pub(crate) type Created<T> = Result<(StatusCode, Json<T>), Problem>;

/// Answers with what a service gave.
pub(crate) fn reply<T>(result: domain::Result<T>) -> Reply<T> {
    result.map(Json).map_err(Problem::from)
}

/// Answers 201 with what a service made.
pub(crate) fn created<T>(result: domain::Result<T>) -> Created<T> {
    result.map(|made| (StatusCode::CREATED, Json(made))).map_err(Problem::from)
}
