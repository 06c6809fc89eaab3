//! Server functions of the private address of one's own calendar.
//! The address leaves the server once, in a cookie that no script can read and that is sealed for its account; for some minutes the
//! page shows it.

use domain::calendars::Feed;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    form::typed,
    server::{actor, answer, call, cookie, services, set_cookie},
};
#[cfg(feature = "ssr")]
use domain::calendars::{FeedDetail, SetFeed};

/// The page of the settings.
#[cfg(feature = "ssr")]
const SETTINGS: &str = "/account/calendar";
/// The cookie with an address that was not shown yet.
#[cfg(feature = "ssr")]
const FRESH: &str = "caresync-calendar";
/// How long it is shown, in seconds.
#[cfg(feature = "ssr")]
const SHOWN_SECONDS: u32 = 300;

/// The caller's calendar as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnCalendar {
    /// What holds now, if it has an address.
    pub feed: Option<Feed>,
    /// The address, if it was made minutes ago.
    pub fresh: Option<String>,
}

/// The caller's calendar. An address that was just made is in it.
#[server(prefix = "/_fn", endpoint = "my-calendar", input = Json)]
pub async fn read_calendar() -> Result<OwnCalendar, AppError> {
    let feed = match services()?.calendars.feed(&call()).await {
        Err(domain::Error::NotFound) => None,
        feed => Some(answer(feed)?),
    };
    let fresh = feed.as_ref().and_then(|_| fresh());
    Ok(OwnCalendar { feed, fresh })
}

/// Makes an address, in the place of one that was made before.
#[server(prefix = "/_fn", endpoint = "make-calendar-feed")]
pub async fn make_calendar_feed(#[server(default)] detail: String) -> Result<(), AppError> {
    let made = make(&detail).await;
    let made = made.map(|()| format!("{SETTINGS}?saved=made"));
    typed::<MakeCalendarFeed>(&[("detail", &detail)]).keep(made)
}

/// Lets the address tell more or less.
#[server(prefix = "/_fn", endpoint = "change-calendar-feed")]
pub async fn change_calendar_feed(#[server(default)] detail: String) -> Result<(), AppError> {
    let changed = async {
        let command = answer(chosen(&detail))?;
        answer(services()?.calendars.change_feed(&call(), command).await)
    };
    let changed = changed.await.map(|_| format!("{SETTINGS}?saved=changed"));
    typed::<ChangeCalendarFeed>(&[("detail", &detail)]).keep(changed)
}

/// Ends the address.
#[server(prefix = "/_fn", endpoint = "end-calendar-feed")]
pub async fn end_calendar_feed() -> Result<(), AppError> {
    let ended = answer(services()?.calendars.end_feed(&call()).await);
    if ended.is_ok() {
        set_cookie(FRESH, "", 0);
    }
    typed::<EndCalendarFeed>(&[]).keep(ended.map(|()| format!("{SETTINGS}?saved=ended")))
}

#[cfg(feature = "ssr")]
async fn make(detail: &str) -> Result<(), AppError> {
    let services = services()?;
    let call = call();
    // Whoever is not signed in learns that first, whatever she has chosen.
    let account = answer(call.actor.signed_in().map(|who| who.account_id))?;
    let made = answer(services.calendars.make_feed(&call, answer(chosen(detail))?).await)?;
    let sealed = answer(services.sign_ins.seal(account, &made.address))?;
    set_cookie(FRESH, &sealed, SHOWN_SECONDS);
    Ok(())
}

#[cfg(feature = "ssr")]
fn chosen(detail: &str) -> domain::Result<SetFeed> {
    let detail = FeedDetail::parse(detail).map_err(|rule| domain::Error::invalid("detail", rule))?;
    Ok(SetFeed { detail })
}

/// The address that waits in the browser, for the account that has made it and nobody else. It stays for some minutes, because an
/// answer may break off on its way to a phone.
#[cfg(feature = "ssr")]
fn fresh() -> Option<String> {
    let sealed = cookie(FRESH).filter(|sealed| !sealed.is_empty())?;
    services().ok()?.sign_ins.unseal(actor().account_id()?, &sealed)
}
