//! What a page reads of the server: once for the page that is sent, and again in the browser when that which it depends on has changed.
//! What is shown of it, and while it is on its way, is for `portal::Loaded` and `portal::hospital::Kept`.
//!
//! A resource of leptos is compiled anew for each type that it holds and for each question, many kilobytes each time, and what it
//! holds is read once more for each way in which it arrives. Here all pages share one, which holds what was found without knowing it;
//! [`Reading`] remembers what it is.

use std::any::Any;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::server::codee::{Decoder, Encoder};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::server::AppError;

/// Something that is read, and read again. It can be copied; it ends with the page that made it.
#[derive(Debug)]
pub struct Reading<T> {
    resource: Resource<Found, InPage>,
    holds: PhantomData<fn() -> T>,
}

impl<T> Clone for Reading<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Reading<T> {}

impl<T> Reading<T>
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    /// Reads with what `source` says, and again when that is another.
    #[track_caller]
    pub fn new<S, Answer>(
        source: impl Fn() -> S + Send + Sync + 'static,
        read: impl Fn(S) -> Answer + Send + Sync + 'static,
    ) -> Self
    where
        S: Clone + PartialEq + Send + Sync + 'static,
        Answer: Future<Output = Result<T, AppError>> + Send + 'static,
    {
        let read: Arc<dyn Fn(S) -> Coming + Send + Sync> = Arc::new(move |about| {
            let answer = read(about);
            Box::pin(async move { Found::of(answer.await) })
        });
        let source = move || Question(Arc::new(About { about: source(), read: read.clone() }));
        Self { resource: resource(Box::new(source)), holds: PhantomData }
    }

    /// What was found, as soon as it is. The answer is asked for now, while the page is there, and may be awaited after it has gone.
    pub fn coming(self) -> impl Future<Output = Result<T, AppError>> + Send + 'static {
        let coming = self.resource.into_future();
        async move { coming.await.known() }
    }

    /// What was found, if anything was yet. Whoever asks in a reactive place is run again when it is another.
    #[must_use]
    pub fn now(self) -> Option<Result<T, AppError>> {
        self.resource.get().map(|found| found.known())
    }

    /// Shows what is found, by a function that can be kept without knowing what it shows.
    pub(crate) fn shown_by(view: impl Fn(Result<T, AppError>) -> AnyView + Send + Sync + 'static) -> Shows {
        Arc::new(move |found: Found| view(found.known()))
    }
}

impl<T> Reading<T> {
    /// The resource behind it, which does not know what it holds.
    pub(crate) fn resource(self) -> Resource<Found, InPage> {
        self.resource
    }
}

/// Shows what was found.
pub(crate) type Shows = Arc<dyn Fn(Found) -> AnyView + Send + Sync>;

/// An answer on its way.
type Coming = Pin<Box<dyn Future<Output = Found> + Send>>;

/// The one resource of all pages.
#[track_caller]
fn resource(source: Box<dyn Fn() -> Question + Send + Sync>) -> Resource<Found, InPage> {
    Resource::new_with_options(source, |question: Question| question.0.ask(), false)
}

/// What is asked, and how; two are the same when they are about the same.
#[derive(Clone)]
struct Question(Arc<dyn Asks>);

impl PartialEq for Question {
    fn eq(&self, other: &Self) -> bool {
        self.0.is_about(other.0.about())
    }
}

trait Asks: Send + Sync {
    fn about(&self) -> &dyn Any;
    fn is_about(&self, other: &dyn Any) -> bool;
    fn ask(&self) -> Coming;
}

struct About<S> {
    about: S,
    read: Arc<dyn Fn(S) -> Coming + Send + Sync>,
}

impl<S: Clone + PartialEq + Send + Sync + 'static> Asks for About<S> {
    fn about(&self) -> &dyn Any {
        &self.about
    }

    fn is_about(&self, other: &dyn Any) -> bool {
        other.downcast_ref::<S>() == Some(&self.about)
    }

    fn ask(&self) -> Coming {
        (self.read)(self.about.clone())
    }
}

/// What was found, of whatever type.
#[derive(Clone)]
pub(crate) enum Found {
    /// The thing itself.
    Here(Arc<dyn Thing>),
    /// As it stood in the page that was sent.
    Written(Arc<str>),
    /// Nothing.
    Refused(AppError),
}

/// Something that was found. Only the server writes it.
pub(crate) trait Thing: Send + Sync {
    fn as_any(&self) -> &dyn Any;
    #[cfg(feature = "ssr")]
    fn write(&self) -> serde_json::Result<String>;
}

impl<T: Serialize + Send + Sync + 'static> Thing for T {
    fn as_any(&self) -> &dyn Any {
        self
    }

    #[cfg(feature = "ssr")]
    fn write(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }
}

impl Found {
    fn of<T: Serialize + Send + Sync + 'static>(result: Result<T, AppError>) -> Self {
        match result {
            Ok(found) => Self::Here(Arc::new(found)),
            Err(error) => Self::Refused(error),
        }
    }

    fn known<T: Clone + DeserializeOwned + 'static>(&self) -> Result<T, AppError> {
        let found = match self {
            Self::Here(found) => (**found).as_any().downcast_ref::<T>().cloned(),
            // Read from bytes, as what the server answers is: the browser then needs to know one way of reading each type.
            Self::Written(text) => serde_json::from_slice(text.as_bytes()).ok(),
            Self::Refused(error) => return Err(error.clone()),
        };
        found.ok_or(AppError::Network)
    }

    /// Whether nothing was found, or nothing is given.
    pub(crate) fn is_refused(&self) -> bool {
        matches!(self, Self::Refused(_))
    }
}

/// How what was found stands in the page that the server sends, to be there when the page comes to life: as JSON, and after a mark with
/// which no JSON begins, when it is a refusal.
#[derive(Debug)]
pub(crate) struct InPage;

/// No JSON begins with it.
const REFUSED: char = '!';

impl Encoder<Found> for InPage {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(found: &Found) -> Result<String, serde_json::Error> {
        match found {
            #[cfg(feature = "ssr")]
            Found::Here(thing) => thing.write(),
            // A browser sends no page.
            #[cfg(not(feature = "ssr"))]
            Found::Here(_) => Ok(String::new()),
            Found::Written(text) => Ok(text.as_ref().to_owned()),
            Found::Refused(error) => Ok(format!("{REFUSED}{}", serde_json::to_string(error)?)),
        }
    }
}

impl Decoder<Found> for InPage {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<Found, serde_json::Error> {
        match text.strip_prefix(REFUSED) {
            Some(error) => Ok(Found::Refused(serde_json::from_slice(error.as_bytes())?)),
            None => Ok(Found::Written(text.into())),
        }
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use domain::error::Error;

    use super::*;

    fn sent(found: &Found) -> Found {
        let arrived = InPage::encode(found).and_then(|text| InPage::decode(&text));
        arrived.unwrap_or(Found::Refused(AppError::Malformed))
    }

    #[test]
    fn what_was_found_is_the_same_before_and_after_it_was_sent() {
        let words = vec!["one".to_owned(), "!two".to_owned()];
        let found = Found::of(Ok(words.clone()));
        assert_eq!(found.known(), Ok(words.clone()));
        assert_eq!(sent(&found).known(), Ok(words));
        assert_eq!(sent(&Found::of(Ok("!".to_owned()))).known(), Ok("!".to_owned()));
    }

    #[test]
    fn a_refusal_is_sent_as_what_it_is() {
        let refused = Found::of(Err::<Vec<u8>, _>(AppError::Refused(Error::NotFound)));
        assert_eq!(sent(&refused).known::<Vec<u8>>(), Err(AppError::Refused(Error::NotFound)));
        assert!(sent(&refused).is_refused() && !sent(&Found::of(Ok(1))).is_refused());
    }

    #[test]
    fn two_questions_are_the_same_when_they_are_about_the_same() {
        let about = |about: (u8, &'static str)| {
            let read: Arc<dyn Fn((u8, &'static str)) -> Coming + Send + Sync> =
                Arc::new(|(number, _)| Box::pin(async move { Found::of(Ok(number)) }));
            Question(Arc::new(About { about, read }))
        };
        assert!(about((1, "a")) == about((1, "a")));
        assert!(about((1, "a")) != about((2, "a")));
        assert!(about((1, "a")) != about((1, "b")));
    }
}
