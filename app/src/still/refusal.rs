//! What a person reads when the edge of the server refuses a request: what happened, that nothing is lost, and the way back.
//! Why it refuses is the server's business.

use leptos::prelude::*;

use super::{Frame, document};
use crate::i18n::{error_message, error_text};
use crate::t;
use crate::ui::{ButtonKind, ButtonRow, LinkButton, PageHeader};

/// A refusal as the page tells it.
#[derive(Debug, Clone, Default)]
pub struct Refusal<'a> {
    /// The stable code.
    pub code: &'a str,
    /// What to quote to support.
    pub reference: Option<&'a str>,
    /// The page that this one was asked from.
    pub back: Option<String>,
    /// The page that was asked for, where asking again may help.
    pub again: Option<String>,
}

/// The page.
#[must_use]
pub fn refusal(frame: Frame<'_>, refusal: &Refusal<'_>) -> String {
    let (title, text) = words(refusal);
    document(frame, title, || {
        let ways = ways(refusal);
        view! {
            <div class="page page-narrow stack">
                <PageHeader title=title lead=text />
                <ButtonRow>{ways}</ButtonRow>
            </div>
        }
    })
}

fn words(refusal: &Refusal<'_>) -> (&'static str, String) {
    let (title, text) = match refusal.code {
        "not_found" => (t!(state.not_found_title), t!(state.not_found_text)),
        "cross_site" => (t!(refusal.cross_site_title), t!(refusal.cross_site_text)),
        "two_credentials" => (t!(refusal.two_credentials_title), t!(refusal.two_credentials_text)),
        "body_too_large" => (t!(refusal.too_large_title), t!(refusal.too_large_text)),
        "too_slow" => (t!(refusal.too_slow_title), t!(refusal.too_slow_text)),
        "too_many" => (t!(refusal.too_many_title), t!(refusal.too_many_text)),
        "method_not_allowed" | "media_type" => (t!(refusal.wrong_way_title), t!(refusal.wrong_way_text)),
        "misdirected" => (t!(refusal.misdirected_title), t!(refusal.misdirected_text)),
        "unavailable" => (t!(refusal.unavailable_title), t!(refusal.unavailable_text)),
        "unauthenticated" => (t!(refusal.sign_in_title), t!(refusal.sign_in_text)),
        code => (t!(state.failed_title), error_text(code)),
    };
    match refusal.reference {
        Some(reference) => (title, error_message("internal_reference", &[("reference", &reference)])),
        None => (title, text.to_owned()),
    }
}

/// The ways on, the likeliest first; the start page is always one.
fn ways(refusal: &Refusal<'_>) -> Vec<AnyView> {
    let sign_in = (refusal.code == "unauthenticated").then(|| ("/sign-in".to_owned(), t!(shell.sign_in)));
    let again = refusal.again.clone().map(|path| (path, t!(common.try_again)));
    let back = refusal.back.clone().map(|path| (path, t!(refusal.back)));
    let home = ("/".to_owned(), t!(refusal.home));
    let ways = [sign_in, again, back, Some(home)].into_iter().flatten();
    ways.enumerate()
        .map(|(number, (href, words))| {
            let kind = if number == 0 { ButtonKind::Primary } else { ButtonKind::Secondary };
            view! { <LinkButton href=href kind=kind>{words}</LinkButton> }.into_any()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODES: [&str; 12] = [
        "not_found",
        "cross_site",
        "two_credentials",
        "body_too_large",
        "too_slow",
        "too_many",
        "method_not_allowed",
        "media_type",
        "misdirected",
        "unavailable",
        "unauthenticated",
        "malformed",
    ];

    #[test]
    fn every_refusal_has_words_and_a_way_on_and_no_code() {
        for code in CODES {
            let page = refusal(Frame::default(), &Refusal { code, ..Refusal::default() });
            assert!(page.starts_with("<!DOCTYPE html>") && page.contains("<h1"), "{code}: {page}");
            assert!(page.contains("href=\"/\"") && page.contains("/caresync.css"), "{code}");
            assert!(!code.contains('_') || !page.contains(code), "{code}: {page}");
            assert!(!page.contains("<script") && !page.contains("style=\""), "{code}");
            assert!(page.contains(&format!("{}</title>", t!(common.app_name))), "{code}: {page}");
        }
    }

    #[test]
    fn an_accident_tells_its_reference_and_a_foreign_theme_is_dropped() {
        let told = Refusal { code: "internal", reference: Some("0199-7"), ..Refusal::default() };
        let page = refusal(Frame { folder: "pkg/ab", theme: Some("\"><b>") }, &told);
        assert!(page.contains("0199-7") && page.contains("/pkg/ab/caresync.css"));
        assert!(!page.contains("<b>") && !page.contains("data-theme"));
        assert!(refusal(Frame { folder: "", theme: Some("dark") }, &told).contains("data-theme=\"dark\""));
    }
}
