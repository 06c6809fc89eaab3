// The wall of a waiting room: hears that something has changed, reads the page again and takes the wall out of it.
// The page's own address ends with a secret, so that of the socket is made from it here and nowhere written.
const lost = document.getElementById("wall-lost");
let pause = 500, due = 0;
const read = async () => {
  const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-store" });
  if (answer.status === 404) return location.reload();
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("main");
  if (!fresh) return;
  document.getElementById("main").replaceChildren(...fresh.childNodes);
  lost.hidden = true;
};
const open = () => {
  const socket = new WebSocket(location.href.replace(/^http/, "ws").replace(/[?#].*$/, "").replace(/\/?$/, "/live"));
  socket.onmessage = () => {
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
