//! How a letter leaves: to a mail server, or into a folder where there is none.
//!
//! Addresses are typed, so that nothing can be smuggled into a header. When it is tried again is the worker's business.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::Timestamp;
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp,
};
use uuid::Uuid;

use super::{
    MailSettings,
    texts::{Invitation, Written},
};
use crate::db::OpenError;

/// Folder of letters below the data folder.
const FOLDER: &str = "mail";
/// How long one answer of the mail server may take, and a whole letter.
const ANSWER: Duration = Duration::from_secs(20);
const WHOLE: Duration = Duration::from_secs(80);
/// The server does not accept our name or password, or wants one: that is the operator's to mend, and the letter is still good.
const OUR_LOGIN: [&str; 4] = ["530", "534", "535", "538"];

/// Where letters go.
pub(super) struct Transport {
    from: Mailbox,
    way: Way,
}

enum Way {
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
    Folder(PathBuf),
}

/// Why a letter did not leave. The text is for the operator and names no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unsent {
    /// It is looked at again at an instant.
    NotBefore(i64),
    /// It is worth trying again.
    Later(String),
    /// It never will.
    Never(String),
}

impl Transport {
    pub(super) fn new(settings: &MailSettings, data_dir: &Path) -> Result<Self, OpenError> {
        let said = |text: &Option<String>| {
            text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let (url, from) = (said(&settings.smtp_url), said(&settings.from));
        if url.is_some() && from.is_none() {
            return Err(OpenError::Mail(
                "SMTP_URL needs MAIL_FROM, such as CareSync <no-reply@care.example>",
            ));
        }
        let from = from.unwrap_or_else(|| "CareSync <no-reply@localhost>".to_owned());
        let from = from
            .parse()
            .map_err(|_| OpenError::Mail("MAIL_FROM must look like CareSync <no-reply@care.example>"))?;
        let way = match url {
            None => Way::Folder(data_dir.join(FOLDER)),
            Some(url) => {
                let smtp = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url).map_err(|_| {
                    OpenError::Mail("SMTP_URL must look like smtps://user:password@mail.example:465")
                })?;
                Way::Smtp(Box::new(smtp.timeout(Some(ANSWER)).build()))
            }
        };
        Ok(Self { from, way })
    }

    /// From whom letters come.
    pub(super) fn sender(&self) -> (String, String) {
        let name = self.from.name.clone().unwrap_or_else(|| "CareSync".to_owned());
        (name, self.from.email.to_string())
    }

    /// Sends a letter. The same id sent twice is the same message.
    pub(super) async fn send(
        &self,
        (id, written_at): (Uuid, i64),
        to: &str,
        letter: Written,
        now: Timestamp,
    ) -> Result<(), Unsent> {
        let message = self.message(id, to, letter, now).map_err(Unsent::Never)?;
        match &self.way {
            Way::Smtp(smtp) => match tokio::time::timeout(WHOLE, smtp.send(message)).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => Err(judged(&error)),
                Err(_) => Err(Unsent::Later("the mail server takes too long".to_owned())),
            },
            Way::Folder(folder) => {
                let (folder, bytes) = (folder.clone(), message.formatted());
                // In the order in which they were written, for whoever reads a folder.
                let name = format!("{written_at:013}-{id}");
                let written = tokio::task::spawn_blocking(move || put(&folder, &name, &bytes)).await;
                match written {
                    Ok(Ok(())) => Ok(()),
                    Ok(Err(error)) => Err(Unsent::Later(format!("the folder for mail: {error}"))),
                    Err(_) => Err(Unsent::Later("writing the letter ended by accident".to_owned())),
                }
            }
        }
    }

    fn message(&self, id: Uuid, to: &str, letter: Written, now: Timestamp) -> Result<Message, String> {
        let to: Address = to.parse().map_err(|_| "no mail server would understand the address".to_owned())?;
        let automatic =
            HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
        let body = MultiPart::alternative_plain_html(letter.text, letter.html);
        let body = match letter.invitation {
            Some(invitation) => body.singlepart(calendar(invitation)?),
            None => body,
        };
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject)
            .date(now.into())
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .raw_header(automatic)
            .multipart(body)
            .map_err(|error| error.to_string())
    }
}

/// The last of the parts is what a program prefers that understands it. The method stands in its type as well (RFC 6047).
fn calendar(invitation: Invitation) -> Result<SinglePart, String> {
    let kind = format!("text/calendar; method={}; charset=UTF-8", invitation.method);
    let kind = ContentType::parse(&kind).map_err(|error| error.to_string())?;
    Ok(SinglePart::builder().header(kind).body(invitation.text))
}

/// What the mail server's answer means. Its words may name the address, so only the number is kept.
fn judged(error: &smtp::Error) -> Unsent {
    let Some(code) = error.status() else {
        return Unsent::Later("the mail server is not reached".to_owned());
    };
    let code = code.to_string();
    let text = format!("the mail server answers {code}");
    if error.is_permanent() && !OUR_LOGIN.contains(&code.as_str()) {
        Unsent::Never(text)
    } else {
        Unsent::Later(text)
    }
}

/// Writes the letter under its name, at once and for nobody else's eyes.
fn put(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let (half, whole) = (folder.join(format!("{name}.part")), folder.join(format!("{name}.eml")));
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&half)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(half, whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Written {
        Written {
            subject: "A subject".into(),
            text: "Text".into(),
            html: "<p>Text</p>".into(),
            invitation: None,
        }
    }

    fn transport() -> Transport {
        Transport::new(&MailSettings::default(), Path::new("nowhere")).ok().unwrap()
    }

    #[test]
    fn nothing_can_be_smuggled_into_a_header() {
        let now = Timestamp::UNIX_EPOCH;
        for address in
            ["a@x.example\r\nBcc: b@x.example", "a@x.example, b@x.example", "A <a@x.example>", "a@x.example>"]
        {
            assert!(transport().message(Uuid::nil(), address, letter(), now).is_err(), "{address}");
        }
        let odd = Written { subject: "S\r\nBcc: b@x.example".into(), ..letter() };
        let message = transport().message(Uuid::nil(), "a@x.example", odd, now).unwrap();
        let text = String::from_utf8(message.formatted()).unwrap();
        assert!(!text.lines().any(|line| line.starts_with("Bcc:")), "{text}");
    }

    #[test]
    fn settings_that_do_not_fit_are_refused() {
        let with = |smtp_url: &str, from: &str| MailSettings {
            smtp_url: Some(smtp_url.into()),
            from: Some(from.into()),
            origin: String::new(),
        };
        let new = |settings| Transport::new(&settings, Path::new("nowhere"));
        assert!(new(with("smtp://mail.example", "")).is_err());
        assert!(new(with("smtp://mail.example", "nobody")).is_err());
        assert!(new(with("imap://mail.example", "a@x.example")).is_err());
        assert!(new(with("smtps://u:p@mail.example:465", "CareSync <a@x.example>")).is_ok());
        assert!(new(with("smtp://mail.example:587?tls=required", "a@x.example")).is_ok());
    }
}
