// A session's end is announced in time: one key extends it, and what was typed stays with its writer (draft.js).
// The server says how much is left; to ask it is not to be there. Its longest time cannot be extended, only announced.
"use strict";
(() => {
  const box = document.getElementById("session");
  if (!box) return;
  const warn = Number(box.dataset.warn), stay = box.querySelector("[data-stay]"), shown = box.querySelector("[data-left]");
  let timer = 0, ticking = 0, ends = 0, known = false;

  const leave = () => location.assign(`${box.dataset.door}?next=${encodeURIComponent(location.pathname + location.search)}`);
  const ask = (method) => {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    return fetch(method === "POST" ? box.dataset.stayAt : box.dataset.leftAt, { method, headers: { "X-CSRFToken": token }, cache: "no-store" });
  };
  const look = async (method = "GET") => {
    clearTimeout(timer);
    let answer;
    try { answer = await ask(method); } catch { timer = setTimeout(() => look(), 5000); return; }  // no way there: what is typed is sealed
    if (answer.status === 401) { leave(); return; }
    if (answer.ok) plan(await answer.json());
  };
  const plan = ({ idle, longest }) => {
    const left = Math.min(idle, longest), last = longest <= idle;
    if (left > warn || (last && known)) {
      close();
      timer = setTimeout(() => look(), 1000 * Math.max(1, left > warn ? left - warn : left));
    } else show(left, last);
  };
  const show = (left, last) => {
    ends = Date.now() + 1000 * left;
    box.dataset.kind = last ? "longest" : "idle";
    box.querySelectorAll("[data-idle][data-longest]").forEach((part) => { part.textContent = part.dataset[box.dataset.kind]; });
    tick(true);
    if (!box.open) { box.showModal(); stay.focus(); }
    clearInterval(ticking);
    ticking = setInterval(tick, 1000);
  };
  const tick = (first) => {
    const left = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
    if (first === true || left % 10 === 0 || left < 10) shown.textContent = String(left);
    if (left === 0) { clearInterval(ticking); timer = setTimeout(() => look(), 1000); }
  };
  const close = () => { clearInterval(ticking); if (box.open) box.close(); };

  stay.addEventListener("click", () => {
    known = box.dataset.kind === "longest";
    close();
    look("POST");
  });
  box.addEventListener("cancel", (event) => { event.preventDefault(); stay.click(); });
  addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") look(); });
  look();
})();
