//! Badges: a word or two about the state of something, always with a text, mostly with an icon.
//! The words of a status come from the catalogue; its meaning for care is the domain's business.

use leptos::prelude::*;

use super::icon::{Icon, IconName};
use super::tone::Tone;
use crate::i18n::{Audience, status_text};

/// A word or two about a state.
#[component]
pub fn Badge(
    /// What kind of news it is.
    #[prop(optional)]
    tone: Tone,
    /// Before the words.
    #[prop(optional)]
    icon: Option<IconName>,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <span class=format!("badge badge-{}", tone.name())>
            {icon.map(|name| view! { <Icon name /> })}
            <span>{children()}</span>
        </span>
    }
}

/// The state of a visit, by its code.
#[component]
pub fn StatusBadge(
    /// The code: "booked", "confirmed", "arrived", "checked-in", "in-progress", "completed", "cancelled", "no-show",
    /// "left-unseen", "held", "pending-payment", "expired".
    #[prop(into)]
    status: String,
    /// Who reads it.
    #[prop(optional)]
    audience: Audience,
) -> impl IntoView {
    let (tone, icon) = status_look(&status);
    let text = status_text(&status, audience).to_owned();
    view! { <Badge tone=tone icon=icon>{text}</Badge> }
}

/// The tone and the icon of a visit's status; no two statuses share an icon.
#[must_use]
pub fn status_look(status: &str) -> (Tone, IconName) {
    match status {
        "booked" => (Tone::Neutral, IconName::Clock),
        "confirmed" => (Tone::Accent, IconName::CalendarCheck),
        "arrived" => (Tone::Accent, IconName::MapPin),
        "checked-in" => (Tone::Accent, IconName::UserCheck),
        "in-progress" => (Tone::Accent, IconName::Stethoscope),
        "completed" => (Tone::Positive, IconName::CheckCircle),
        "cancelled" => (Tone::Neutral, IconName::XCircle),
        "no-show" => (Tone::Warning, IconName::UserX),
        "left-unseen" => (Tone::Warning, IconName::LogOut),
        "held" => (Tone::Warning, IconName::Lock),
        "pending-payment" => (Tone::Warning, IconName::Money),
        "expired" => (Tone::Neutral, IconName::Refresh),
        _ => (Tone::Neutral, IconName::Info),
    }
}
