// The record at the bedside, also while there is no network: each entry has its moment and a key of its own, waits sealed
// in this browser, and is sent in its order; sent twice, it is recorded once. Without this script every button posts.
"use strict";
(() => {
  const part = () => document.getElementById("infusion");
  if (!part() || !part().dataset.record) return;
  const said = part().dataset, place = location.pathname, prefix = "equipoise.infusion:" + place + ":";
  const [arrival] = performance.getEntriesByType("navigation");
  const skew = Number(said.now) - Date.now() + performance.now() - arrival.responseStart;  // the server's clock, from this device's
  const store = prefix + window.randomHex(8), vault = window.vaultOf(said.vault, store, place);
  const AFTER = { start: "running", rate: "running", restart: "running", stop: "stopped", end: "ended" };
  let queue = [], wait = 1000, timer = 0, turn = 0, sending = false, adopted = [], latest = 0;

  // The moment of an entry: now, as the server's clock has it, and never before the entry it follows.
  const moment = () => Math.max(Math.round(Date.now() + skew), Number(part().dataset.last), latest);
  const after = (at) => { latest = Math.max(latest, Number(at)); };

  // --- What the page shows ---
  const tell = (words, kind) => { const at = document.getElementById("sync"); at.textContent = words; at.className = `saved ${kind}`; };
  const state = () => queue.reduce((now, { fields, refused }) => (refused ? now : AFTER[fields.what] || now), part().dataset.state);
  const show = () => {
    const now = state();
    document.querySelectorAll("[data-when]").forEach((each) => { each.hidden = !each.dataset.when.split(" ").includes(now); });
    const list = document.getElementById("queue");
    list.replaceChildren(...queue.map(line));
    list.parentElement.hidden = !queue.length;
  };
  const line = (entry) => {
    const row = document.createElement("li"), at = new Date(Number(entry.fields.at));
    const words = [entry.fields.time || at.toLocaleTimeString([], { hour12: false, timeZone: said.zone }), entry.label, entry.words].filter(Boolean);
    row.textContent = words.join(" · ");
    if (entry.refused) {
      const why = document.createElement("strong"), drop = document.createElement("button");
      why.textContent = ` ${said.refused}: ${entry.refused} `;
      Object.assign(drop, { type: "button", className: "link", textContent: said.letGo });
      drop.addEventListener("click", () => { queue = queue.filter((each) => each !== entry); keep(); show(); });
      row.className = "refused";
      row.append(why, drop);
    }
    return row;
  };
  const keep = () => vault.put(() => queue);

  // --- On its way, one after the other ---
  const send = async () => {
    clearTimeout(timer);
    if (sending) return;
    sending = true;
    let entry, sent = 0, stopped = false;
    while (!stopped && (entry = queue.find((each) => !each.refused))) {
      stopped = !(await one(entry));
      sent += stopped ? 0 : 1;
    }
    sending = false;
    if (sent && !stopped) await refresh();
    show();
  };
  const one = async (entry) => {
    const body = new FormData();
    Object.entries(entry.fields).forEach(([name, value]) => body.append(name, value));
    body.append("csrfmiddlewaretoken", part().querySelector("[name=csrfmiddlewaretoken]").value);
    let answer;
    try { answer = await fetch(said.record, { method: "POST", body, headers: { "HX-Request": "true" } }); } catch { return later(said.inBrowser); }
    if (answer.status === 401 || answer.status === 403) return later(said.waits, false);
    if (answer.status === 422) entry.refused = (await answer.json()).problems.map(([, , message, hint]) => `${message} ${hint}`).join(" ");
    else if (!answer.ok) return later(said.inBrowser);
    else queue = queue.filter((each) => each !== entry);
    wait = 1000;
    if (await keep()) { adopted.forEach((name) => localStorage.removeItem(name)); adopted = []; }
    tell(queue.length ? said.refused : said.sent, queue.length ? "bad" : "ok");
    return true;
  };
  const later = async (words, again = true) => {
    tell((await keep()) ? words : said.onPage, "bad");
    if (again) { wait = Math.min(2 * wait, 15000); timer = setTimeout(send, wait); }
    return false;
  };
  const refresh = async () => {  // the record as the server has it; what is being typed elsewhere on the page stays
    const mine = ++turn;
    let text;
    try { const answer = await fetch(place); text = answer.ok ? await answer.text() : ""; } catch { return; }
    if (!text || mine !== turn) return;  // a later one overtook it
    const fresh = new DOMParser().parseFromString(text, "text/html");
    for (const id of ["log", "status"]) document.getElementById(id).replaceWith(fresh.getElementById(id));
    ["state", "last"].forEach((each) => { part().dataset[each] = fresh.getElementById("infusion").dataset[each]; });
    fresh.querySelectorAll("input[data-follows]").forEach((each) => { document.getElementById(each.id).value = each.value; });
  };

  // --- What is pressed ---
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-queue]")) return;
    event.preventDefault();
    const fields = Object.fromEntries([...new FormData(form)].filter(([name]) => !["csrfmiddlewaretoken", "key"].includes(name)));
    const words = [...form.querySelectorAll("input[type=text]:not([name=time]), input:checked")].map((each) => each.dataset.words || each.value).filter(Boolean);
    queue.push({ fields: { ...fields, key: window.randomHex(16), at: String(moment()) }, label: form.dataset.queue, words: words.join(" · ") });
    after(queue.at(-1).fields.at);
    form.querySelectorAll("input[name=time], input[data-clears]").forEach((each) => { each.value = ""; });
    form.querySelectorAll("input[type=radio]").forEach((each) => { each.checked = false; });
    tell(said.queued, "wait");
    show();
    keep().then(send);
  });
  addEventListener("online", () => { wait = 1000; send(); });
  addEventListener("beforeunload", (event) => { if (queue.length && !localStorage.getItem(store)) event.preventDefault(); });

  // --- A fresh page: what earlier ones left is sent first ---
  (async () => {
    const left = Object.keys(localStorage).filter((name) => name.startsWith(prefix)).sort();
    for (const name of left) {
      const lies = await window.vaultOf(said.vault, name, place).take();
      if (lies.length) { queue = [...lies, ...queue]; adopted.push(name); }
      lies.forEach(({ fields }) => after(fields.at));
    }
    queue.sort((one, other) => Number(one.fields.at) - Number(other.fields.at));
    show();
    if (queue.length) { await keep(); send(); }
  })();
})();
