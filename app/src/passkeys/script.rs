//! The lines of plain JavaScript that let a browser speak with a passkey, for the shell's inline `<script nonce=…>`.
//! They stand on the pages that have such a button, whether the client build is there or not; the forms around do the rest.

/// Marks the page where the browser can do it, and turns a press of `button[data-passkey]` into the answer of a key: into the hidden
/// fields of its form, which is then posted as any other. Passkeys are bound to names, so a page under a number has none.
pub(crate) const PASSKEYS: &str = r#"
if (window.PublicKeyCredential && !/^[\d.]+$|^\[/.test(location.hostname)) document.documentElement.dataset.passkeys = "";
{
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const challenge = async (form) => {
    const json = "application/json";
    const answer = await fetch("/_fn/begin-passkey-sign-in",
      { method: "POST", headers: { "content-type": json, accept: json }, body: "{}" });
    if (!answer.ok) throw new Error(answer.status);
    const begun = await answer.json();
    form.elements.challenge.value = begun.id;
    return begun.options;
  };
  const speak = async (button, form) => {
    const kind = button.dataset.passkey;
    const { publicKey } = JSON.parse(kind === "get" ? await challenge(form) : button.dataset.options);
    publicKey.challenge = bytes(publicKey.challenge);
    if (publicKey.user) publicKey.user.id = bytes(publicKey.user.id);
    for (const key of [...publicKey.excludeCredentials ?? [], ...publicKey.allowCredentials ?? []]) key.id = bytes(key.id);
    const key = await navigator.credentials[kind]({ publicKey });
    const response = {};
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
      if (key.response[part]) response[part] = text(key.response[part]);
    form.elements.credential.value = JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response });
    form.submit();
  };
  addEventListener("click", async (event) => {
    const button = event.target.closest?.("button[data-passkey]");
    if (!button) return;
    event.preventDefault();
    if (button.ariaBusy === "true") return;
    const told = button.form.querySelector("[data-told]");
    told.textContent = "";
    button.ariaBusy = "true";
    try {
      await speak(button, button.form);
    } catch (error) {
      button.ariaBusy = null;
      const known = error.name === "InvalidStateError" && told.dataset.known;
      told.textContent = known || told.dataset.told;
    }
  });
}
"#;
