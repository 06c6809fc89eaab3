//! Public pages are made once for all who ask within a second, and anew as soon as anything has changed (ADR 29).
//! Which pages those are stands in `registry::pages`; each answer gets a nonce of its own.

mod page;
mod shelf;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    body::{Body, HttpBody, to_bytes},
    extract::{Request, State},
    http::{Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::Actor;
use services::{Edition, clock::Clock};

use self::{
    page::Page,
    shelf::{Found, Moment, Place, Shelf},
};
use super::{origin, problem::Problem};
use crate::{config::PublicUrl, registry::pages, state::AppState};

/// How long somebody waits for a page that another is making before she makes her own.
const PATIENCE: Duration = Duration::from_secs(1);
/// What has a longer name is not kept.
const LONGEST_KEY: usize = 1 << 10;

/// The pages of this process; clones share them.
#[derive(Clone)]
pub(crate) struct KeptPages(Arc<Inner>);

struct Inner {
    shelf: Mutex<Shelf>,
    edition: Edition,
    clock: Arc<dyn Clock>,
    public_url: Option<PublicUrl>,
    patience: Duration,
}

/// The middleware around the pages, and inside every guard.
pub(crate) async fn keep(State(kept): State<KeptPages>, request: Request, next: Next) -> Response {
    let Some(key) = kept.key(&request) else { return next.run(request).await };
    let place = kept.place(&key);
    match place.find(kept.0.patience).await {
        Found::Kept(page) => page.answer(),
        Found::Yours(_turn) => kept.make(&place, request, next).await,
        Found::Nothing => next.run(request).await,
    }
}

impl KeptPages {
    pub(crate) fn new(state: &AppState) -> Self {
        let (clock, public_url) = (state.clock.clone(), state.config.public_url.clone());
        Self::with(state.house.edition(), clock, public_url, PATIENCE)
    }

    fn with(
        edition: Edition,
        clock: Arc<dyn Clock>,
        public_url: Option<PublicUrl>,
        patience: Duration,
    ) -> Self {
        Self(Arc::new(Inner { shelf: Mutex::default(), edition, clock, public_url, patience }))
    }

    /// The name under which the page is kept that somebody asks for, if it is one to keep: all that a public page is made of. That is
    /// its address, and the host where links name it; no page reads any other header of somebody without a cookie.
    fn key(&self, request: &Request) -> Option<String> {
        let (headers, uri) = (request.headers(), request.uri());
        let reads = matches!(*request.method(), Method::GET | Method::HEAD) && request.body().is_end_stream();
        let by_nobody = matches!(request.extensions().get::<Actor>(), Some(Actor::Anonymous))
            && !headers.contains_key(header::COOKIE)
            && !headers.contains_key(header::AUTHORIZATION);
        let public = pages::is_same_for_everybody(uri.path(), uri.query().unwrap_or_default());
        if !(reads && by_nobody && public) {
            return None;
        }
        let base = origin::base(headers, uri, self.0.public_url.as_ref());
        let key = format!("{base}{}", uri.path_and_query()?);
        Some(key).filter(|key| key.len() <= LONGEST_KEY)
    }

    fn place(&self, key: &str) -> Arc<Place> {
        let mut places = self.shelf();
        // Read under the lock: a place that somebody finds did not begin after her now.
        let at = Moment { edition: self.0.edition.number(), now_ms: self.0.clock.now_ms() };
        places.place(key, at)
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        // A place is whole whatever happened to whoever held the lock.
        self.0.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the page, for its place as well if it is one to keep.
    async fn make(&self, place: &Place, request: Request, next: Next) -> Response {
        let answer = next.run(request).await;
        if !Page::can_be(&answer) {
            place.fill(None);
            return answer;
        }
        let (head, body) = answer.into_parts();
        // To its end, however it comes: the text is the one that a slow reader would have.
        let Ok(text) = to_bytes(body, usize::MAX).await else {
            return Problem::accident("a page broke off").into_response();
        };
        place.fill(Page::of(&head, &text));
        self.shelf().make_room();
        Response::from_parts(head, Body::from(text))
    }
}

#[cfg(test)]
mod tests;
