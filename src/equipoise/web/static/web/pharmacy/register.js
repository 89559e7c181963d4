// The pharmacy's register: records are sealed and opened here. The server keeps boxes that do not differ in anything.
import { canonical } from "./canonical.js";
import { fromBase64, fromHex, lock, openOr, padded, Refusal, sha256, sodium, toBase64, toHex, unlock, unpadded } from "./sodium.js";

const RECORD_BYTES = 4096;
const boundTo = (place) => canonical(["equipoise.pharmacy-record.1", place.study, place.site, place.record, place.bag]);

export const newName = () => toHex(sodium.randombytes_buf(16));

// A record sealed for its readers ({ recipient: public key }), bound to its place.
export const sealRecord = (content, place, readers) => {
  const key = sodium.randombytes_buf(32);
  const wraps = Object.fromEntries(Object.entries(readers).map(
    ([name, publicKey]) => [name, toBase64(sodium.crypto_box_seal(key, fromHex(publicKey)))]));
  return { box: toBase64(lock(padded(canonical(content), RECORD_BYTES), key, boundTo(place))), wraps };
};

// What a record says. Refuses a key it was not sealed for, and a record that was altered or moved.
export const openRecord = (sealed, place, key) => {
  const wrapped = sealed.wraps[key.recipient];
  const dataKey = openOr("not_a_recipient", () =>
    sodium.crypto_box_seal_open(fromBase64(wrapped), key.publicKey, key.privateKey));
  return openOr("altered", () => {
    const content = JSON.parse(new TextDecoder().decode(unpadded(unlock(fromBase64(sealed.box), dataKey, boundTo(place)))));
    if (content === null || typeof content !== "object" || Array.isArray(content)) throw new Refusal("altered");
    return content;
  });
};

const digest = (text) => toHex(sha256(fromBase64(text)));
const hashOf = (study, site, row, previous) => toHex(sha256(canonical({
  study, site, record: row.record, bag: row.bag, sequence: row.sequence, at: row.at, by: row.by, role: row.role,
  previous, box: digest(row.box),
  wraps: Object.fromEntries(Object.entries(row.wraps).map(([name, wrap]) => [name, digest(wrap)])),
})));

// The first row of a register that does not follow the one before as it was written; undefined if all do.
export const brokenRow = ({ study, site, rows }) => {
  let previous = "";
  return rows.find((row, place) => {
    const follows = row.sequence === place + 1 && row.previous === previous && row.hash === hashOf(study, site, row, previous);
    previous = row.hash;
    return !follows;
  });
};
