//! The wall of a waiting room behind its private address: for a screen on which nobody is signed in.
//! It is whole without a script and then asks for itself anew; with one it is told of each change, and reads itself again.

use domain::queues::WallBoard;
use leptos::prelude::*;

use super::{Frame, stylesheet};
use crate::queues::wall as numbers;
use crate::t;

/// Hears that something has changed, reads the page again and takes the wall out of it. Its own address ends with a secret, so that
/// of the socket is made from it here and nowhere written.
const SCRIPT: &str = r#"
const lost = document.getElementById("wall-lost");
let pause = 500, due = 0;
const read = async () => {
  const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-store" });
  if (answer.status === 404) return location.reload();
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("main");
  if (fresh) document.getElementById("main").replaceChildren(...fresh.childNodes);
};
const open = () => {
  const socket = new WebSocket(location.href.replace(/^http/, "ws").replace(/[?#].*$/, "").replace(/\/?$/, "/live"));
  socket.onmessage = () => {
    lost.hidden = true;
    pause = 500;
    clearTimeout(due);
    due = setTimeout(() => read().catch(() => { lost.hidden = false; }), 120);
  };
  socket.onclose = () => {
    lost.hidden = false;
    setTimeout(open, pause / 2 + Math.random() * pause);
    pause = Math.min(pause * 2, 30000);
  };
};
open();
"#;

/// The page; its script runs under the nonce of its policy.
#[must_use]
pub fn wall(frame: Frame<'_>, nonce: &str, board: &WallBoard) -> String {
    let theme = frame.theme.filter(|theme| ["light", "dark"].contains(theme)).map(str::to_owned);
    let (title, stylesheet) = (t!(shell.page_title, page = t!(wall.title)), stylesheet(frame.folder));
    let nonce = nonce.to_owned();
    Owner::new()
        .with(|| {
            view! {
                <!DOCTYPE html>
                <html lang="en" dir="ltr" data-theme=theme>
                    <head>
                        <meta charset="utf-8" />
                        <meta name="viewport" content="width=device-width, initial-scale=1" />
                        <meta name="color-scheme" content="light dark" />
                        <meta name="robots" content="noindex" />
                        <meta name="referrer" content="no-referrer" />
                        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                        <link rel="stylesheet" href=stylesheet />
                        <title>{title}</title>
                        <noscript inner_html=numbers::REFRESH></noscript>
                        <script type="module" nonce=nonce inner_html=SCRIPT></script>
                    </head>
                    <body class="portal-hospital wall">
                        <main id="main" tabindex="-1">{numbers::wall(board)}</main>
                        <p class="wall-lost" id="wall-lost" role="status" hidden>
                            {t!(wall.lost)}
                        </p>
                    </body>
                </html>
            }
            .to_html()
        })
        // Marks for a script that continues the page; this one does not.
        .replace("<!>", "")
}

#[cfg(test)]
mod tests {
    use domain::queues::{CalledNumber, WaitingDoor};

    use super::*;

    #[test]
    fn it_is_whole_without_a_script_and_carries_one_under_its_nonce() {
        let board = WallBoard {
            hospital_name: "Linden <b>hof".into(),
            now: "2026-11-24T10:42:00+01:00".parse().unwrap(),
            called: vec![CalledNumber { number: 14, door: "Dr. Vogt".into() }],
            waiting: vec![WaitingDoor { door: "Dr. Roth".into(), numbers: vec![15] }],
        };
        let page = wall(Frame { folder: "pkg/ab", theme: None }, "n0nce", &board);
        assert!(page.starts_with("<!DOCTYPE html>") && page.contains("/pkg/ab/caresync.css"), "{page}");
        assert!(page.contains("nonce=\"n0nce\"") && page.contains("http-equiv=\"refresh\""), "{page}");
        assert!(page.contains(">14<") && !page.contains("<b>hof"), "{page}");
        // It is code and no text: nothing of it is escaped.
        assert!(page.contains("() => read()"), "{page}");
        assert!(!page.contains("style=\"") && !page.contains("onclick"), "{page}");
    }
}
