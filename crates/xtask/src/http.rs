//! As much HTTP as it takes to ask a local server whether it is ready and how large its answers are.
//! No redirects, no TLS, no chunks taken apart: the server is asked to close the connection.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result};

const LIMIT: Duration = Duration::from_secs(10);

/// An answer as it came over the wire.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// Asks for a path, in brotli if `brotli` is set.
pub(crate) fn get(address: SocketAddr, path: &str, brotli: bool) -> Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, LIMIT)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.set_write_timeout(Some(LIMIT))?;
    let coding = if brotli { "br" } else { "identity" };
    // HTTP/1.0 knows no chunks, so the body is what comes after the head.
    let head =
        format!("GET {path} HTTP/1.0\r\nHost: {address}\r\nAccept: */*\r\nAccept-Encoding: {coding}\r\n\r\n");
    stream.write_all(head.as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").context("the answer has no head")?;
    let body = bytes.split_off(end + 4);
    let head = String::from_utf8_lossy(&bytes);
    let status = head.split_whitespace().nth(1).and_then(|code| code.parse().ok());
    Ok(Answer { status: status.context("the answer has no status")?, body })
}
