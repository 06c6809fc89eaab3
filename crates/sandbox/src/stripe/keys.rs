//! Keys under which a change is made once: the first answer is kept for a day and given again, accidents too.
//! What is refused leaves nothing under its key.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt;
use ring::digest;
use serde_json::Value;

use super::{refusal::Refusal, till::Answer};
use crate::{faults::Place, server::HangUp, shared::Shared, signature, world::Desk};

/// Answers are kept so long, in seconds.
const KEPT: i64 = 24 * 60 * 60;
/// The longest key.
const LONGEST: usize = 255;

/// A change that may have been made before.
#[derive(Debug, Clone)]
pub(super) struct Keyed {
    key: String,
    fingerprint: String,
}

/// What was done, now or before.
pub(super) struct Done {
    body: String,
    again: bool,
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        answer(StatusCode::OK, self.body, self.again)
    }
}

impl Desk<'_> {
    /// Does something unless it was done under this key.
    pub(super) fn once(
        &mut self,
        keyed: Option<&Keyed>,
        act: impl FnOnce(&mut Self) -> Result<Value, Refusal>,
    ) -> Result<Done, Refusal> {
        let Some(keyed) = keyed else { return Ok(Done { body: act(self)?.to_string(), again: false }) };
        let oldest = self.now - KEPT;
        self.world.stripe.answers.retain(|_, answer| answer.at > oldest);
        if let Some(known) = self.world.stripe.answers.get(&keyed.key) {
            // Two came at once; whoever was slower learns what the other has done.
            known.fits(keyed)?;
            return Ok(Done { body: known.body.clone(), again: true });
        }
        let body = act(self)?.to_string();
        self.keep(keyed, 200, &body);
        Ok(Done { body, again: false })
    }

    fn keep(&mut self, keyed: &Keyed, status: u16, body: &str) {
        let (fingerprint, body) = (keyed.fingerprint.clone(), body.to_owned());
        let answer = Answer { fingerprint, status, body, at: self.now };
        self.world.stripe.answers.insert(keyed.key.clone(), answer);
    }
}

impl Answer {
    fn fits(&self, keyed: &Keyed) -> Result<(), Refusal> {
        if self.fingerprint == keyed.fingerprint { Ok(()) } else { Err(Refusal::other_request(&keyed.key)) }
    }
}

/// The layer over all of Stripe's API: repeats what is known, and keeps what an accident has answered.
pub(super) async fn remember(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let bytes = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let key = parts.headers.get("idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_owned);
    let keyed = key
        .filter(|_| parts.method == Method::POST)
        .map(|key| Keyed { fingerprint: fingerprint(parts.uri.path(), &bytes), key });
    if let Some(keyed) = &keyed {
        if keyed.key.is_empty() || keyed.key.chars().count() > LONGEST {
            return Refusal::bad("Idempotency keys have 1 to 255 characters.").into_response();
        }
        let now = (shared.options.clock)().div_euclid(1000);
        let known = shared.look(|world| world.stripe.answers.get(&keyed.key).cloned());
        if let Some(known) = known.filter(|known| known.at > now - KEPT) {
            return match known.fits(keyed) {
                Ok(()) => {
                    let status =
                        StatusCode::from_u16(known.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                    answer(status, known.body, true)
                }
                Err(refusal) => refusal.into_response(),
            };
        }
        parts.extensions.insert(keyed.clone());
    }
    let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    if !response.status().is_server_error() || response.extensions().get::<HangUp>().is_some() {
        return response;
    }
    let refusal = Refusal::broken();
    if let Some(keyed) = keyed {
        let body = refusal.body();
        let kept = shared.alter::<_, Refusal>(Place::Elsewhere, |desk| {
            desk.keep(&keyed, 500, &body);
            Ok(())
        });
        // If even that cannot be written, it is an accident of another kind with the same answer.
        let _ = kept.await;
    }
    refusal.into_response()
}

fn answer(status: StatusCode, body: String, again: bool) -> Response {
    let json = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    let mut response = (status, json, body).into_response();
    if again {
        response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    response
}

fn fingerprint(path: &str, body: &Bytes) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(path.as_bytes());
    context.update(b"\0");
    context.update(body);
    signature::hex(context.finish().as_ref())
}
