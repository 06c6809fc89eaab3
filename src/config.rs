//! The only reader of environment variables: what an operator can set, and what it means together.
//! It opens nothing and binds nothing.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use clap::{Args, ValueEnum};

mod payments;

pub use payments::{PaymentOptions, Provider};

use crate::networks::{Networks, Proxies};

/// Settings that every command shares; each can be given as an option or in the environment.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Address to listen on.
    #[arg(long, global = true, env = "CARESYNC_ADDR", default_value = "127.0.0.1:3000")]
    pub addr: SocketAddr,
    /// Folder for the database and the photos.
    #[arg(long, global = true, env = "CARESYNC_DATA_DIR", default_value = "./data")]
    pub data_dir: PathBuf,
    /// PostgreSQL database; without it, SQLite in the data folder.
    #[arg(long, global = true, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Most connections to the database; 0 lets the server choose.
    #[arg(long, global = true, env = "DATABASE_MAX_CONNECTIONS", default_value_t = 0)]
    pub database_connections: u32,
    /// Address that people type, such as `https://care.example`; with https, cookies become secure.
    #[arg(long, global = true, env = "CARESYNC_PUBLIC_URL")]
    pub public_url: Option<PublicUrl>,
    /// Whether requests are rationed; `off` only on a loopback address.
    #[arg(long, global = true, env = "CARESYNC_RATE_LIMITS", default_value = "on")]
    pub rate_limits: Switch,
    /// Reverse proxies whose `X-Forwarded-For` is believed: addresses and ranges, such as `10.0.0.7,2001:db8::/64`.
    #[arg(
        long,
        global = true,
        env = "CARESYNC_TRUSTED_PROXIES",
        default_value = "",
        hide_default_value = true
    )]
    pub trusted_proxies: Networks,
    /// `on` trusts one proxy on this machine or in a private network without its being named; for more in a row, name them.
    #[arg(long, global = true, env = "CARESYNC_BEHIND_PROXY", default_value = "off")]
    pub behind_proxy: Switch,
    /// Where a security hole is reported: an address or a page, for `/.well-known/security.txt`.
    #[arg(long, global = true, env = "CARESYNC_SECURITY_CONTACT")]
    pub security_contact: Option<SecurityContact>,
    /// Folder with the built site.
    #[arg(long, global = true, env = "CARESYNC_SITE_ROOT")]
    pub site_root: Option<PathBuf>,
    /// Mail server, such as `smtps://user:password@mail.example:465`; without it, mail becomes files in the data folder.
    #[arg(long, global = true, env = "SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// From whom mail comes, such as `CareSync <no-reply@care.example>`.
    #[arg(long, global = true, env = "MAIL_FROM")]
    pub mail_from: Option<String>,
    #[command(flatten)]
    pub pepper: PepperKeys,
    #[command(flatten)]
    pub payments: payments::PaymentOptions,
    /// Form of the log.
    #[arg(long, global = true, env = "LOG_FORMAT", default_value = "pretty")]
    pub log_format: LogFormat,
    /// What is logged, such as `info` or `caresync=debug`.
    #[arg(long, global = true, env = "RUST_LOG", default_value = "info,sqlx=warn,tower_sessions_core=error")]
    pub log: String,
}

/// The keys that passwords are hashed with; they come from the environment alone, where no list of processes shows them.
#[derive(Debug, Clone, Args)]
pub struct PepperKeys {
    #[arg(
        long = "password-pepper",
        hide = true,
        global = true,
        env = "CARESYNC_PASSWORD_PEPPER",
        hide_env_values = true
    )]
    pub current: Option<String>,
    #[arg(
        long = "password-pepper-before",
        hide = true,
        global = true,
        env = "CARESYNC_PASSWORD_PEPPER_BEFORE",
        hide_env_values = true
    )]
    pub before: Option<String>,
}

/// The password of a new administrator, where it does not come from standard input.
#[derive(Debug, Clone, Args)]
pub struct AdminPassword {
    #[arg(long = "password", hide = true, env = "CARESYNC_ADMIN_PASSWORD", hide_env_values = true)]
    pub value: Option<String>,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

impl Options {
    /// What links in mails begin with: never what a request says, but the address that was configured.
    pub fn mail_origin(&self) -> String {
        match &self.public_url {
            Some(public) => public.origin().to_owned(),
            None => format!("http://127.0.0.1:{}", self.addr.port()),
        }
    }

    /// What browsers bind passkeys to: the configured address; on a machine of one's own its name, because a number will not do.
    pub fn passkey_origin(&self) -> String {
        match &self.public_url {
            Some(public) => public.origin().to_owned(),
            None => format!("http://localhost:{}", self.addr.port()),
        }
    }
}

/// For people or for machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Pretty,
    Json,
}

/// The origin that people type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// Scheme, host and port, as a browser writes them.
    pub fn origin(&self) -> &str {
        &self.0
    }

    /// Whether it is served over TLS.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// Host and port; the port is left out where it is the usual one.
    pub fn authority(&self) -> &str {
        let (scheme, authority) = self.0.split_once("://").unwrap_or_default();
        let usual = if scheme == "https" { ":443" } else { ":80" };
        authority.strip_suffix(usual).unwrap_or(authority)
    }

    /// The host without a port.
    pub fn host(&self) -> &str {
        let authority = self.authority();
        match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => authority,
        }
    }
}

/// Where a security hole is reported, as a URI (RFC 9116).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityContact(String);

impl SecurityContact {
    /// As it stands in the file.
    pub fn uri(&self) -> &str {
        &self.0
    }

    /// The mailbox that RFC 2142 names.
    fn usual(public: &PublicUrl) -> Self {
        Self(format!("mailto:security@{}", public.host()))
    }
}

impl FromStr for SecurityContact {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let whole = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        let uri = ["mailto:", "https://", "tel:"].iter().any(|scheme| text.starts_with(scheme));
        match (whole, uri, text.split_once('@')) {
            (true, true, _) => Ok(Self(text.to_owned())),
            (true, false, Some((name, host))) if !name.is_empty() && !host.is_empty() => {
                Ok(Self(format!("mailto:{text}")))
            }
            _ => Err("it must be an e-mail address or a page, such as security@care.example or https://…"),
        }
    }
}

/// How long the edge waits for a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// From its first byte, the head of a request may take so long.
    pub head: Duration,
    /// What a body gets beside the time that its bytes are worth.
    pub body: Duration,
    /// A kept connection may be silent for so long.
    pub idle: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { head: Duration::from_secs(10), body: Duration::from_secs(10), idle: Duration::from_mins(1) }
    }
}

impl FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const RULE: &str = "it must look like https://care.example, without a path";
        let text = text.trim().trim_end_matches('/').to_ascii_lowercase();
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).ok_or(RULE)?;
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        if host.is_empty() || !host.chars().all(allowed) { Err(RULE) } else { Ok(Self(text)) }
    }
}

/// What the web edge needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address to listen on.
    pub addr: SocketAddr,
    /// Origin that people type, if it is known.
    pub public_url: Option<PublicUrl>,
    /// Whether requests are rationed.
    pub rate_limits: bool,
    /// Whose `X-Forwarded-For` is to be believed.
    pub proxies: Proxies,
    /// Where a security hole is reported, if that is known.
    pub security_contact: Option<SecurityContact>,
    /// How long clients are waited for.
    pub patience: Patience,
    /// Folder with the built site.
    pub site_root: PathBuf,
}

impl Config {
    /// Joins the options, or says in a sentence why they do not go together.
    pub fn new(options: &Options) -> Result<Self, String> {
        let rate_limits = options.rate_limits == Switch::On;
        if !rate_limits && !options.addr.ip().is_loopback() {
            let addr = options.addr;
            return Err(format!(
                "CARESYNC_RATE_LIMITS=off is for this machine alone, but the server would listen on {addr}."
            ));
        }
        Ok(Self {
            addr: options.addr,
            public_url: options.public_url.clone(),
            rate_limits,
            proxies: proxies(options),
            security_contact: options
                .security_contact
                .clone()
                .or_else(|| options.public_url.as_ref().map(SecurityContact::usual)),
            patience: Patience::default(),
            site_root: options.site_root.clone().unwrap_or_else(default_site_root),
        })
    }

    /// Whether people reach us over TLS.
    pub fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(PublicUrl::is_https)
    }

    /// Name of the session cookie; the prefix makes browsers refuse it from anybody but this host over TLS.
    pub fn cookie_name(&self) -> &'static str {
        if self.is_https() { "__Host-caresync" } else { "caresync" }
    }
}

fn proxies(options: &Options) -> Proxies {
    let nearest = match options.behind_proxy {
        Switch::On => Networks::private(),
        Switch::Off => Networks::default(),
    };
    Proxies { named: options.trusted_proxies.clone(), nearest }
}

/// Beside the program where it was installed or built; else where a build from the sources leaves it.
fn default_site_root() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    let folder = program.parent().unwrap_or(Path::new("."));
    let places = [folder.join("../site"), folder.join("site")];
    places
        .into_iter()
        .find(|place| place.join("build.json").is_file())
        .unwrap_or_else(|| "target/site".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_is_an_origin() {
        assert_eq!("https://Care.Example/".parse::<PublicUrl>().unwrap().origin(), "https://care.example");
        for bad in ["care.example", "ftp://care.example", "https://care.example/app", "https://"] {
            assert!(bad.parse::<PublicUrl>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_host_of_an_address_has_no_port() {
        for (url, authority, host) in [
            ("https://care.example", "care.example", "care.example"),
            ("https://care.example:443", "care.example", "care.example"),
            ("http://care.example:8080", "care.example:8080", "care.example"),
            ("http://[::1]:3000", "[::1]:3000", "[::1]"),
        ] {
            let url: PublicUrl = url.parse().unwrap();
            assert_eq!((url.authority(), url.host()), (authority, host));
        }
    }

    #[test]
    fn holes_are_reported_to_an_address_or_a_page() {
        let uri = |text: &str| text.parse::<SecurityContact>().map(|contact| contact.uri().to_owned());
        assert_eq!(uri("cert@care.example").unwrap(), "mailto:cert@care.example");
        assert_eq!(uri("https://care.example/security").unwrap(), "https://care.example/security");
        for bad in ["", "us", "@", "http://care.example", "mailto:a@b\nContact: x"] {
            assert!(uri(bad).is_err(), "{bad}");
        }
    }
}
