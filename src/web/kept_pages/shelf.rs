//! Where kept pages stand: so many, so much of them, and the oldest go first. Each place is filled by one at a time.
//! It knows neither requests nor what is on a page.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, OnceLock},
    time::Duration,
};

use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

use super::page::Page;

/// How old a page may be that somebody gets, in milliseconds. It says when a doctor is free next, and time passes without news.
const LIFE_MS: i64 = 1_000;
const MOST_PAGES: usize = 256;
const MOST_BYTES: usize = 16 << 20;

/// Where the house stands: which news it has had, and what time it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) edition: u64,
    pub(super) now_ms: i64,
}

/// The place of one page.
#[derive(Debug)]
pub(super) struct Place {
    key: Arc<str>,
    /// From before its making began, so that no news falls between.
    begun: Moment,
    /// What became of it; none when it turned out not to be kept.
    made: OnceLock<Option<Page>>,
    /// One permit, for whoever makes it; closed as soon as it is made.
    makers: Semaphore,
}

/// What somebody finds who wants a page.
#[derive(Debug)]
pub(super) enum Found<'p> {
    /// The page.
    Kept(&'p Page),
    /// That she is the one to make it. Whoever lets go of this without having filled the place leaves that to the next.
    Yours(SemaphorePermit<'p>),
    /// That everybody makes it for herself: it is not to be kept, or takes long.
    Nothing,
}

impl Place {
    fn new(key: &str, begun: Moment) -> Self {
        Self { key: key.into(), begun, made: OnceLock::new(), makers: Semaphore::new(1) }
    }

    /// What is here, once whoever makes it is done or gone; but nobody waits for longer than this.
    pub(super) async fn find(&self, patience: Duration) -> Found<'_> {
        if self.made.get().is_none() {
            match timeout(patience, self.makers.acquire()).await {
                Ok(Ok(permit)) => return Found::Yours(permit),
                // Closed: it is made.
                Ok(Err(_)) => {}
                Err(_) => return Found::Nothing,
            }
        }
        match self.made.get() {
            Some(Some(page)) => Found::Kept(page),
            _ => Found::Nothing,
        }
    }

    /// Says what became of it, to all who wait.
    pub(super) fn fill(&self, page: Option<Page>) {
        let _ = self.made.set(page);
        self.makers.close();
    }

    fn bytes(&self) -> usize {
        self.made.get().and_then(Option::as_ref).map_or(0, Page::bytes)
    }

    fn is_good(&self, at: Moment) -> bool {
        // A clock that was put back makes no page younger.
        let age = at.now_ms - self.begun.now_ms;
        self.begun.edition == at.edition && (0..LIFE_MS).contains(&age)
    }
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    places: HashMap<Arc<str>, Arc<Place>>,
    /// The same, oldest first.
    by_age: VecDeque<Arc<Place>>,
}

impl Shelf {
    /// The place of a page: the one that there is, as long as it is good.
    pub(super) fn place(&mut self, key: &str, at: Moment) -> Arc<Place> {
        if let Some(place) = self.places.get(key).filter(|place| place.is_good(at)) {
            return place.clone();
        }
        let place = Arc::new(Place::new(key, at));
        if let Some(old) = self.places.insert(place.key.clone(), place.clone()) {
            self.by_age.retain(|other| !Arc::ptr_eq(other, &old));
        }
        self.by_age.push_back(place.clone());
        while self.by_age.front().is_some_and(|oldest| !oldest.is_good(at)) {
            self.drop_oldest();
        }
        self.make_room();
        place
    }

    /// Lets the oldest go until no more is kept than may be.
    pub(super) fn make_room(&mut self) {
        let mut bytes: usize = self.by_age.iter().map(|place| place.bytes()).sum();
        while self.by_age.len() > MOST_PAGES || bytes > MOST_BYTES {
            let Some(oldest) = self.drop_oldest() else { return };
            bytes = bytes.saturating_sub(oldest.bytes());
        }
    }

    fn drop_oldest(&mut self) -> Option<Arc<Place>> {
        let oldest = self.by_age.pop_front()?;
        self.places.remove(&oldest.key);
        Some(oldest)
    }
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::header, response::Response};

    use super::*;
    use crate::web::kept_pages::page::LARGEST;

    const START: Moment = Moment { edition: 1, now_ms: 1_000_000 };

    fn page(bytes: usize) -> Option<Page> {
        let nonce = "AAAAAAAAAAAAAAAAAAAAAA";
        let policy = format!("script-src 'nonce-{nonce}'");
        let answer = Response::builder().header(header::CONTENT_SECURITY_POLICY, policy);
        let script = format!("<script nonce=\"{nonce}\">");
        let text = format!("{script}{}", "x".repeat(bytes - script.len()));
        Page::of(&answer.body(Body::empty()).unwrap().into_parts().0, text.as_bytes())
    }

    fn later(ms: i64) -> Moment {
        Moment { now_ms: START.now_ms + ms, ..START }
    }

    #[test]
    fn a_place_is_good_for_a_second_of_one_edition() {
        let mut shelf = Shelf::default();
        let first = shelf.place("/", START);
        let is_first = |place: Arc<Place>| Arc::ptr_eq(&place, &first);
        assert!(is_first(shelf.place("/", later(999))));
        assert!(!is_first(shelf.place("/other", START)));
        assert!(!is_first(Shelf::default().place("/", START)));
        for at in [later(1_000), later(-1), Moment { edition: 2, ..START }] {
            let mut shelf = Shelf::default();
            let first = shelf.place("/", START);
            assert!(!Arc::ptr_eq(&shelf.place("/", at), &first), "{at:?}");
            assert_eq!((shelf.places.len(), shelf.by_age.len()), (1, 1), "the old one is gone");
        }
    }

    #[test]
    fn there_are_never_too_many() {
        let mut shelf = Shelf::default();
        for number in 0..MOST_PAGES + 10 {
            shelf.place(&format!("/{number}"), START);
        }
        assert_eq!((shelf.places.len(), shelf.by_age.len()), (MOST_PAGES, MOST_PAGES));
        assert!(!shelf.places.contains_key("/9") && shelf.places.contains_key("/10"), "the oldest go first");
    }

    #[test]
    fn there_is_never_too_much() {
        let mut shelf = Shelf::default();
        let fit = MOST_BYTES / page(LARGEST).unwrap().bytes();
        assert!(fit < MOST_PAGES - 3);
        for number in 0..fit + 3 {
            shelf.place(&format!("/{number}"), START).fill(page(LARGEST));
            shelf.make_room();
        }
        assert_eq!((shelf.places.len(), shelf.by_age.len()), (fit, fit));
        assert!(!shelf.places.contains_key("/2") && shelf.places.contains_key("/3"), "the oldest go first");
    }

    #[test]
    fn what_is_over_makes_room_by_itself() {
        let mut shelf = Shelf::default();
        for number in 0..5 {
            shelf.place(&format!("/{number}"), later(number));
        }
        shelf.place("/new", later(1_002));
        let keys: Vec<&str> = shelf.by_age.iter().map(|place| &*place.key).collect();
        assert_eq!(keys, ["/3", "/4", "/new"]);
    }

    #[tokio::test]
    async fn whoever_gives_up_leaves_the_place_to_the_next() {
        let place = Place::new("/", START);
        let Found::Yours(turn) = place.find(Duration::ZERO).await else { panic!("nobody has begun") };
        assert!(matches!(place.find(Duration::ZERO).await, Found::Nothing), "nobody waits for ever");
        drop(turn);
        let Found::Yours(turn) = place.find(Duration::ZERO).await else { panic!("it is free again") };
        place.fill(page(100));
        drop(turn);
        assert!(matches!(place.find(Duration::ZERO).await, Found::Kept(_)));
        let other = Place::new("/", START);
        other.fill(None);
        assert!(matches!(other.find(Duration::ZERO).await, Found::Nothing));
    }
}
