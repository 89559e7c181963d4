// The form by keyboard, questions that come and go, and an honest word about what is saved. What is typed and not
// saved yet is kept by draft.js.
// Without this script the form still works: every question that may apply is shown, and Save posts the page.
"use strict";
window.noAnswers = new Set(["key", "after", "csrfmiddlewaretoken", "reason", "rest", "rest_reason"]);  // the form's, not the participant's
(() => {
  const form = () => document.getElementById("entry");
  const writable = () => form() && form().hasAttribute("hx-post");
  const status = () => document.getElementById("saved");
  const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let kept = "";
  let asking = 0;

  const content = () => {
    const data = new FormData(form());
    window.noAnswers.forEach((name) => data.delete(name));
    return new URLSearchParams([...data].map(([name, value]) => [name, value instanceof File ? value.name : value])).toString();
  };
  const changed = () => writable() && content() !== kept;
  const tell = (words, kind) => {
    const place = status();
    if (!place) return;
    place.textContent = words;
    place.className = `saved ${kind}`;
  };

  // --- What is asked ---
  const ask = async () => {
    const mine = ++asking;
    const address = form().dataset.asked;
    const typed = new FormData(form());
    form().querySelectorAll("input[type=file]").forEach(({ name }) => typed.delete(name));  // no file opens a question
    let answer;
    try {
      answer = await fetch(address, { method: "POST", body: typed, headers: { "HX-Request": "true" } });
    } catch { return; }
    if (!answer.ok || mine !== asking) return;
    const { asked, converted } = await answer.json();
    Object.entries(converted).forEach(([item, words]) => { document.getElementById("own-unit-" + item).textContent = words; });
    document.querySelectorAll("#entry .item[id]").forEach((item) => {
      const show = asked.includes(item.id.slice("item-".length));
      if (item.hidden === show && !item.querySelector('[aria-invalid="true"]')) item.hidden = !show;
    });
  };

  // --- Moving ---
  const controls = () => [...form().querySelectorAll(".item[id]:not([hidden])")].map(first).filter(Boolean);
  const first = (item) => item.querySelector(".seg input:checked, .answer input:not([type=radio]), .answer select, .answer textarea") || item.querySelector(".seg input");
  const next = (control) => {
    const all = controls();
    const place = all.findIndex((other) => other.closest(".item") === control.closest(".item"));
    const to = all[place + 1] || document.getElementById("save");
    if (to) { to.focus(); to.scrollIntoView({ block: "nearest", behavior: reduced ? "auto" : "smooth" }); }
  };
  const choose = (radio) => {
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    next(radio);
  };

  const miss = (item, digit) => {  // Alt and a digit say why there is no answer; Alt+0 takes that back
    const why = item.querySelector(".why-missing"), place = Number(digit);
    if (!why || place >= why.options.length) return false;
    why.selectedIndex = place;
    if (place) item.querySelectorAll(".answer input:not([type=radio]), .answer textarea, .answer select:not(.in-unit)").forEach((control) => { control.value = ""; });
    const none = item.querySelector('.seg input[value=""]');
    if (place && none) none.checked = true;
    why.dispatchEvent(new Event("change", { bubbles: true }));
    if (place) next(why);
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (!writable() || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form().requestSubmit(document.getElementById("save"));
      return;
    }
    const target = event.target;
    if (event.key === "Enter" && target.form === form() && target.matches("input")) { event.preventDefault(); next(target); return; }
    const item = target.closest(".item[id]");
    if (!item) return;
    if (event.altKey && !event.ctrlKey && !event.metaKey && /^Digit[0-9]$/.test(event.code)) { if (miss(item, event.code.slice(5))) event.preventDefault(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.matches(".seg input")) {
      const key = event.key === "Delete" ? "Backspace" : event.key.toUpperCase() === event.key.toLowerCase() ? event.key : event.key.length === 1 ? event.key.toUpperCase() : event.key;
      const radio = [...item.querySelectorAll(".seg input")].find((each) => each.dataset.key === key);
      if (radio) { event.preventDefault(); choose(radio); return; }
    }
    if (event.key === "?" && target.matches(".seg input, .answer select")) { event.preventDefault(); item.querySelector(".why-missing").focus(); }
  });

  // --- What is saved ---
  document.addEventListener("input", (event) => {
    if (writable() && event.target.form === form()) tell(changed() ? form().dataset.unsaved : "", "wait");
  });
  document.addEventListener("change", (event) => {
    if (!writable() || event.target.form !== form()) return;
    if (event.target.matches(".why-missing")) event.target.classList.toggle("set", event.target.value !== "");
    tell(changed() ? form().dataset.unsaved : "", "wait");
    ask();
  });
  document.addEventListener("htmx:beforeRequest", (event) => { if (event.target === form()) tell(form().dataset.saving, "wait"); });
  const failed = (event) => {
    if (event.target !== form()) return;
    const code = event.detail.xhr ? event.detail.xhr.status : 0;
    tell(code === 401 || code === 403 ? form().dataset.signedOut : form().dataset.failed, "bad");
  };
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:timeout", failed);
  document.addEventListener("htmx:responseError", failed);

  // --- A fresh form ---
  const settle = () => {
    if (!writable()) return;
    kept = form().hasAttribute("data-refused") ? "" : content();
    const wrong = document.querySelector("#entry [aria-invalid=true]");
    if (wrong) (wrong.matches(".seg") ? wrong.querySelector("input") : wrong).focus();
    else if (document.getElementById("problems")) document.getElementById("problems").focus();
  };
  document.addEventListener("htmx:afterSettle", (event) => { if (event.target.id === "form-part") settle(); });
  settle();
  if (location.hash.startsWith("#item-")) {
    const item = document.getElementById(location.hash.slice(1));
    if (item && first(item)) first(item).focus();
  }
})();
