//! A server for one test, and the words that tests speak to it.
//! What stands in it is in `world`.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use axum::{Router, body::Body, routing::get};
use caresync::{
    config::{Config, Patience},
    networks::Proxies,
    router,
    state::AppState,
    web::listener::Terms,
};
use serde_json::Value;
use services::{House, PaymentSettings, Settings, clock::TestClock};
use sqlx::{Connection, Executor, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};
use tower::ServiceExt;

/// A Monday. It lies in the past, so that sessions, which end by the system's clock, have not ended.
pub(crate) const NOW: &str = "2026-03-02T08:00:00Z";

/// A route of tests alone, whose handler panics and says [`CANARY`].
pub(crate) const ACCIDENT: &str = "/accident";
/// What must never be seen outside.
pub(crate) const CANARY: &str = "canary-of-the-inside";

async fn accident() -> StatusCode {
    panic!("{CANARY}")
}

/// Numbers the databases of this run.
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// A server of its own.
pub(crate) struct TestApp {
    pub(crate) house: Arc<House>,
    pub(crate) clock: Arc<TestClock>,
    router: Router,
    terms: Terms,
    folder: tempfile::TempDir,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
    pub(crate) text: String,
}

impl TestApp {
    /// On SQLite, in a folder that goes with the test.
    pub(crate) async fn sqlite() -> Self {
        Self::open(None, "", PaymentSettings::Desk, |_| {}).await
    }

    /// With other settings of the edge.
    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::open(None, "", PaymentSettings::Desk, change).await
    }

    /// With the sandbox for paying.
    pub(crate) async fn with_payments(payments: PaymentSettings) -> Self {
        Self::open(None, "", payments, |_| {}).await
    }

    /// Under a name that passkeys are bound to.
    #[cfg(feature = "passkeys")]
    pub(crate) async fn with_passkeys() -> Self {
        Self::open(None, "http://care.example", PaymentSettings::Desk, |_| {}).await
    }

    /// On PostgreSQL, in a database of its own; none where the tests were given no cluster.
    #[expect(clippy::disallowed_methods, reason = "tests name their databases themselves")]
    pub(crate) async fn postgres() -> Option<Self> {
        let cluster = std::env::var("CARESYNC_TEST_POSTGRES").ok()?;
        let name = format!("edges_{}_{}", std::process::id(), DATABASES.fetch_add(1, Ordering::Relaxed));
        let mut connection = PgConnection::connect(&cluster).await.unwrap();
        connection.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
        let (base, _) = cluster.rsplit_once('/').unwrap();
        Some(Self::open(Some(format!("{base}/{name}")), "", PaymentSettings::Desk, |_| {}).await)
    }

    async fn open(
        database_url: Option<String>,
        passkey_origin: &str,
        payments: PaymentSettings,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings {
            data_dir: folder.path().to_owned(),
            database_url,
            max_connections: 4,
            limits: true,
            password_cost: services::PasswordCost::Test,
            platform_password_alone: true,
            passkey_origin: passkey_origin.to_owned(),
            payments,
            mail: services::MailSettings { origin: "http://care.example".into(), ..Default::default() },
            ..Settings::default()
        };
        let clock = Arc::new(TestClock::at(NOW.parse().unwrap()));
        let house = House::open_with(settings, clock.clone()).await.unwrap();
        house.migrate().await.unwrap();
        let house = Arc::new(house);
        let mut config = Config {
            addr: SocketAddr::from(([127, 0, 0, 1], 3000)),
            public_url: None,
            rate_limits: false,
            proxies: Proxies::default(),
            security_contact: None,
            patience: Patience::default(),
            site_root: PathBuf::from("no-site-in-tests"),
        };
        change(&mut config);
        let terms = Terms::new(&config);
        let accident = Router::new().route(ACCIDENT, get(accident));
        let router = router::with(AppState::new(house.clone(), clock.clone(), config), accident);
        Self { house, clock, router, terms, folder }
    }

    /// What answers, for a server on a real socket.
    pub(crate) fn router(&self) -> (Router, Terms) {
        (self.router.clone(), self.terms.clone())
    }

    /// The database, for spoiling it.
    pub(crate) async fn database(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.folder.path().join("caresync.db"));
        SqliteConnection::connect_with(&options).await.unwrap()
    }

    /// The links of the mail that an address has got since somebody last looked, oldest first.
    pub(crate) async fn mail_links(&self, email: &str) -> Vec<String> {
        self.house.deliver_mail().await.unwrap();
        let mut found = Vec::new();
        for entry in std::fs::read_dir(self.folder.path().join("mail")).into_iter().flatten() {
            let path = entry.unwrap().path();
            // Long lines are folded with `=` at their end, and `=` itself is written `=3D` (RFC 2045).
            let letter = std::fs::read_to_string(&path).unwrap().replace("=\r\n", "").replace("=3D", "=");
            if letter.contains(&format!("To: {email}\r\n")) {
                std::fs::remove_file(&path).unwrap();
                let link = letter.lines().find(|line| line.starts_with("http"));
                found.extend(link.map(|link| (path, link.to_owned())));
            }
        }
        found.sort();
        found.into_iter().map(|(_, link)| link).collect()
    }

    /// The secret of the last such link.
    pub(crate) async fn mail_secret(&self, email: &str) -> String {
        let link = self.mail_links(email).await.pop().unwrap();
        link.rsplit('=').next().unwrap().to_owned()
    }

    /// Sends a request as it is.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, body, text }
    }

    /// Reads.
    pub(crate) async fn get(&self, path: &str, token: Option<&str>) -> Answer {
        self.call(Method::GET, path, token, None).await
    }

    /// Sends a JSON body.
    pub(crate) async fn post(&self, path: &str, token: Option<&str>, body: Value) -> Answer {
        self.call(Method::POST, path, token, Some(body)).await
    }

    /// Replaces.
    pub(crate) async fn put(&self, path: &str, token: Option<&str>, body: Value) -> Answer {
        self.call(Method::PUT, path, token, Some(body)).await
    }

    /// Takes away.
    #[cfg(feature = "passkeys")]
    pub(crate) async fn delete(&self, path: &str, token: Option<&str>) -> Answer {
        self.call(Method::DELETE, path, token, None).await
    }

    async fn call(&self, method: Method, path: &str, token: Option<&str>, body: Option<Value>) -> Answer {
        let mut request = request(method, path);
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        self.send(request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string()))).unwrap())
            .await
    }
}

/// A request to the API or to a page.
pub(crate) fn request(method: Method, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header(header::HOST, "care.example")
}

impl Answer {
    /// Insists on a status and gives the body.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self.body
    }

    /// Insists on a problem and gives its code.
    #[track_caller]
    pub(crate) fn problem(self, status: u16) -> String {
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json", "{}", self.text);
        let body = self.expect(status);
        assert_eq!(body["status"], status);
        body["code"].as_str().unwrap().to_owned()
    }

    /// Insists on one broken rule and gives field and rule.
    #[track_caller]
    pub(crate) fn broken(self) -> (String, String) {
        let body = self.expect(422);
        let first = &body["fields"][0];
        (first["field"].as_str().unwrap().to_owned(), first["rule"].as_str().unwrap().to_owned())
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Runs each story on every engine that is there.
macro_rules! on_each_engine {
    ($($story:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::$story($crate::app::TestApp::sqlite().await).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                if let Some(app) = $crate::app::TestApp::postgres().await {
                    super::$story(app).await;
                }
            })+
        }
    };
}
pub(crate) use on_each_engine;
