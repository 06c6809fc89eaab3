//! The limit of the page of doctors: the same HTML by maud. The cards are written here; what stands around them is taken from the page
//! of the server under measurement, without what Leptos has put there for itself.

use std::{fs, path::Path};

use anyhow::Context;
use axum::{
    extract::{Query, State},
    response::Html,
};
use jiff::civil::DateTime;
use maud::{Markup, PreEscaped, html};
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    Refused, Sources,
    cards::{self, Card, Part},
    refused,
};

const HEAD: &str = "head.html";
const FOOT: &str = "foot.html";
/// What stands between two cards.
const BETWEEN: &str = "</li><li>";

/// What stands around the cards.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Frame {
    head: String,
    foot: String,
}

impl Frame {
    /// Of a page with cards.
    pub(super) fn of(page: &str) -> Option<Self> {
        let page = without(page, "<!--", "-->", |_| true).replace("<!>", "");
        let page = without(&page, "<script", "</script>", |script| script.contains("__RESOLVED_RESOURCES"));
        let (first, last) = (page.find("<article")?, page.rfind("</article>")? + "</article>".len());
        Some(Self { head: page.get(..first)?.to_owned(), foot: page.get(last..)?.to_owned() })
    }

    pub(super) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        fs::write(folder.join(HEAD), &self.head)?;
        Ok(fs::write(folder.join(FOOT), &self.foot)?)
    }

    pub(super) fn read(folder: &Path) -> anyhow::Result<Self> {
        let part = |name| fs::read_to_string(folder.join(name)).context(name);
        Ok(Self { head: part(HEAD)?, foot: part(FOOT)? })
    }
}

/// The text without pieces from a begin to an end that are to go.
fn without(text: &str, begin: &str, end: &str, goes: impl Fn(&str) -> bool) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, piece)) = rest.find(begin).map(|at| rest.split_at(at)) {
        let length = piece.find(end).map_or(piece.len(), |at| at + end.len());
        let (piece, after) = piece.split_at(length);
        kept.push_str(before);
        if !goes(piece) {
            kept.push_str(piece);
        }
        rest = after;
    }
    kept.push_str(rest);
    kept
}

/// How many cards.
#[derive(Deserialize)]
pub(super) struct Asked {
    limit: i64,
}

/// The page, with the question of `search`.
pub(super) async fn page(
    State(sources): State<Sources>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Refused> {
    let cards = cards::soonest(&sources.cards, &cards::Asked::of_all(asked.limit)).await.map_err(refused)?;
    let cards = cards.iter().map(card).collect::<serde_json::Result<Vec<Markup>>>().map_err(refused)?;
    let Frame { head, foot } = &*sources.frame;
    let page = html! {
        (PreEscaped(head))
        @for (number, card) in cards.iter().enumerate() {
            @if number > 0 { (PreEscaped(BETWEEN)) }
            (card)
        }
        (PreEscaped(foot))
    };
    Ok(Html(page.into_string()))
}

#[derive(Deserialize)]
struct Hospital {
    name: String,
    city: String,
}

#[derive(Deserialize)]
struct Kind {
    id: String,
}

#[derive(Deserialize)]
struct Price {
    amount_minor: i64,
    currency: String,
}

fn read<T: DeserializeOwned>(part: &Part) -> serde_json::Result<T> {
    serde_json::from_str(part.get())
}

/// As the page of the server shows a doctor.
fn card(card: &Card) -> serde_json::Result<Markup> {
    let (specialties, languages): (Vec<String>, Vec<String>) =
        (read(&card.specialties)?, read(&card.languages)?);
    let (hospital, price): (Hospital, Option<Price>) = (read(&card.hospital)?, read(&card.price_from)?);
    let languages: Vec<&str> = languages.iter().map(|code| language(code)).collect();
    Ok(html! {
        article class="card doctor-item" {
            div class="doctor-item-head" {
                span class="avatar" aria-hidden="true" translate="no" { (initials(&card.name)) }
                div {
                    h3 class="card-title" {
                        a href={ "/doctors/" (card.id) } { bdi translate="no" { (card.name) } }
                    }
                    p class="muted" { (specialties.join(", ")) }
                }
            }
            div class="doctor-item-facts" {
                p class="fact" {
                    (icon("hospital"))
                    span { bdi translate="no" { (hospital.name) } ", " (hospital.city) }
                }
                p class="fact" { (icon("globe")) span { "Speaks " (languages.join(", ")) } }
                @if let Some(price) = price {
                    p class="fact" {
                        (icon("money"))
                        span { "From " (symbol(&price.currency)) (price.amount_minor / 100) }
                    }
                }
            }
            div class="doctor-item-times" {
                h4 class="small muted" { "Next free times" }
                (times(card)?)
            }
        }
    })
}

/// Links to her next free times.
fn times(card: &Card) -> serde_json::Result<Markup> {
    let (kinds, starts): (Vec<Kind>, Vec<String>) = (read(&card.visit_types)?, read(&card.next_free)?);
    let Some(kind) = kinds.first().filter(|_| !starts.is_empty()) else {
        return Ok(html! { p class="muted" { "No free time online at the moment." } });
    };
    let local =
        |start: &str| start.get(..19).and_then(|wall| wall.parse::<DateTime>().ok()).unwrap_or_default();
    Ok(html! {
        ul class="time-links" {
            @for start in &starts {
                @let at = local(start);
                li {
                    a class="time-link" href={
                        "/book/" (card.id) "/review?visit_type=" (kind.id) "&start=" (encoded(start))
                    } {
                        span class="time-link-day" { (at.strftime("%a")) " " (at.strftime("%-d %b")) }
                        " "
                        span class="time-link-time" { (at.strftime("%H:%M")) }
                    }
                }
            }
        }
    })
}

fn encoded(start: &str) -> String {
    start.replace(':', "%3A").replace('+', "%2B")
}

fn icon(name: &str) -> Markup {
    html! {
        svg class="icon" aria-hidden="true" focusable="false" {
            (PreEscaped("<use href=\"/icons.svg#")) (name) (PreEscaped("\"></use>"))
        }
    }
}

fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter(|word| !word.ends_with('.'));
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

fn language(code: &str) -> &str {
    match code {
        "en" => "English",
        "de" => "German",
        other => other,
    }
}

fn symbol(currency: &str) -> &str {
    match currency {
        "EUR" => "€",
        "INR" => "₹",
        "USD" => "$",
        "GBP" => "£",
        "AUD" => "A$",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::value::to_raw_value;
    use sqlx::types::Json;

    use super::*;

    #[test]
    fn a_frame_is_a_page_without_its_cards_and_without_marks() {
        let page = "<!DOCTYPE html><main><!--hot--><ul><li><article>1</article></li><!><li><article>2</article></li></ul>\
             <script src=\"/a.js\"></script><script>__RESOLVED_RESOURCES=[1]</script></main>";
        let frame = Frame::of(page).unwrap();
        assert_eq!(frame.head, "<!DOCTYPE html><main><ul><li>");
        assert_eq!(frame.foot, "</li></ul><script src=\"/a.js\"></script></main>");
        assert_eq!(Frame::of("<main>nobody</main>"), None);
    }

    #[test]
    fn a_card_shows_what_the_server_shows() {
        let part = |value: serde_json::Value| Json(to_raw_value(&value).unwrap());
        let doctor: Card = Card {
            id: "7".into(),
            name: "Dr. <b>Rao</b>".into(),
            specialties: part(serde_json::json!(["cardiology"])),
            languages: part(serde_json::json!(["en", "de"])),
            hospital: part(serde_json::json!({ "name": "H", "city": "Pune", "time_zone": "Asia/Kolkata" })),
            photo: part(serde_json::json!(null)),
            visit_types: part(serde_json::json!([{ "id": "k", "name": "Visit" }])),
            price_from: part(serde_json::json!({ "amount_minor": 4_000, "currency": "INR" })),
            next_free: part(serde_json::json!(["2026-11-24T10:00:00+05:30"])),
        };
        let html = card(&doctor).unwrap().into_string();
        for shown in [
            "start=2026-11-24T10%3A00%3A00%2B05%3A30",
            "Tue",
            "24 Nov",
            "10:00",
            "From ₹40",
            "English, German",
            "Pune",
        ] {
            assert!(html.contains(shown), "{shown} in {html}");
        }
        assert!(!html.contains("<b>"), "a name is text");
    }
}
