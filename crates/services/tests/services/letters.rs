//! Reads the letters of a folder as a person's mail program would: headers, text, HTML, the link.
//!
//! What they should say is in the tests.

use std::{fs, path::Path};

/// A letter that arrived.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
    /// The part for a calendar, if there is one, after its method as the type of the part has it.
    pub(crate) calendar: Option<(String, String)>,
    pub(crate) raw: String,
}

impl Letter {
    pub(crate) fn parse(raw: &str) -> Self {
        let raw = raw.replace("\r\n", "\n");
        let (head, _) = raw.split_once("\n\n").unwrap();
        let head = head.replace("\n ", " ");
        let header = |name: &str| {
            let line = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
            line.unwrap_or_default().to_owned()
        };
        let (to, subject) = (header("To"), header("Subject"));
        let calendar = calendar(&raw);
        Self { to, subject, text: part(&raw, "text/plain"), html: part(&raw, "text/html"), calendar, raw }
    }

    /// The one link of the letter.
    pub(crate) fn link(&self) -> String {
        let links: Vec<&str> = self.text.lines().filter(|line| line.starts_with("http")).collect();
        assert_eq!(links.len(), 1, "{}", self.text);
        links[0].to_owned()
    }

    /// The secret of the link.
    pub(crate) fn token(&self) -> String {
        self.link().rsplit(['=', '/']).next().unwrap().to_owned()
    }
}

/// Takes the letters to an address out of a folder, in the order in which they were written.
pub(crate) fn take(folder: &Path, to: &str) -> Vec<Letter> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder.join("mail")).into_iter().flatten() {
        let path = entry.unwrap().path();
        let letter = Letter::parse(&fs::read_to_string(&path).unwrap());
        if letter.to == to {
            fs::remove_file(&path).unwrap();
            found.push((path, letter));
        }
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    found.into_iter().map(|(_, letter)| letter).collect()
}

fn calendar(raw: &str) -> Option<(String, String)> {
    let (_, kind) = raw.split_once("Content-Type: text/calendar;")?;
    let kind = kind.split("\n\n").next().unwrap().replace("\n ", " ");
    let kind = kind.lines().next().unwrap();
    assert!(kind.to_lowercase().contains("charset=utf-8"), "{kind}");
    let method = kind.split("method=").nth(1).unwrap().split([';', ' ']).next().unwrap();
    // The lines of a mail end in CRLF, which was taken away above; the boundary belongs to the mail.
    let text = part(raw, "text/calendar");
    Some((method.to_owned(), format!("{}\r\n", text.trim_end().replace('\n', "\r\n"))))
}

fn part(raw: &str, kind: &str) -> String {
    let (_, rest) = raw.split_once(&format!("Content-Type: {kind}")).unwrap_or_default();
    let (head, body) = rest.split_once("\n\n").unwrap_or_default();
    let quoted = head.contains("quoted-printable");
    // A line that goes on is no boundary, even if the secret of a link goes on with "--".
    let body = if quoted { body.replace("=\n", "") } else { body.to_owned() };
    let body = body.split("\n--").next().unwrap_or_default();
    if quoted { unquoted(body) } else { body.to_owned() }
}

/// RFC 2045, 6.7.
fn unquoted(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        if *first == b'=' {
            let digits = std::str::from_utf8(&tail[..2]).unwrap();
            bytes.push(u8::from_str_radix(digits, 16).unwrap());
            rest = &tail[2..];
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).unwrap()
}
