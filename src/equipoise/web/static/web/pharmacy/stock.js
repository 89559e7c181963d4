// Accountability from opened records: every record moves units from one account to another, as in bookkeeping.
export const ACCOUNTS = ["received", "stock", "quarantine", "used", "returned", "destroyed", "lost"];
export const MOVES = {
  receipt: [["units", "received", "stock"]],
  preparation: [["units", "stock", "used"], ["wasted", "stock", "destroyed"]],
  excursion: [["units", "stock", "quarantine"]],
  quarantine: [["units", "stock", "quarantine"]],
  reinstatement: [["units", "quarantine", "stock"]],
  return: [["units", "stock", "returned"]],
  destruction: [["units", "stock", "destroyed"]],
  loss: [["units", "stock", "lost"]],
  count: [],
  correction: [],
};
export const FROM_EITHER = ["return", "destruction", "loss"];

const isWhole = (value) => value === undefined || (Number.isInteger(value) && value >= 0);
const isLine = (line) => line !== null && typeof line === "object" && typeof line.product === "string"
  && typeof line.lot === "string" && isWhole(line.units) && isWhole(line.wasted);
const isUnderstood = ({ kind, day, of = "", lines = [] }) => typeof kind === "string" && Object.hasOwn(MOVES, kind)
  && typeof day === "string" && typeof of === "string" && Array.isArray(lines) && lines.every(isLine);
const emptyLot = ({ product, lot }) => ({
  product, lot, expiry: "", counted: null, expected: null, belowZero: false,
  accounts: Object.fromEntries(ACCOUNTS.map((account) => [account, 0])),
});

const post = (content, line, lot) => {
  lot.expiry = line.expiry || lot.expiry;
  if (content.kind === "count") {
    lot.counted = line.units ?? 0;
    lot.expected = lot.accounts.stock + lot.accounts.quarantine;
  }
  for (const [key, usual, target] of MOVES[content.kind]) {
    const source = FROM_EITHER.includes(content.kind) && content.from === "quarantine" ? "quarantine" : usual;
    const units = line[key] ?? 0;
    lot.accounts[target] += units;
    lot.accounts[source] += source === "received" ? units : -units;
    lot.belowZero ||= lot.accounts[source] < 0;
  }
};

// { lots, unread } at the end of a day, from [{ record, content }] in the order of the register.
export const accountability = (entries, day = "9999-12-31") => {
  const understood = entries.filter(({ content }) => isUnderstood(content));
  const takenBack = new Set(understood.filter(({ content }) => content.kind === "correction").map(({ content }) => content.of));
  const inOrder = understood.toSorted((a, b) => a.content.day < b.content.day ? -1 : a.content.day > b.content.day ? 1 : 0);
  const lots = new Map();
  for (const { record, content } of inOrder) {
    if (takenBack.has(record) || content.day > day) continue;
    for (const line of content.lines ?? []) {
      const name = JSON.stringify([line.product, line.lot]);
      if (!lots.has(name)) lots.set(name, emptyLot(line));
      post(content, line, lots.get(name));
    }
  }
  const unread = entries.filter(({ content }) => !isUnderstood(content)).map(({ record }) => record);
  const byName = (a, b) => a.product < b.product ? -1 : a.product > b.product ? 1 : a.lot < b.lot ? -1 : 1;
  return { lots: [...lots.values()].sort(byName), unread };
};

export const agrees = (lot) => !lot.belowZero && lot.counted === lot.expected;
