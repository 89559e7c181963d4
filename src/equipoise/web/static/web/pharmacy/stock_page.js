// Stock: the register as opened with the reader's key, the balance it makes, and new records.
import { alarm, clone, config, row, say, sentence } from "./dom.js";
import { brokenRow, openRecord } from "./register.js";
import { ACCOUNTS, accountability, agrees } from "./stock.js";

const place = document.getElementById("stock");

// Every record of the site as [{ record, row, content }]; alarms for what was altered.
export const readRegister = async (key) => {
  const register = await (await fetch(config.register)).json();
  const broken = brokenRow(register);
  if (broken) alarm(sentence("chain_broken", { number: broken.sequence }));
  return register.rows.flatMap((each) => {
    const where = { study: register.study, site: register.site, record: each.record, bag: each.bag };
    try { return [{ record: each.record, row: each, content: openRecord(each, where, key) }]; }
    catch { alarm(sentence("record_altered", { number: each.sequence })); return []; }
  });
};

export const closeStock = () => place.replaceChildren();

// Show stock and register. `keep(content)` seals a new record.
export const showStock = (entries, keep) => {
  place.replaceChildren(clone("stock-template"));
  const day = document.getElementById("balance-day");
  day.value = config.today;
  day.addEventListener("change", () => showBalance(entries, day.value));
  showBalance(entries, day.value);
  showRegister(entries);
  const form = document.getElementById("movement");
  if (form) prepareForm(form, entries, keep);
};

const showBalance = (entries, day) => {
  const { lots, unread } = accountability(entries, day || undefined);
  document.querySelector("#balance tbody").replaceChildren(...lots.map((lot) => row(
    [config.products[lot.product]?.label ?? lot.product], [lot.lot, "num"], [expiryWords(lot, day), "nowrap"],
    ...ACCOUNTS.map((account) => [String(lot.accounts[account]), "n"]), [countWords(lot), agrees(lot) ? "" : "flag"],
  )));
  document.querySelector("[data-nothing]").hidden = lots.length > 0;
  document.getElementById("lots").replaceChildren(...lots.map(({ lot }) => Object.assign(document.createElement("option"), { value: lot })));
  const numbers = entries.filter(({ record }) => unread.includes(record)).map((entry) => entry.row.sequence);
  if (numbers.length) say(sentence("unread", { number: numbers.join(", ") }), "stop");
};

const expiryWords = ({ expiry, accounts }, day) =>
  expiry && expiry < day && accounts.stock > 0 ? `${expiry} · ${sentence("expired")}` : expiry;
const countWords = (lot) => {
  if (lot.belowZero) return sentence("below_zero");
  if (lot.counted === null) return "–";
  return agrees(lot) ? sentence("agrees") : sentence("count_differs", lot);
};

const showRegister = (entries) => document.querySelector("#register tbody").replaceChildren(
  ...entries.toReversed().map(({ row: each, content }) => row(
    [String(each.sequence), "n"], [String(content.day ?? ""), "nowrap"], [config.kinds[content.kind] ?? String(content.kind)],
    [each.bag, "num"], [(content.lines ?? []).map((line) => `${line.lot} × ${line.units}`).join(", "), "num"],
    [String(content.remark ?? "")], [each.by],
  )));

const prepareForm = (form, entries, keep) => {
  form.product.replaceChildren(...Object.entries(config.products).map(
    ([id, { label }]) => Object.assign(document.createElement("option"), { value: id, textContent: label })));
  form.day.value = config.today;
  const fit = () => form.querySelectorAll("[data-for], [data-not]").forEach((line) => {
    const shown = line.dataset.for ? line.dataset.for.split(" ").includes(form.kind.value) : line.dataset.not !== form.kind.value;
    line.hidden = !shown;
    line.querySelectorAll("input, select").forEach((field) => { field.disabled = !shown; });
  });
  form.kind.addEventListener("change", fit);
  form.addEventListener("submit", (event) => { event.preventDefault(); keep(contentOf(form, entries)); });
  fit();
};

// What a form says, as a record. The number of a record to take back becomes its name.
const contentOf = (form, entries) => {
  const { kind, day, remark, product, lot, units, expiry = "", from, number, lowest, highest, minutes } = Object.fromEntries(new FormData(form));
  const content = { kind, day, remark: remark.trim() };
  if (kind === "correction") {
    return { ...content, of: entries.find((entry) => entry.row.sequence === Number(number))?.record ?? "" };
  }
  const excursion = kind === "excursion" ? { lowest, highest, minutes: Number(minutes) } : {};
  const source = from ? { from } : {};
  return { ...content, ...excursion, ...source, lines: [{ product, lot: lot.trim(), expiry, units: Number(units) }] };
};
