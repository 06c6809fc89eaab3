//! The wall of a waiting room behind its private address: for a screen on which nobody is signed in.
//! It is whole without a script and then asks for itself anew; with one it is told of each change, and reads itself again.

use domain::queues::WallBoard;
use leptos::prelude::*;

use super::{Frame, stylesheet};
use crate::queues::wall as numbers;
use crate::t;

/// What makes the wall live: a file of `public`.
const SCRIPT: &str = "/wall.js";

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
                        <noscript>
                            <meta http-equiv="refresh" content="15" />
                        </noscript>
                        <script type="module" nonce=nonce src=SCRIPT></script>
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
        assert!(page.contains("src=\"/wall.js\""), "{page}");
        assert!(!page.contains("style=\"") && !page.contains("onclick"), "{page}");
    }
}
