// One order: its envelope is opened, the preparation recorded and sealed, the bag released when its time has come.
import { alarm, clone, config, hush, post, put, say, sentence } from "./dom.js";
import { oneDose } from "./dose.js";
import { openEnvelope } from "./envelope.js";
import { newName, sealRecord } from "./register.js";

const place = document.getElementById("order");
let ticking = 0;

export const closeOrder = () => {
  clearInterval(ticking);
  place.replaceChildren();
};

// Open the order of a button. `afterwards` is called when a record was added to the register.
export const openOrder = async (button, key, afterwards) => {
  closeOrder();
  hush();
  const sent = await post(button.dataset.open);
  if (sent === null) return;
  try {
    show(button, sent, openEnvelope(sent, key), afterwards);
  } catch (refusal) {
    if (refusal.code !== "altered") { say(sentence(refusal.code ?? "altered", refusal.places), "stop"); return; }
    alarm(sentence("altered"));
    await post(button.dataset.doubt, new URLSearchParams({ key: newName() }));
  }
};

const show = (button, sent, armId, afterwards) => {
  const arm = config.arms[armId];
  const product = config.products[arm.product];
  const dose = oneDose(arm, product, sent.weight);
  const part = clone("order-template");
  put(part, {
    title: `${button.dataset.subject} · ${button.dataset.label}`, bag: sent.bag, arm: arm.label, product: product.label,
    weight: sent.weight ? `${sent.weight} kg` : "–", quantity: config.quantity, ready: sent.ready,
    steps: product.unit?.steps ?? "", ...doseWords(dose, product),
  });
  const form = part.querySelector("form");
  const order = { button, sent, product: arm.product, form, prepared: sent.prepared, ready: Date.now() + sent.seconds * 1000 };
  form.addEventListener("submit", (event) => { event.preventDefault(); record(order, afterwards); });
  form.querySelector("[data-another]").addEventListener("click", () => addLot(form));
  form.querySelector("[data-release]").addEventListener("click", () => release(order));
  addLot(form, dose?.units);
  place.replaceChildren(part);
  ticking = setInterval(() => tick(order), 1000);
  tick(order);
};

const doseWords = (dose, product) => {
  if (dose === null) return { dose: sentence("no_weight"), units: "–", draw: "–" };
  const none = sentence("not_needed");
  return {
    dose: dose.amount ? `${dose.amount} ${dose.unit}` : none,
    units: sentence("preparation", { units: dose.units, unit: product.unit?.label ?? "" }),
    draw: dose.draw ? `${dose.draw} mL` : none,
  };
};

const addLot = (form, units = "") => {
  const line = clone("lot-template");
  line.querySelector("[name=units]").value = units;
  form.querySelector(".lots tbody").append(line);
};

const tick = ({ form, prepared, ready }) => {
  const left = Math.max(0, ready - Date.now());
  const words = left ? sentence("wait", { minutes: Math.ceil(left / 60000) }) : sentence(prepared ? "ready" : "record_first");
  place.querySelector("[data-put=countdown]").textContent = words;
  form.querySelector("[data-release]").disabled = left > 0 || !prepared;
  if (prepared) form.querySelector("[data-record]")?.remove();
};

const linesOf = (form, product) => [...form.querySelectorAll(".lots tbody tr")].map((line) => {
  const value = (name) => line.querySelector(`[name=${name}]`).value.trim();
  return { product, lot: value("lot"), expiry: value("expiry"), units: Number(value("units")), wasted: Number(value("wasted")) };
});

const record = async (order, afterwards) => {
  const { button, form, sent } = order;
  const said = Object.fromEntries(new FormData(form));
  const lines = linesOf(form, order.product);
  if (said.second.trim().toLowerCase() === config.person.toLowerCase()) { say(sentence("second_is_first"), "stop"); return; }
  if (lines.some(({ expiry }) => expiry < config.today)) { say(sentence("lot_expired"), "stop"); return; }
  const content = {
    kind: "preparation", day: config.today, subject: button.dataset.subject, visit: button.dataset.visit, bag: sent.bag,
    lines, started: said.started, dissolved: said.dissolved, left_over: said.left_over, second: said.second.trim(),
    remark: said.remark.trim(),
  };
  order.prepared = await afterwards(content, sent.bag);
  tick(order);
};

const release = async ({ button, sent }) => {
  if (await post(button.dataset.release, new URLSearchParams({ key: newName() })) === null) return;
  closeOrder();
  button.closest("tr").remove();
  say(sentence("released", { bag: sent.bag }));
};

// Seal a record and hand it to the server: the row that was added, or null.
export const keep = async (content, bag) => {
  const record = newName();
  try {
    const sealed = sealRecord(content, { study: config.study, site: config.site, record, bag }, config.readers);
    return await post(config.records, JSON.stringify({ record, bag, sealed }));
  } catch (refusal) {
    say(sentence(refusal.code ?? "offline"), "stop");
    return null;
  }
};
