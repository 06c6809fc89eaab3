//! The few lines of plain JavaScript that cannot wait for the WASM, for one inline `<script nonce=…>` in the shell.
//! Nothing on a page depends on them: they add the service worker, dialogs in browsers that do not know `command` yet, and a look at a password.

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

/// A press of the button beside a password shows what was typed, the next one hides it; the words of the button change with it. When
/// the form is sent it is a password again, so that the browser does not keep it among the words it offers. The mark brings the buttons
/// into sight: on pages for strangers nothing comes to life, but passwords are typed there.
pub const SHOW_PASSWORD: &str = r#"
{
  const turn = (button) => {
    const input = button.parentElement.querySelector("input");
    const words = button.firstElementChild.firstChild;
    input.type = input.type === "password" ? "text" : "password";
    [words.data, button.dataset.other] = [button.dataset.other, words.data];
  };
  addEventListener("click", (event) => {
    const button = event.target.closest?.(".show-password");
    if (button) turn(button);
  });
  addEventListener("submit", (event) => {
    for (const button of event.target.querySelectorAll(".show-password"))
      if (button.parentElement.querySelector("input").type === "text") turn(button);
  }, true);
  document.documentElement.dataset.shows = "";
}
"#;

/// Until every part of a page listens, its links are the browser's own. A click that changed the address while the page still
/// came to life would meet it with words of the wrong page, and end the scripts. `frontend` sets the mark.
pub const LINKS_BEFORE_LIFE: &str = r#"
addEventListener("click", (event) => {
  if (!("alive" in document.documentElement.dataset) && event.target.closest?.("a[href]")) event.stopPropagation();
}, true);
"#;
