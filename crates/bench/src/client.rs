//! One kept-alive HTTP/1.1 connection, as a program that uses the API would hold it.
//! It follows no redirect and keeps no cookie.

use std::net::{IpAddr, SocketAddr};

use anyhow::Context;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{HeaderMap, Method, Request, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::{TcpSocket, TcpStream};

/// A request before it knows its connection.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    method: Method,
    path: String,
    body: Option<Value>,
    key: Option<String>,
    brotli: bool,
}

impl Ask {
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), body: None, key: None, brotli: false }
    }

    pub(crate) fn post(path: impl Into<String>, body: Value) -> Self {
        Self { method: Method::POST, path: path.into(), body: Some(body), key: None, brotli: false }
    }

    pub(crate) fn put(path: impl Into<String>, body: Value) -> Self {
        Self { method: Method::PUT, path: path.into(), body: Some(body), key: None, brotli: false }
    }

    pub(crate) fn delete(path: impl Into<String>) -> Self {
        Self { method: Method::DELETE, path: path.into(), body: None, key: None, brotli: false }
    }

    /// Under an `Idempotency-Key`.
    pub(crate) fn keyed(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Asks for brotli, as browsers do.
    pub(crate) fn compressed(mut self) -> Self {
        self.brotli = true;
        self
    }

    fn request(&self, host: SocketAddr, token: Option<&str>) -> anyhow::Result<Request<Full<Bytes>>> {
        let mut request =
            Request::builder().method(&self.method).uri(&self.path).header(header::HOST, host.to_string());
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(key) = &self.key {
            request = request.header("idempotency-key", key);
        }
        if self.brotli {
            request = request.header(header::ACCEPT_ENCODING, "br");
        }
        let body = match &self.body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                serde_json::to_vec(body)?
            }
            None => Vec::new(),
        };
        Ok(request.body(Full::new(body.into()))?)
    }
}

/// A whole answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn json(&self) -> anyhow::Result<Value> {
        serde_json::from_slice(&self.body).with_context(|| format!("not JSON: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// A connection, made when it is first needed and again when it was closed.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) host: SocketAddr,
    pub(crate) token: Option<String>,
    from: Option<IpAddr>,
    sender: Option<http1::SendRequest<Full<Bytes>>>,
}

impl Client {
    pub(crate) fn new(host: SocketAddr) -> Self {
        Self { host, token: None, from: None, sender: None }
    }

    /// From one of this machine's many loopback addresses, as if from somewhere else.
    pub(crate) fn from(host: SocketAddr, address: IpAddr) -> Self {
        Self { from: Some(address), ..Self::new(host) }
    }

    /// Moves to another server; the bearer token stays.
    pub(crate) fn turn_to(&mut self, host: SocketAddr) {
        self.host = host;
        self.sender = None;
    }

    /// Sends, and reads the answer to its end.
    pub(crate) async fn send(&mut self, ask: &Ask) -> anyhow::Result<Answer> {
        let answer = self.exchange(ask).await;
        if answer.is_err() {
            self.sender = None;
        }
        answer
    }

    /// Like [`Client::send`], but any status other than the expected one is an error.
    pub(crate) async fn expect(&mut self, ask: &Ask, status: u16) -> anyhow::Result<Answer> {
        let answer = self.send(ask).await.with_context(|| ask.path.clone())?;
        anyhow::ensure!(
            answer.status == status,
            "{} {}: {} {}",
            ask.method,
            ask.path,
            answer.status,
            answer.text()
        );
        Ok(answer)
    }

    async fn exchange(&mut self, ask: &Ask) -> anyhow::Result<Answer> {
        let request = ask.request(self.host, self.token.as_deref())?;
        let mut sender = match self.sender.take().filter(|sender| !sender.is_closed()) {
            Some(sender) => sender,
            None => connect(self.host, self.from).await?,
        };
        sender.ready().await?;
        let (parts, body) = sender.send_request(request).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        self.sender = Some(sender);
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
    }
}

async fn connect(host: SocketAddr, from: Option<IpAddr>) -> anyhow::Result<http1::SendRequest<Full<Bytes>>> {
    let stream = open(host, from).await?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // Ends with the connection; whoever sends on it learns of an error.
    tokio::spawn(connection);
    Ok(sender)
}

/// A bare connection.
pub(crate) async fn open(host: SocketAddr, from: Option<IpAddr>) -> anyhow::Result<TcpStream> {
    let stream = match from {
        Some(address) => {
            let socket = TcpSocket::new_v4()?;
            socket.bind(SocketAddr::new(address, 0))?;
            socket.connect(host).await?
        }
        None => TcpStream::connect(host).await?,
    };
    stream.set_nodelay(true)?;
    Ok(stream)
}
