// The code break: reads the card's code, says where a slip is, opens the envelope here, and shows it once.
import { grouped, read } from "./codes.js";

const opening = import("./envelope.js");  // libsodium is on its way while the card is typed

const once = document.getElementById("once");
const given = { ...once.dataset };
const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
const card = document.getElementById("card");
const says = document.getElementById("card-says");

// Nothing of this stays: not for a reload, not for the way back, not for whoever comes next to this screen.
for (const name of Object.keys(given)) delete once.dataset[name];
history.replaceState(null, "", given.record);
window.addEventListener("pagehide", () => once.replaceChildren());
window.addEventListener("pageshow", (event) => { if (event.persisted) location.replace(given.record); });

const say = (fault, places = {}) => {
  const words = says.dataset[fault] || "";
  says.textContent = words.replace(/\{(\w+)\}/g, (_, name) => places[name]);
  card.setAttribute("aria-invalid", String(!["ready", "length", ""].includes(fault)));
};
const look = () => {
  const found = read(card.value, 0);
  if (found.secret) say("ready");
  else say(found.fault, { given: found.given, group: Math.floor(found.place / 5) + 1, character: (found.place % 5) + 1 });
  return found.secret;
};

const open = async () => {
  const secret = look();
  if (!secret) return card.focus();
  const slot = {
    label: given.label, envelope: bytes(given.envelope), codeBreak: bytes(given.codeBreak),
    context: given.context, breakContext: given.breakContext,
  };
  const { opened } = await opening;
  const arm = opened(secret, read(given.release, 1).secret, slot);
  if (arm === null) return say("other");
  const [name, product] = JSON.parse(given.arms)[arm];
  document.getElementById("asking").remove();
  document.getElementById("arm").textContent = name;
  document.getElementById("product").textContent = product;
  const shown = document.getElementById("shown");
  shown.hidden = false;
  shown.focus();
  document.getElementById("hide").addEventListener("click", () => location.replace(given.record));
};

if (card) {
  card.addEventListener("input", (event) => {
    if (!event.isComposing) {
      const atEnd = card.selectionStart === card.value.length;
      if (atEnd && !card.value.endsWith("-")) card.value = grouped(card.value);
      look();
    }
  });
  card.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.isComposing) open(); });
  const button = document.getElementById("open");
  button.addEventListener("click", open);
  button.disabled = false;  // it was until somebody listens
  if (card.value) look();  // typed before this script was there
}
