//! What only a real connection shows: heads that are too large, broken or slow, slow bodies, forged addresses, too many sockets.
//! Waiting ends with what is waited for, never with a fixed time; the server's patience is set short.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use caresync::{config::Patience, web::listener};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{
    app::TestApp,
    browser::{form, signed_in},
    headers::assert_protected,
    world::World,
};

/// A server on a port of its own; it stops with this value.
struct Wire {
    address: SocketAddr,
    _stops: DropGuard,
}

impl Wire {
    async fn of(app: &TestApp) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stopping = CancellationToken::new();
        let (router, terms) = app.router();
        tokio::spawn(listener::serve(listener, router, terms, stopping.clone()));
        Self { address, _stops: stopping.drop_guard() }
    }

    /// A connection from an address of this machine.
    async fn from(&self, address: &str) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(format!("{address}:0").parse().unwrap()).unwrap();
        socket.connect(self.address).await.unwrap()
    }

    /// Says something and hears all that comes back until the server hangs up.
    async fn says(&self, bytes: &[u8]) -> String {
        let mut stream = self.from("127.0.0.1").await;
        // The server may hang up before it has heard everything.
        let _ = stream.write_all(bytes).await;
        rest(stream).await
    }
}

/// All that comes until the other side hangs up, which is what is waited for.
async fn rest(mut stream: TcpStream) -> String {
    let mut heard = Vec::new();
    // Far beyond every patience of the server: without it, a failure would be a test that never ends.
    let ended = tokio::time::timeout(Duration::from_mins(1), stream.read_to_end(&mut heard)).await;
    assert!(ended.is_ok(), "the server does not hang up");
    String::from_utf8_lossy(&heard).into_owned()
}

/// Status and headers of an answer.
fn parsed(answer: &str) -> (u16, axum::http::HeaderMap) {
    let head = answer.split("\r\n\r\n").next().unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or(0);
    let mut headers = axum::http::HeaderMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        let name: axum::http::HeaderName = name.parse().unwrap();
        headers.append(name, value.parse().unwrap());
    }
    (status, headers)
}

fn get(path: &str, lines: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: care.example\r\nConnection: close\r\n{lines}\r\n")
}

fn hurried(config: &mut caresync::config::Config) {
    config.patience = Patience {
        head: Duration::from_millis(200),
        body: Duration::from_millis(200),
        idle: Duration::from_secs(2),
    };
}

#[tokio::test]
async fn heads_that_cannot_be_taken_are_refused_and_protected() {
    for https in [false, true] {
        let app = TestApp::with(|config| {
            config.public_url = https.then(|| "https://care.example".parse().unwrap());
        });
        let wire = Wire::of(&app.await).await;
        let many = "X-Many: y\r\n".repeat(200);
        for (what, request, expected) in [
            ("a large head", get("/", &format!("X-Large: {}\r\n", "y".repeat(100_000))), 431),
            ("many headers", get("/", &many), 431),
            ("a broken head", "GET / HTTP/1.1\r\nHost\r\n\r\n".to_owned(), 400),
            ("no HTTP", "SSH-2.0-OpenSSH_9.6\r\n\r\n".to_owned(), 400),
        ] {
            let (status, headers) = parsed(&wire.says(request.as_bytes()).await);
            assert_eq!(status, expected, "{what}");
            assert_protected(what, &headers, https);
            assert_eq!(headers["cache-control"], "no-store", "{what}");
        }
        // A long address is part of the head; whichever of the two limits it meets, it is refused.
        let (status, headers) =
            parsed(&wire.says(get(&format!("/{}", "a".repeat(70_000)), "").as_bytes()).await);
        assert!([414, 431].contains(&status), "{status}");
        assert_protected("a long address", &headers, https);
        let (status, headers) = parsed(&wire.says(get("/livez", "").as_bytes()).await);
        assert_eq!(status, 200);
        assert_protected("an answer", &headers, https);
    }
}

#[tokio::test]
async fn who_does_not_finish_a_head_is_hung_up_on() {
    let wire = Wire::of(&TestApp::with(hurried).await).await;
    let mut stream = wire.from("127.0.0.1").await;
    stream.write_all(b"GET /livez HTTP/1.1\r\nHost: care.example\r\n").await.unwrap();
    // One line after another keeps nobody waiting longer.
    let (mut reader, mut writer) = stream.into_split();
    let drip = tokio::spawn(async move {
        while writer.write_all(b"X-More: y\r\n").await.is_ok() {
            tokio::task::yield_now().await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let mut heard = Vec::new();
    let _ = reader.read_to_end(&mut heard).await;
    assert!(!String::from_utf8_lossy(&heard).contains("200 OK"));
    drip.await.unwrap();
}

#[tokio::test]
async fn who_says_nothing_or_half_a_greeting_is_hung_up_on() {
    let wire = Wire::of(&TestApp::with(hurried).await).await;
    // Half of how HTTP/2 begins, nothing at all, and a second request that is never finished.
    let first = "GET /livez HTTP/1.1\r\nHost: care.example\r\n\r\n";
    for bytes in
        ["", "P", "PRI * HTTP/2.0\r\n", "PRIX", "\r\n", first, &format!("{first}GET /livez HTTP/1.1\r\n")]
    {
        // It ends, and that is the test.
        let heard = wire.says(bytes.as_bytes()).await;
        assert_eq!(heard.contains("200 OK"), bytes.starts_with("GET"), "{bytes}: {heard}");
    }
}

#[tokio::test]
async fn a_body_that_does_not_come_is_refused() {
    let wire = Wire::of(&TestApp::with(hurried).await).await;
    for path in ["/api/v1/appointments", "/_fn/sign-in"] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: care.example\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{"
        );
        let answer = wire.says(head.as_bytes()).await;
        let (status, headers) = parsed(&answer);
        assert_eq!(status, 408, "{path}: {answer}");
        assert!(answer.contains("too_slow"), "{answer}");
        assert_protected(path, &headers, false);
    }
}

#[tokio::test]
async fn two_lengths_or_two_hosts_are_one_too_many() {
    let wire = Wire::of(&TestApp::sqlite().await).await;
    for lines in [
        "Content-Length: 1\r\nContent-Length: 2\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Host: evil.example\r\n",
    ] {
        let request =
            format!("POST /theme HTTP/1.1\r\nHost: care.example\r\nConnection: close\r\n{lines}\r\nx");
        let (status, headers) = parsed(&wire.says(request.as_bytes()).await);
        assert!([400, 411, 421, 501].contains(&status), "{lines}: {status}");
        assert_protected(lines, &headers, false);
    }
}

/// The status of a sign-in from an address, saying that it was forwarded for another.
async fn tries(wire: &Wire, from: &str, forwarded: &str) -> u16 {
    let mut stream = wire.from(from).await;
    let request = format!(
        "POST /api/v1/auth/token HTTP/1.1\r\nHost: care.example\r\nConnection: close\r\nX-Forwarded-For: {forwarded}\r\n\
         Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    parsed(&rest(stream).await).0
}

#[tokio::test]
async fn only_a_trusted_proxy_says_who_is_behind_it() {
    let app = TestApp::with(|config| {
        config.rate_limits = true;
        config.proxies.named = "127.0.0.2,127.0.0.16/28".parse().unwrap();
    });
    let wire = Wire::of(&app.await).await;
    // Anybody else may write what she likes: she is counted by where she is.
    let mut forged = Vec::new();
    for number in 0..12 {
        forged.push(tries(&wire, "127.0.0.1", &format!("198.51.100.{number}")).await);
    }
    assert_eq!((forged[0], forged[11]), (422, 429), "{forged:?}");
    // People behind the proxy are counted each for herself.
    for number in 0..12 {
        assert_eq!(tries(&wire, "127.0.0.2", &format!("203.0.113.{number}")).await, 422, "{number}");
    }
    // What one of them forges stands left of what the proxies saw, and changes nothing.
    let mut behind = Vec::new();
    for number in 0..12 {
        behind.push(tries(&wire, "127.0.0.2", &format!("10.0.0.{number}, 203.0.113.200, 127.0.0.17")).await);
    }
    assert_eq!((behind[0], behind[11]), (422, 429), "{behind:?}");
}

/// Opens a live socket and gives the status; the stream keeps it open.
async fn live(wire: &Wire, cookie: &str) -> (u16, TcpStream) {
    let mut stream = wire.from("127.0.0.1").await;
    let request = format!(
        "GET /ws HTTP/1.1\r\nHost: care.example\r\nOrigin: http://care.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nCookie: {cookie}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let (status, headers) = parsed(&String::from_utf8(head).unwrap());
    assert_protected("a socket", &headers, false);
    (status, stream)
}

#[tokio::test]
async fn an_account_holds_so_many_sockets_and_no_more() {
    let world = World::new(TestApp::sqlite().await).await;
    world.patient("ada").await;
    world.patient("bob").await;
    let (ada, bob) = (signed_in(&world.app, "ada").await, signed_in(&world.app, "bob").await);
    let wire = Arc::new(Wire::of(&world.app).await);
    let mut open = Vec::new();
    for number in 0..16 {
        let (status, stream) = live(&wire, &ada).await;
        assert_eq!(status, 101, "{number}");
        open.push(stream);
    }
    assert_eq!(live(&wire, &ada).await.0, 429);
    assert_eq!(live(&wire, &bob).await.0, 101, "others have their own");
    // Whoever closes one may open another, once the server has noticed.
    open.pop();
    while live(&wire, &ada).await.0 != 101 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn signing_out_closes_the_socket_at_once() {
    let world = World::new(TestApp::sqlite().await).await;
    world.patient("ada").await;
    let cookie = signed_in(&world.app, "ada").await;
    let wire = Wire::of(&world.app).await;
    let (status, mut stream) = live(&wire, &cookie).await;
    assert_eq!(status, 101);
    // The greeting says that the server listens to what changes.
    let mut hello = [0; 2 + r#"{"type":"hello"}"#.len()];
    stream.read_exact(&mut hello).await.unwrap();
    form(&world.app, "/sign-out", Some(&cookie), "").await;
    // Not after the next look at the session, which is a minute away: a close frame comes now.
    let frame = stream.read_u8().await.unwrap();
    assert_eq!(frame, 0x88, "a close frame");
    assert_eq!(live(&wire, &cookie).await.0, 401);
}
