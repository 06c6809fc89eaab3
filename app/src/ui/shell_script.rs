//! The few lines of plain JavaScript that cannot wait for the WASM, for one inline `<script nonce=…>` in the shell.
//! Nothing on a page depends on them: they add the service worker, and dialogs in browsers that do not know `command` yet.

/// Registers the service worker once the page has loaded, and tells the page of a new version instead of switching by itself:
/// the frame shows "A new version is ready" on the event `caresync:update`, and dispatches `caresync:reload` when it is wanted.
pub const REGISTER_SERVICE_WORKER: &str = r#"
if ("serviceWorker" in navigator) addEventListener("load", async () => {
  const workers = navigator.serviceWorker;
  let reloading = false;
  try {
    const registration = await workers.register("/sw.js", { updateViaCache: "none" });
    const waiting = () => registration.waiting && workers.controller
      && dispatchEvent(new Event("caresync:update"));
    waiting();
    registration.addEventListener("updatefound", () =>
      registration.installing?.addEventListener("statechange", waiting));
    addEventListener("caresync:reload", () => {
      reloading = true;
      if (registration.waiting) registration.waiting.postMessage("skip-waiting");
      else location.reload();
    });
    workers.addEventListener("controllerchange", () => reloading && location.reload());
  } catch { /* private windows refuse workers; the site works without one */ }
});
"#;

/// `command="show-modal"` and `"close"` where the browser does not know them.
pub const DIALOG_COMMANDS: &str = r#"
if (!("commandForElement" in HTMLButtonElement.prototype)) addEventListener("click", (event) => {
  const button = event.target.closest?.("button[commandfor]");
  const dialog = button && document.getElementById(button.getAttribute("commandfor"));
  if (!(dialog instanceof HTMLDialogElement)) return;
  const command = button.getAttribute("command");
  if (command === "show-modal" && !dialog.open) dialog.showModal();
  if (command === "close" && dialog.open) dialog.close();
});
"#;

/// Until every part of a page listens, its links are the browser's own. A click that changed the address while the page still
/// came to life would meet it with words of the wrong page, and end the scripts. `frontend` sets the mark.
pub const LINKS_BEFORE_LIFE: &str = r#"
addEventListener("click", (event) => {
  if (!("alive" in document.documentElement.dataset) && event.target.closest?.("a[href]")) event.stopPropagation();
}, true);
"#;
