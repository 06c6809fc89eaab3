//! The few tags that bring a page to life: hints to fetch the client build early, and the lines that start it when the browser is idle.
//! Leptos' own component is not used: it guesses the file names from the environment of the compiler.
//!
//! The client build comes with signing in. What anybody may see is whole without it and never changes under the reader's eyes, so a
//! first visit costs HTML, a style sheet and a font, and a slow phone is not kept busy.

use leptos::prelude::*;

use crate::passkeys::script::PASSKEYS;
use crate::ui::{DIALOG_COMMANDS, LINKS_BEFORE_LIFE, REGISTER_SERVICE_WORKER, SHOW_PASSWORD};

/// Nothing when there is no client build; only the installable part for who is not signed in.
#[component]
pub fn ClientScripts(
    /// Where the client build lies.
    options: LeptosOptions,
) -> impl IntoView {
    let folder = options.site_pkg_dir.to_string();
    if folder.is_empty() {
        return ().into_any();
    }
    let nonce = nonce();
    if !signed_in() {
        // Of what anybody may see, only the page of signing in speaks with keys.
        let keys = if at(&["/sign-in"]) { PASSKEYS } else { "" };
        let show = if at(&WITH_PASSWORD) { SHOW_PASSWORD } else { "" };
        let module = format!("{REGISTER_SERVICE_WORKER}{DIALOG_COMMANDS}{show}{keys}");
        return view! { <script type="module" nonce=nonce>{module}</script> }.into_any();
    }
    #[cfg(feature = "ssr")]
    manifest::provide(&options);
    let name = options.output_name.to_string();
    let script = format!("/{folder}/{name}.js");
    let program = format!("/{folder}/{name}.wasm");
    let start = format!(
        "const start = () => import({script:?}).then((client) => client.default({{ module_or_path: {program:?} }}).then(() => client.hydrate()));\n\
         \"requestIdleCallback\" in window ? requestIdleCallback(start, {{ timeout: 2000 }}) : start();\n"
    );
    let module = format!(
        "{start}{LINKS_BEFORE_LIFE}{REGISTER_SERVICE_WORKER}{DIALOG_COMMANDS}{SHOW_PASSWORD}{PASSKEYS}"
    );
    view! {
        <link rel="modulepreload" href=script fetchpriority="low" />
        <link rel="preload" href=program r#as="fetch" r#type="application/wasm" crossorigin="anonymous" fetchpriority="low" />
        <script type="module" nonce=nonce>
            {module}
        </script>
    }
    .into_any()
}

#[cfg(feature = "ssr")]
fn nonce() -> Option<String> {
    leptos::nonce::use_nonce().map(|nonce| nonce.to_string())
}

#[cfg(not(feature = "ssr"))]
fn nonce() -> Option<String> {
    None
}

#[cfg(feature = "ssr")]
fn signed_in() -> bool {
    use_context::<domain::Actor>().is_some_and(|actor| actor.principal().is_some())
}

/// Where a stranger types a password; what ends in a stroke has a word of its own behind it.
const WITH_PASSWORD: [&str; 5] = ["/sign-in", "/sign-up", "/invitation/", "/verify", "/reset-password"];

/// Whether this is one of those pages, at whatever address it stands.
#[cfg(feature = "ssr")]
fn at(pages: &[&str]) -> bool {
    use_context::<axum::http::request::Parts>().is_some_and(|parts| {
        let path = parts.uri.path().trim_end_matches('/');
        pages.iter().any(|page| path == *page || (page.ends_with('/') && path.starts_with(*page)))
    })
}

/// The script is in the page that the server sent.
#[cfg(not(feature = "ssr"))]
fn at(_pages: &[&str]) -> bool {
    false
}

/// Where this runs in the browser, the client build is there already.
#[cfg(not(feature = "ssr"))]
fn signed_in() -> bool {
    true
}

/// Which chunks a route needs, so that the page can ask for them early.
#[cfg(feature = "ssr")]
mod manifest {
    use std::collections::HashMap;
    use std::path::Path;
    use std::sync::OnceLock;

    use leptos::WasmSplitManifest;
    use leptos::prelude::{ArcStoredValue, LeptosOptions, provide_context};

    /// Read once: a build does not change beneath a running server.
    static CHUNKS: OnceLock<Option<HashMap<String, Vec<String>>>> = OnceLock::new();

    pub(super) fn provide(options: &LeptosOptions) {
        let folder = options.site_pkg_dir.as_ref();
        let chunks = CHUNKS.get_or_init(|| {
            let path = Path::new(options.site_root.as_ref()).join(folder).join("__wasm_split_manifest.json");
            serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()
        });
        if let Some(chunks) = chunks {
            let loader = "__wasm_split.______________________.js".to_owned();
            provide_context(WasmSplitManifest(ArcStoredValue::new((
                format!("/{folder}"),
                chunks.clone(),
                loader,
            ))));
        }
    }
}
