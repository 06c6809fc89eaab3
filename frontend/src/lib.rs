//! The entry point of the client build: brings the page that the server sent to life.
//! It holds nothing else; the service worker is registered by a line of script in the document's head.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the script in the document's head.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_lazy(app::app::App);
}
