//! Dresses what hyper answers by itself, to a head that it cannot read or that is too large, in the headers of every other answer.
//! It changes nothing that the router has made.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// An answer of hyper's own is no longer than this.
const LONGEST: usize = 256;

/// A stream whose bare answers are dressed.
pub(super) struct Dressed<S> {
    stream: S,
    headers: Arc<str>,
    /// A dressed answer, and how much of it is written.
    own: Vec<u8>,
    written: usize,
}

impl<S: AsyncWrite + Unpin> Dressed<S> {
    pub(super) fn new(stream: S, headers: Arc<str>) -> Self {
        Self { stream, headers, own: Vec::new(), written: 0 }
    }

    fn poll_own(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(rest) = self.own.get(self.written..).filter(|rest| !rest.is_empty()) {
            match ready!(Pin::new(&mut self.stream).poll_write(cx, rest))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => self.written += written,
            }
        }
        self.own.clear();
        self.written = 0;
        Poll::Ready(Ok(()))
    }
}

/// Where the headers end, when the bytes are a whole answer that hyper made without the router: the router's have all of ours.
fn bare(bytes: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= LONGEST)?;
    let head = text.strip_suffix("\r\n\r\n").filter(|head| head.starts_with("HTTP/1.1 4"))?;
    let lines = || head.split("\r\n").skip(1).map(str::to_ascii_lowercase);
    let empty = lines().any(|line| line == "content-length: 0");
    let ours = lines().any(|line| line.starts_with("x-content-type-options:"));
    (empty && !ours).then_some(head.len() + 2)
}

impl<S: AsyncRead + Unpin> AsyncRead for Dressed<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Dressed<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        ready!(this.poll_own(cx))?;
        let Some(end) = bare(bytes) else { return Pin::new(&mut this.stream).poll_write(cx, bytes) };
        let (head, rest) = bytes.split_at(end);
        this.own = [head, this.headers.as_bytes(), rest].concat();
        // It is taken over whole; what the socket does not take now goes out with the next write or flush.
        match this.poll_own(cx) {
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            _ => Poll::Ready(Ok(bytes.len())),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        // Such an answer has one part.
        if let [part] = parts {
            return self.poll_write(cx, part);
        }
        let this = self.get_mut();
        ready!(this.poll_own(cx))?;
        Pin::new(&mut this.stream).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_own(cx))?;
        Pin::new(&mut this.stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_own(cx))?;
        Pin::new(&mut this.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    const BARE: &str =
        "HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

    async fn sent(texts: &[&str], pipe: usize) -> String {
        let (near, mut far) = tokio::io::duplex(pipe);
        let mut dressed = Dressed::new(near, Arc::from("x-content-type-options: nosniff\r\n"));
        let write = async {
            for text in texts {
                dressed.write_all(text.as_bytes()).await.unwrap();
            }
            dressed.shutdown().await.unwrap();
        };
        let mut heard = String::new();
        let ((), heard_all) = tokio::join!(write, far.read_to_string(&mut heard));
        heard_all.unwrap();
        heard
    }

    #[tokio::test]
    async fn only_what_hyper_made_is_dressed() {
        let dressed = BARE.replace("\r\n\r\n", "\r\nx-content-type-options: nosniff\r\n\r\n");
        for pipe in [1, 7, 4096] {
            assert_eq!(sent(&[BARE], pipe).await, dressed);
            assert_eq!(sent(&[&dressed], pipe).await, dressed);
        }
        for other in ["HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", "HTTP/1.1 4", "\r\n\r\n", "text"] {
            assert_eq!(sent(&[other], 4096).await, other);
        }
        assert_eq!(sent(&["before", BARE, "after"], 16).await, format!("before{dressed}after"));
    }
}
