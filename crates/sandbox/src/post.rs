//! Sends one request over plain HTTP to this machine, on a connection of its own.
//! It follows no redirect: whoever wants webhooks says where.

use std::net::IpAddr;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, Uri, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::Error;

/// Where webhooks go.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    host: String,
    port: u16,
    authority: String,
    path: String,
}

impl Target {
    /// Only to this machine: a test that is set up wrongly must not tell others of payments.
    pub(crate) fn read(url: &str) -> Result<Self, Error> {
        let wrong = || Error::WebhookUrl(url.to_owned());
        let uri: Uri = url.parse().map_err(|_| wrong())?;
        let authority = uri.authority().filter(|_| uri.scheme_str() == Some("http")).ok_or_else(wrong)?;
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        let is_here = host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
        if !is_here {
            return Err(wrong());
        }
        Ok(Self {
            host: host.to_owned(),
            port: authority.port_u16().unwrap_or(80),
            authority: authority.to_string(),
            path: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        })
    }

    /// Sends and reads the answer to its end. Says its status.
    pub(crate) async fn post(&self, headers: &[(&str, &str)], body: String) -> Result<u16, String> {
        let mut request = Request::post(&self.path)
            .header(header::HOST, &self.authority)
            .header(header::CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(Bytes::from(body))).map_err(|error| error.to_string())?;
        let stream =
            TcpStream::connect((self.host.as_str(), self.port)).await.map_err(|error| error.to_string())?;
        self.exchange(stream, request).await.map_err(|error| error.to_string())
    }

    async fn exchange(&self, stream: TcpStream, request: Request<Full<Bytes>>) -> hyper::Result<u16> {
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // Ends with the connection; whoever sends on it learns of an error.
        tokio::spawn(connection);
        let (parts, body) = sender.send_request(request).await?.into_parts();
        body.collect().await?;
        Ok(parts.status.as_u16())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn webhooks_stay_on_this_machine() {
        for here in ["http://127.0.0.1:3000/webhooks", "http://localhost/", "http://[::1]:8080/a?b=c"] {
            assert!(Target::read(here).is_ok(), "{here}");
        }
        let elsewhere = [
            "https://127.0.0.1/",
            "http://care.example/",
            "http://192.168.0.1/",
            "http://localhost.example/",
            "/webhooks",
            "",
        ];
        for elsewhere in elsewhere {
            assert!(Target::read(elsewhere).is_err(), "{elsewhere}");
        }
    }
}
