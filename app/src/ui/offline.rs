//! The page that the service worker shows when there is no connection.
//! It is precached, so it must make sense to anybody: no name, no data, nothing to sign in to.

use leptos::prelude::*;

use super::button::LinkButton;
use super::icon::{Icon, IconName, IconSize};
use super::notice::{Notice, NoticeKind};
use crate::t;

/// See the module; served at `/offline`.
#[component]
pub fn OfflinePage() -> impl IntoView {
    view! {
        <div class="page page-narrow offline-page">
            <Icon name=IconName::WifiOff size=IconSize::Large />
            <h1 tabindex="-1">{t!(offline.title)}</h1>
            <p class="lead">{t!(offline.text)}</p>
            <p>{t!(offline.what_to_do)}" "{t!(offline.phone)}</p>
            <p>
                // An empty address is the page that could not be reached: the worker answers under its URL.
                <LinkButton href="" icon=IconName::Refresh attr:rel="external">
                    {t!(common.try_again)}
                </LinkButton>
            </p>
            <Notice kind=NoticeKind::Warning>
                <p>{t!(offline.emergency)}</p>
            </Notice>
        </div>
    }
}
