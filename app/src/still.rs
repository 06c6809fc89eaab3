//! Pages outside the app: refusals of the server's edge, the reader of the API, and the wall of a waiting room. Each is a text in the product's look.
//! They know no viewer, ask no service, and need nothing of the request but what they are given. None but the wall carries a script.

mod reader;
mod refusal;
mod wall;

use leptos::prelude::*;

pub use reader::reader;
pub use refusal::{Refusal, refusal};
pub use wall::wall;

use crate::t;
use crate::ui::{SiteHeader, SkipLink};

/// What the document around such a page needs.
#[derive(Debug, Clone, Copy, Default)]
pub struct Frame<'a> {
    /// Where the client build lies; empty where there is none.
    pub folder: &'a str,
    /// The look that the visitor chose.
    pub theme: Option<&'a str>,
}

/// Address of the style sheet of a build.
pub(crate) fn stylesheet(folder: &str) -> String {
    if folder.is_empty() { "/caresync.css".to_owned() } else { format!("/{folder}/caresync.css") }
}

fn document<View: IntoView>(frame: Frame<'_>, title: &str, page: impl FnOnce() -> View) -> String {
    let theme = frame.theme.filter(|theme| ["light", "dark"].contains(theme)).map(str::to_owned);
    let (title, stylesheet) = (t!(shell.page_title, page = title), stylesheet(frame.folder));
    Owner::new()
        .with(|| {
            let page = page().into_any();
            view! {
                <!DOCTYPE html>
                <html lang="en" dir="ltr" data-theme=theme>
                    <head>
                        <meta charset="utf-8" />
                        <meta name="viewport" content="width=device-width, initial-scale=1" />
                        <meta name="color-scheme" content="light dark" />
                        <meta name="robots" content="noindex" />
                        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                        <link rel="stylesheet" href=stylesheet />
                        <title>{title}</title>
                    </head>
                    <body class="portal-patient">
                        <SkipLink />
                        <SiteHeader home="/">""</SiteHeader>
                        <main id="main" tabindex="-1">{page}</main>
                    </body>
                </html>
            }
            .to_html()
        })
        // Marks for a script that continues the page; there is none, and in the title they would be read. Text has none: it is escaped.
        .replace("<!>", "")
}
