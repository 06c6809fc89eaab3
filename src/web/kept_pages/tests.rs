//! The middleware around a page that counts how often it is made, and is made only as far as a test lets it.
//! What a place and a page are is tested with them.

use std::{
    convert::Infallible,
    future::poll_fn,
    pin::Pin,
    sync::atomic::{AtomicUsize, Ordering},
    task::Poll,
};

use axum::{
    Router,
    http::{HeaderValue, StatusCode},
    middleware::from_fn_with_state,
};
use jiff::Timestamp;
use leptos::nonce::Nonce;
use services::clock::TestClock;
use tokio::sync::{Notify, Semaphore};
use tower::ServiceExt;

use super::*;

const NOW: &str = "2026-03-02T08:00:00Z";
const MANY: usize = 1_000;

/// A page and the middleware around it.
struct Stage {
    app: Router,
    /// How often somebody began to make the page.
    made: Arc<AtomicUsize>,
    /// Told each time.
    begun: Arc<Notify>,
    /// One permit for each time that it may be made to its end.
    gate: Arc<Semaphore>,
    edition: Edition,
    clock: Arc<TestClock>,
}

/// A request on its way.
type Asked = Pin<Box<dyn Future<Output = Answer> + Send>>;

struct Answer {
    status: StatusCode,
    nonce: String,
    text: String,
}

impl Answer {
    /// The text as it is whatever the nonce.
    fn plain(&self) -> String {
        assert!(!self.nonce.is_empty());
        self.text.replace(&self.nonce, "N")
    }
}

/// What an answer is called, and how it is made.
type Kind = (&'static str, fn(usize) -> Response);
/// What a request is called, and how it is made.
type Other = (&'static str, fn() -> Request);

impl Stage {
    fn with(public: Option<&str>, patience: Duration, answer: fn(usize) -> Response, gate: usize) -> Self {
        let (made, begun) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let gate = Arc::new(Semaphore::new(gate));
        let (edition, clock) = (Edition::default(), Arc::new(TestClock::at(NOW.parse().unwrap())));
        let public = public.map(|url| url.parse().unwrap());
        let kept = KeptPages::with(edition.clone(), clock.clone(), public, patience);
        let answering = {
            let (made, begun, gate) = (made.clone(), begun.clone(), gate.clone());
            move || {
                let (made, begun, gate) = (made.clone(), begun.clone(), gate.clone());
                async move {
                    let number = made.fetch_add(1, Ordering::SeqCst);
                    begun.notify_one();
                    gate.acquire().await.unwrap().forget();
                    answer(number)
                }
            }
        };
        let app = Router::new().fallback(answering).layer(from_fn_with_state(kept, keep));
        Self { app, made, begun, gate, edition, clock }
    }

    /// Pages are made at once.
    fn open(answer: fn(usize) -> Response) -> Self {
        Self::with(None, Duration::MAX, answer, MANY)
    }

    /// Pages are begun, and made when the gate opens.
    fn closed(answer: fn(usize) -> Response) -> Self {
        Self::with(None, Duration::MAX, answer, 0)
    }

    fn send(&self, request: Request) -> Asked {
        let app = self.app.clone();
        Box::pin(async move {
            let (head, body) = app.oneshot(request).await.unwrap().into_parts();
            let policy = head.headers.get(header::CONTENT_SECURITY_POLICY);
            let policy = policy.map_or("", |policy| policy.to_str().unwrap());
            let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next());
            let text = to_bytes(body, usize::MAX).await.unwrap();
            Answer {
                status: head.status,
                nonce: nonce.unwrap_or_default().to_owned(),
                text: String::from_utf8(text.to_vec()).unwrap(),
            }
        })
    }

    /// How often somebody began to make the page.
    fn made(&self) -> usize {
        self.made.load(Ordering::SeqCst)
    }

    fn wait_ms(&self, ms: i64) {
        self.clock.set(Timestamp::from_millisecond(self.clock.now_ms() + ms).unwrap());
    }
}

/// Lets a request come as far as it comes by itself; says whether it is answered.
async fn begin(asked: &mut Asked) -> bool {
    poll_fn(|context| Poll::Ready(asked.as_mut().poll(context).is_ready())).await
}

fn ask(method: Method, path: &str) -> Request {
    let request = Request::builder().method(method).uri(path).header(header::HOST, "care.example");
    let mut request = request.body(Body::empty()).unwrap();
    request.extensions_mut().insert(Actor::Anonymous);
    request
}

fn get(path: &str) -> Request {
    ask(Method::GET, path)
}

fn get_with(path: &str, name: header::HeaderName, value: &'static str) -> Request {
    let mut request = get(path);
    request.headers_mut().insert(name, HeaderValue::from_static(value));
    request
}

fn answer(text: impl Into<Body>, nonce: &str) -> Response {
    let policy = format!("default-src 'none'; script-src 'nonce-{nonce}'");
    let answer = Response::builder()
        .header(header::CONTENT_SECURITY_POLICY, policy)
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8");
    answer.body(text.into()).unwrap()
}

/// A page as the app makes it, with the number of its making in it.
fn page(number: usize) -> Response {
    let nonce = Nonce::new();
    answer(format!("<p>{number}</p><script nonce=\"{nonce}\"></script>"), &nonce)
}

#[tokio::test]
async fn one_makes_a_page_for_all_who_want_it_meanwhile() {
    let stage = Stage::closed(page);
    let mut asked: Vec<Asked> = (0..8).map(|_| stage.send(get("/doctors"))).collect();
    for one in &mut asked {
        assert!(!begin(one).await);
    }
    assert_eq!(stage.made(), 1);
    stage.gate.add_permits(1);
    let mut nonces = Vec::new();
    for one in asked {
        let answer = one.await;
        assert_eq!(answer.plain(), "<p>0</p><script nonce=\"N\"></script>");
        assert!(!nonces.contains(&answer.nonce), "a nonce twice");
        nonces.push(answer.nonce);
    }
    assert_eq!(stage.made(), 1);
}

#[tokio::test]
async fn whoever_goes_away_leaves_the_making_to_the_next() {
    let stage = Stage::closed(page);
    let (mut first, mut second) = (stage.send(get("/doctors")), stage.send(get("/doctors")));
    assert!(!begin(&mut first).await && !begin(&mut second).await);
    assert_eq!(stage.made(), 1);
    drop(first);
    assert!(!begin(&mut second).await);
    assert_eq!(stage.made(), 2);
    stage.gate.add_permits(1);
    assert!(second.await.text.starts_with("<p>1</p>"));
    assert!(stage.send(get("/doctors")).await.text.starts_with("<p>1</p>"));
}

#[tokio::test]
async fn nobody_waits_for_another_for_ever() {
    let stage = Stage::with(None, Duration::ZERO, page, 0);
    let (mut first, mut second) = (stage.send(get("/doctors")), stage.send(get("/doctors")));
    assert!(!begin(&mut first).await);
    stage.begun.notified().await;
    tokio::select! {
        _ = &mut second => panic!("nothing is made yet"),
        () = stage.begun.notified() => {}
    }
    assert_eq!(stage.made(), 2);
    stage.gate.add_permits(2);
    assert!(first.await.text.starts_with("<p>0</p>"));
    assert!(second.await.text.starts_with("<p>1</p>"));
}

#[tokio::test]
async fn what_is_no_page_to_keep_is_made_for_each() {
    let kinds: [Kind; 8] = [
        ("absent", |number| {
            let mut page = page(number);
            *page.status_mut() = StatusCode::NOT_FOUND;
            page
        }),
        ("led elsewhere", |_| axum::response::Redirect::to("/sign-in").into_response()),
        ("with a cookie", |number| {
            let mut page = page(number);
            page.headers_mut().insert(header::SET_COOKIE, HeaderValue::from_static("a=b"));
            page
        }),
        ("of another kind", |number| {
            let mut page = page(number);
            page.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            page
        }),
        ("without a policy", |number| {
            let mut page = page(number);
            page.headers_mut().remove(header::CONTENT_SECURITY_POLICY);
            page
        }),
        ("with a foreign nonce", |_| answer("<script nonce=\"a\"></script>", &Nonce::new())),
        ("with a nonce in its text", |_| {
            let nonce = Nonce::new();
            answer(format!("<script nonce=\"{nonce}\"></script>{nonce}"), &nonce)
        }),
        ("long", |_| {
            let nonce = Nonce::new();
            answer(format!("<script nonce=\"{nonce}\"></script>{}", "x".repeat(page::LARGEST)), &nonce)
        }),
    ];
    for (what, kind) in kinds {
        let stage = Stage::closed(kind);
        let (mut first, mut second) = (stage.send(get("/doctors")), stage.send(get("/doctors")));
        assert!(!begin(&mut first).await && !begin(&mut second).await);
        assert_eq!(stage.made(), 1, "{what}");
        stage.gate.add_permits(3);
        let (first, second) = (first.await, second.await);
        assert_eq!(first.status, second.status, "{what}");
        assert_eq!(stage.made(), 2, "{what}");
        stage.send(get("/doctors")).await;
        assert_eq!(stage.made(), 3, "{what}");
    }
}

#[tokio::test]
async fn only_what_nobody_in_particular_reads_is_kept() {
    let stage = Stage::open(page);
    stage.send(get("/doctors")).await;
    let others: [Other; 9] = [
        ("a cookie of any kind", || get_with("/doctors", header::COOKIE, "caresync-theme=dark")),
        ("a token", || get_with("/doctors", header::AUTHORIZATION, "Bearer x")),
        ("not even known to be nobody", || {
            let mut request = get("/doctors");
            request.extensions_mut().remove::<Actor>();
            request
        }),
        ("a change", || ask(Method::POST, "/doctors")),
        ("a body", || {
            let mut request = get("/doctors");
            *request.body_mut() = Body::from("a=b");
            request
        }),
        ("a page of somebody", || get("/appointments")),
        ("a typed name", || get("/doctors?name=weber")),
        ("a word that no page reads", || get("/doctors?a=b")),
        ("a long address", || get(&format!("/doctors?cursor={}", "x".repeat(LONGEST_KEY)))),
    ];
    for (what, request) in others {
        let before = stage.made();
        for _ in 0..2 {
            assert_eq!(stage.send(request()).await.status, StatusCode::OK, "{what}");
        }
        assert_eq!(stage.made(), before + 2, "{what}");
    }
    let before = stage.made();
    stage.send(get("/doctors")).await;
    assert_eq!(stage.made(), before, "the page was kept all the while");
}

#[tokio::test]
async fn each_address_is_a_page_of_its_own() {
    let stage = Stage::open(page);
    let addresses = ["/", "/doctors", "/doctors?sort=name", "/doctors?sort=name&cursor=c"];
    for _ in 0..2 {
        for (number, address) in addresses.into_iter().enumerate() {
            assert!(
                stage.send(get(address)).await.text.starts_with(&format!("<p>{number}</p>")),
                "{address}"
            );
        }
    }
    assert_eq!(stage.made(), addresses.len());
}

#[tokio::test]
async fn a_host_counts_where_links_name_it() {
    for (public, made) in [(None, 2), (Some("https://care.example"), 1)] {
        let stage = Stage::with(public, Duration::MAX, page, MANY);
        for host in ["care.example", "CARE.example", "care.example"] {
            stage.send(get_with("/", header::HOST, host)).await;
        }
        assert_eq!(stage.made(), made, "{public:?}");
    }
}

#[tokio::test]
async fn a_page_lives_for_a_second() {
    let stage = Stage::open(page);
    stage.send(get("/doctors")).await;
    stage.wait_ms(999);
    stage.send(get("/doctors")).await;
    assert_eq!(stage.made(), 1);
    stage.wait_ms(1);
    stage.send(get("/doctors")).await;
    assert_eq!(stage.made(), 2);
}

#[tokio::test]
async fn a_page_ends_with_news_and_so_does_one_that_is_being_made() {
    let stage = Stage::closed(page);
    let mut first = stage.send(get("/doctors"));
    assert!(!begin(&mut first).await);
    stage.edition.advance();
    let mut second = stage.send(get("/doctors"));
    assert!(!begin(&mut second).await);
    assert_eq!(stage.made(), 2, "whoever asks after the news does not get what was begun before");
    stage.gate.add_permits(3);
    assert!(second.await.text.starts_with("<p>1</p>"));
    assert!(first.await.text.starts_with("<p>0</p>"));
    assert!(stage.send(get("/doctors")).await.text.starts_with("<p>1</p>"));
    stage.edition.advance();
    assert!(stage.send(get("/doctors")).await.text.starts_with("<p>2</p>"));
}

#[tokio::test]
async fn a_page_that_comes_in_pieces_is_kept_whole() {
    let stage = Stage::open(|number| {
        let nonce = Nonce::new();
        let text = format!("<p>{number}</p><script nonce=\"{nonce}\"></script><p>late</p>");
        // One cut goes through the nonce.
        let pieces: Vec<String> = text.as_bytes().chunks(30).map(text_of).collect();
        let pieces = tokio_stream::iter(pieces.into_iter().map(Ok::<_, Infallible>));
        answer(Body::from_stream(pieces), &nonce)
    });
    let (made, kept) = (stage.send(get("/")).await, stage.send(get("/")).await);
    assert_eq!(stage.made(), 1);
    assert_eq!(made.plain(), "<p>0</p><script nonce=\"N\"></script><p>late</p>");
    assert_eq!(kept.plain(), made.plain());
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn a_head_alone_shares_the_page() {
    let stage = Stage::open(page);
    let head = stage.send(ask(Method::HEAD, "/")).await;
    assert_eq!((head.status, head.text.as_str()), (StatusCode::OK, ""));
    assert_eq!(stage.send(get("/")).await.plain(), "<p>0</p><script nonce=\"N\"></script>");
    assert_eq!(stage.send(ask(Method::HEAD, "/")).await.text, "");
    assert_eq!(stage.made(), 1);
}
