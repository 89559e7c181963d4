// The pharmacist's workspace. The key lives in this module's memory and nowhere else.
import { config, hush, say, sentence } from "./dom.js";
import { refuseOtherSite } from "./envelope.js";
import { keepClean } from "./hygiene.js";
import { openKeyFile } from "./keyfile.js";
import { closeOrder, keep, openOrder } from "./orders.js";
import { sodium, Refusal, toHex } from "./sodium.js";
import { closeStock, readRegister, showStock } from "./stock_page.js";

const form = document.getElementById("key-form");
const state = document.getElementById("key-state");
const tell = (text, look) => { state.textContent = text; state.className = `saved ${look}`; };
let key = null;

const forget = (idle) => {
  const held = key !== null;
  if (held) sodium.memzero(key.privateKey);
  key = null;
  form.reset();
  form.hidden = false;
  closeOrder();
  closeStock();
  hush();
  tell(held && idle ? sentence("idle") : "", "wait");
};

const refresh = async () => {
  const entries = await readRegister(key).catch(() => null);
  if (entries === null) say(sentence("offline"), "stop");
  else if (key !== null) showStock(entries, (content) => record(content, ""));
};

// Seal a record, say so, and show the register with it; whether it was kept.
const record = async (content, bag) => {
  const added = await keep(content, bag);
  if (added === null) return false;
  await refresh();
  say(sentence("recorded", { number: added.sequence }));
  return true;
};

const openKey = async () => {
  const file = await document.getElementById("key-file").files[0].text();
  const passphrase = document.getElementById("passphrase").value;
  tell(sentence("opening"), "wait");
  await new Promise((painted) => setTimeout(painted, 50));
  try {
    const opened = openKeyFile(file, passphrase);
    refuseOtherSite(config, opened);
    if (config.readers[opened.recipient] !== toHex(opened.publicKey)) throw new Refusal("not_a_recipient");
    key = opened;
  } catch (refusal) {
    tell(sentence(refusal.code ?? "no_key_file", refusal.places), "bad");
    return;
  }
  form.reset();
  form.hidden = true;
  tell(`✓ ${sentence("opened")}: ${key.recipient}`, "ok");
  await refresh();
};

form.addEventListener("submit", (event) => { event.preventDefault(); openKey(); });
for (const button of document.querySelectorAll("[data-order]")) {
  button.addEventListener("click", () => key === null ? say(sentence("key_first"), "stop") : openOrder(button, key, record));
}
keepClean(forget);
document.getElementById("workspace").dataset.ready = "yes";
