// What is typed is never lost. Within two seconds it is a draft on the server or, while there is no way there, sealed in
// this browser under a key that only its writer is given. The word beside Save says which of the two is true.
"use strict";
(() => {
  const AFTER_LEAVING = 300, AFTER_A_KEY = 1500, LONGEST_WAIT = 30000;
  const form = () => document.getElementById("entry");
  const writable = () => Boolean(form() && form().dataset.draft);
  const place = location.pathname;
  const store = "equipoise.unsent:" + place;
  const windows = "BroadcastChannel" in window ? new BroadcastChannel("equipoise.form") : null;
  const tell = (words, kind) => {
    const status = document.getElementById("saved");
    if (status) { status.textContent = words; status.className = `saved ${kind}`; }
  };

  // --- What is typed, and what of it the server has ---
  const typed = () => new Map([...new FormData(form())].filter(([name, value]) => !window.noAnswers.has(name) && typeof value === "string"));
  const chosen = () => [...form().querySelectorAll("input[type=file]")].some(({ files }) => files.length > 0);
  let kept = new Map();
  const unsent = () => new Map([...typed()].filter(([name, value]) => kept.get(name) !== value));
  const whole = (names) => {  // a question goes with its text, its unit and its missing code
    const all = typed(), items = new Set([...names].map((name) => name.replace(/^(missing|unit)\./, "")));
    return [...items].flatMap((item) => [item, "unit." + item, "missing." + item]).filter((name) => all.has(name)).map((name) => [name, all.get(name)]);
  };
  const put = (name, value) => {
    const controls = [...form().querySelectorAll(`[name="${CSS.escape(name)}"]`)];
    for (const control of controls) {
      if (control.type === "radio") control.checked = control.value === value;
      else control.value = value;
    }
    return controls[0];
  };

  // --- Sealed in this browser, for its writer alone ---
  const vault = window.vaultOf(writable() ? form().dataset.vault : "", store, place);
  const seal = () => vault.put(() => [...unsent()]);

  // --- On its way ---
  let timer = 0, wait = 1000, turn = 0, sending = null;
  const soon = (delay) => { clearTimeout(timer); timer = setTimeout(send, delay); };
  const send = () => (sending = (sending || Promise.resolve()).then(sendNow));
  const sendNow = async () => {
    const mine = turn, pairs = writable() ? whole(unsent().keys()) : [];
    if (!pairs.length) return;
    const body = new FormData();
    pairs.forEach(([name, value]) => body.append(name, value));
    body.append("key", window.randomHex(16));
    body.append("csrfmiddlewaretoken", form().querySelector("[name=csrfmiddlewaretoken]").value);
    let answer;
    try {
      answer = await fetch(form().dataset.draft, { method: "POST", body, headers: { "HX-Request": "true" }, keepalive: true });
    } catch { return refused("inBrowser", true); }
    if (mine !== turn) return;  // a save overtook it
    if (answer.status === 401 || answer.status === 403) return refused("waits", false);
    if (answer.status === 422) return refusedBecause(await answer.json());
    if (!answer.ok) return refused("inBrowser", true);
    const { words } = await answer.json();
    wait = 1000;
    pairs.forEach(([name, value]) => kept.set(name, value));
    await seal();
    if (windows) windows.postMessage({ place, pairs });
    if (unsent().size) soon(AFTER_LEAVING);
    else tell(words, "wait");
  };
  const refused = async (why, again) => {
    const sealed = await seal();
    tell(sealed ? form().dataset[why] : form().dataset.onPage, "bad");
    if (again) { wait = Math.min(2 * wait, LONGEST_WAIT); soon(wait); }
  };
  const refusedBecause = async ({ problems }) => {
    await seal();
    tell(problems.map(([, , message, hint]) => `${message} ${hint}`).join(" "), "bad");
  };

  // --- What happens on the page ---
  const touched = (delay) => (event) => {
    if (!writable() || event.target.form !== form() || window.noAnswers.has(event.target.name)) return;
    if (unsent().size) { seal(); soon(delay); }
  };
  document.addEventListener("input", touched(AFTER_A_KEY));
  document.addEventListener("change", touched(AFTER_LEAVING));
  document.addEventListener("click", (event) => {
    if (!event.target.matches(".take")) return;
    const item = event.target.closest(".item").id.slice("item-".length);
    put("missing." + item, event.target.dataset.missing);
    const control = put(item, event.target.dataset.typed);
    control.dispatchEvent(new Event("change", { bubbles: true }));
    event.target.closest(".meanwhile").remove();
  });
  addEventListener("online", () => soon(0));
  addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && writable() && unsent().size) send(); });
  addEventListener("beforeunload", (event) => {
    if (writable() && (chosen() || (unsent().size && !localStorage.getItem(store)))) event.preventDefault();
  });

  // --- Saving: what the answer shows is what the server has ---
  document.addEventListener("htmx:beforeRequest", (event) => { if (event.target === form()) { clearTimeout(timer); turn += 1; } });
  const notSaved = (event) => { if (event.target === form() && unsent().size) { seal(); soon(wait); } };
  ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach((name) => document.addEventListener(name, notSaved));
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "form-part" || !writable()) return;
    if (form().hasAttribute("data-refused")) { soon(AFTER_LEAVING); return; }
    kept = typed();
    seal();
    if (windows && form().hasAttribute("data-just-saved")) windows.postMessage({ place, saved: true });
  });

  // --- Other windows of the same person ---
  if (windows) windows.onmessage = ({ data }) => {
    if (data.place !== place || !writable()) return;
    if (data.saved) {
      if (unsent().size || chosen()) tell(form().dataset.elsewhere, "bad");
      else location.reload();
      return;
    }
    data.pairs.filter(([name]) => kept.get(name) === typed().get(name)).forEach(([name, value]) => { put(name, value); kept.set(name, value); });
  };

  // --- A fresh page: what this browser still holds goes in first ---
  (async () => {
    if (!writable()) return;
    kept = form().hasAttribute("data-refused") ? new Map() : typed();
    const lies = await vault.take();
    lies.forEach(([name, value]) => put(name, value));
    if (lies.length) form().querySelector("input, textarea, select").dispatchEvent(new Event("change", { bubbles: true }));
    if (unsent().size) send();
  })();
})();
