//! The entry point of the client build: brings the page that the server sent to life.
//! It holds nothing else; the service worker is registered by a line of script in the document's head.

use app::app::App;
use app::browser::come_alive;
use leptos::mount::hydrate_from_async;
use leptos::tachys::dom::body;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;

/// Called once by the script in the document's head.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    // What Leptos' `hydrate_lazy` does, and then the mark that all of it is done.
    spawn_local(async {
        hydrate_from_async(body(), App).await.forget();
        come_alive().await;
    });
}
