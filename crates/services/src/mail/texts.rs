//! What letters say: `locales/mail/en.toml`, read once into types, and turned into text and HTML.
//!
//! Letters have a catalogue of their own, beside the one of the screens: they are whole letters, only this crate writes them, and
//! the browser must not carry them. Which letter is written is not decided here.

use std::sync::LazyLock;

use serde::Deserialize;

const ENGLISH: &str = include_str!("../../../../locales/mail/en.toml");

static TEXTS: LazyLock<Result<Texts, toml::de::Error>> = LazyLock::new(|| toml::from_str(ENGLISH));

/// All letters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Texts {
    greeting: String,
    closing: String,
    link_hint: String,
    never_asked: String,
    somebody: String,
    pub(super) confirm: Template,
    pub(super) already: Template,
    pub(super) reset: Template,
    pub(super) no_account: Template,
    pub(super) password_changed: Template,
    pub(super) second_factor_on: Template,
    pub(super) second_factor_off: Template,
    pub(super) passkey_added: Template,
    pub(super) passkey_removed: Template,
    pub(super) program_signed_out: Template,
    pub(super) change: Template,
    pub(super) address_changed: Template,
    pub(super) invitation: Template,
    pub(super) emergency_access: Template,
    pub(super) emergency_opened: Template,
    pub(super) look_at_members: Template,
    pub(super) visit_booked: Template,
    pub(super) visit_moved: Template,
    pub(super) payment_paid: Template,
    pub(super) payment_too_late: Template,
    pub(super) payment_lost: Template,
    pub(super) payment_refund: Template,
    pub(super) visit_cancelled: Template,
    pub(super) visit_priced: Template,
    pub(super) waitlist_offer: Template,
    pub(super) waitlist_ended: Template,
    pub(super) follow_up: Template,
    pub(super) series_booked: Template,
    pub(super) calendar_feed: Template,
    pub(super) family_offer: Template,
    pub(super) family_own_account: Template,
    pub(super) family_answered: Template,
    pub(super) family_private: Template,
    pub(super) family_grown: Template,
}

/// One letter: a subject, sentences, and the words on its link.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Template {
    subject: String,
    text: Vec<String>,
    link: String,
    after: Vec<String>,
}

/// A letter as it is sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
    /// What calendars read of it.
    pub(super) invitation: Option<Invitation>,
}

/// The part of a letter that calendars read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Invitation {
    pub(super) method: &'static str,
    pub(super) text: String,
}

/// The letters of the house.
pub(super) fn texts() -> Result<&'static Texts, String> {
    TEXTS.as_ref().map_err(ToString::to_string)
}

impl Texts {
    /// Who is not named.
    pub(super) fn somebody(&self) -> &str {
        &self.somebody
    }

    /// Writes a letter with its arguments and, if it has one, its link.
    pub(super) fn write(&self, template: &Template, arguments: &[(&str, &str)], link: &str) -> Written {
        let filled = |text: &String| filled(text.as_str(), arguments);
        let before: Vec<String> = std::iter::once(&self.greeting).chain(&template.text).map(filled).collect();
        let after: Vec<String> =
            template.after.iter().chain([&self.never_asked, &self.closing]).map(filled).collect();
        let link = (!link.is_empty()).then_some(link);
        let text_link = link.map(|link| format!("{}:\n{link}", template.link));
        let text: Vec<String> =
            before.iter().cloned().chain(text_link).chain(after.iter().cloned()).collect();
        let paragraph = |text: &String| format!("<p>{}</p>\n", escaped(text));
        let html_link = link.map(|link| {
            let (link, words, hint) = (escaped(link), escaped(&template.link), escaped(&self.link_hint));
            format!("<p><a href=\"{link}\">{words}</a></p>\n<p>{hint}<br>{link}</p>\n")
        });
        let body: String =
            before.iter().map(paragraph).chain(html_link).chain(after.iter().map(paragraph)).collect();
        let subject = filled(&template.subject);
        let title = escaped(&subject);
        let html = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n<body>\n{body}</body>\n</html>\n"
        );
        // A subject is one line, whatever a hospital is called.
        let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
        Written { subject, text: text.join("\n\n") + "\n", html, invitation: None }
    }
}

fn filled(text: &str, arguments: &[(&str, &str)]) -> String {
    arguments.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_is_there_and_every_link_has_words() {
        let texts = texts().unwrap();
        for template in [
            &texts.confirm,
            &texts.already,
            &texts.reset,
            &texts.no_account,
            &texts.change,
            &texts.address_changed,
            &texts.invitation,
            &texts.emergency_opened,
            &texts.family_offer,
            &texts.family_own_account,
            &texts.family_answered,
            &texts.family_private,
            &texts.family_grown,
            &texts.second_factor_on,
            &texts.passkey_added,
            &texts.visit_booked,
            &texts.visit_moved,
            &texts.visit_cancelled,
            &texts.visit_priced,
            &texts.waitlist_offer,
            &texts.waitlist_ended,
            &texts.follow_up,
            &texts.series_booked,
            &texts.calendar_feed,
        ] {
            assert!(!template.link.is_empty() && !template.text.is_empty());
        }
        for template in [
            &texts.password_changed,
            &texts.second_factor_off,
            &texts.passkey_removed,
            &texts.program_signed_out,
        ] {
            assert!(template.link.is_empty());
        }
    }

    #[test]
    fn a_name_stays_a_name() {
        let texts = texts().unwrap();
        let odd = "<b>St. \"Mary\"</b>\r\nBcc: everybody@x.example";
        let written =
            texts.write(&texts.invitation, &[("hospital", odd)], "https://care.example/invitation/x?a=1&b=2");
        assert!(!written.subject.contains(['\r', '\n']), "{}", written.subject);
        assert!(written.html.contains("&lt;b&gt;St. &quot;Mary&quot;") && !written.html.contains("<b>"));
        assert!(written.html.contains("href=\"https://care.example/invitation/x?a=1&amp;b=2\""));
        assert!(written.text.contains("\nhttps://care.example/invitation/x?a=1&b=2\n"));
    }
}
