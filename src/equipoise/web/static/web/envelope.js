// Opening one envelope in this browser, from the card's secret and the release: what is in it never reaches a server.
// BLAKE2b with key and personalisation (RFC 7693), XChaCha20-Poly1305 (RFC 8439, draft-irtf-cfrg-xchacha-03), the codes
// of the cards. Only opening is here; tests compare every part with libsodium.

const M64 = (1n << 64n) - 1n;
const IV = [
  0x6a09e667f3bcc908n, 0xbb67ae8584caa73bn, 0x3c6ef372fe94f82bn, 0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n, 0x9b05688c2b3e6c1fn, 0x1f83d9abfb41bd6bn, 0x5be0cd19137e2179n,
];
const SIGMA = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4], [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13], [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11], [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5], [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];
const littleEndian = (bytes) => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
const bytesOf = (number, length) => Uint8Array.from({ length }, (_, at) => Number((number >> BigInt(8 * at)) & 255n));
const joined = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
const rotated = (word, by) => ((word >> BigInt(by)) | (word << BigInt(64 - by))) & M64;

const compressed = (state, block, counted, last) => {
  const words = Array.from({ length: 16 }, (_, at) => littleEndian(block.subarray(8 * at, 8 * at + 8)));
  const v = [...state, ...IV];
  v[12] ^= BigInt(counted);
  if (last) v[14] ^= M64;
  const mix = (a, b, c, d, x, y) => {
    v[a] = (v[a] + v[b] + x) & M64; v[d] = rotated(v[d] ^ v[a], 32);
    v[c] = (v[c] + v[d]) & M64; v[b] = rotated(v[b] ^ v[c], 24);
    v[a] = (v[a] + v[b] + y) & M64; v[d] = rotated(v[d] ^ v[a], 16);
    v[c] = (v[c] + v[d]) & M64; v[b] = rotated(v[b] ^ v[c], 63);
  };
  for (let round = 0; round < 12; round += 1) {
    const s = SIGMA[round % 10].map((at) => words[at]);
    mix(0, 4, 8, 12, s[0], s[1]); mix(1, 5, 9, 13, s[2], s[3]); mix(2, 6, 10, 14, s[4], s[5]); mix(3, 7, 11, 15, s[6], s[7]);
    mix(0, 5, 10, 15, s[8], s[9]); mix(1, 6, 11, 12, s[10], s[11]); mix(2, 7, 8, 13, s[12], s[13]); mix(3, 4, 9, 14, s[14], s[15]);
  }
  return state.map((word, at) => word ^ v[at] ^ v[at + 8]);
};

export const blake2b = (message, key, person) => {
  const padded = new Uint8Array(128);
  padded.set(key);
  const all = key.length ? joined(padded, message) : message;
  let state = [...IV];
  state[0] ^= 0x01010020n ^ (BigInt(key.length) << 8n);
  state[6] ^= littleEndian(person.subarray(0, 8));
  state[7] ^= littleEndian(person.subarray(8, 16));
  const blocks = Math.max(1, Math.ceil(all.length / 128));
  for (let at = 0; at < blocks; at += 1) {
    const block = new Uint8Array(128);
    block.set(all.subarray(128 * at, 128 * at + 128));
    state = compressed(state, block, Math.min(128 * at + 128, all.length), at === blocks - 1);
  }
  return joined(...state.map((word) => bytesOf(word, 8))).subarray(0, 32);
};

const words32 = (bytes) => Array.from({ length: bytes.length / 4 }, (_, at) => Number(littleEndian(bytes.subarray(4 * at, 4 * at + 4))));
const unwords32 = (words) => joined(...words.map((word) => bytesOf(BigInt(word >>> 0), 4)));
const CONSTANTS = words32(new TextEncoder().encode("expand 32-byte k"));

const doubleRounds = (start) => {
  const x = Int32Array.from(start);
  const turn = (word, by) => (word << by) | (word >>> (32 - by));
  const quarter = (a, b, c, d) => {
    x[a] += x[b]; x[d] = turn(x[d] ^ x[a], 16); x[c] += x[d]; x[b] = turn(x[b] ^ x[c], 12);
    x[a] += x[b]; x[d] = turn(x[d] ^ x[a], 8); x[c] += x[d]; x[b] = turn(x[b] ^ x[c], 7);
  };
  for (let round = 0; round < 10; round += 1) {
    quarter(0, 4, 8, 12); quarter(1, 5, 9, 13); quarter(2, 6, 10, 14); quarter(3, 7, 11, 15);
    quarter(0, 5, 10, 15); quarter(1, 6, 11, 12); quarter(2, 7, 8, 13); quarter(3, 4, 9, 14);
  }
  return x;
};

const subkey = (key, nonce) => {
  const x = doubleRounds([...CONSTANTS, ...words32(key), ...words32(nonce)]);
  return unwords32([...x.subarray(0, 4), ...x.subarray(12, 16)]);
};

const keyBlock = (key, counter, nonce) => {
  const start = [...CONSTANTS, ...words32(key), counter, ...words32(nonce)];
  return unwords32([...doubleRounds(start)].map((word, at) => word + start[at]));
};

const poly1305 = (message, key) => {
  const r = littleEndian(key.subarray(0, 16)) & 0x0ffffffc0ffffffc0ffffffc0fffffffn;
  let sum = 0n;
  for (let at = 0; at < message.length; at += 16) {
    sum = ((sum + littleEndian(joined(message.subarray(at, at + 16), [1]))) * r) % ((1n << 130n) - 5n);
  }
  return bytesOf((sum + littleEndian(key.subarray(16, 32))) & ((1n << 128n) - 1n), 16);
};

const filled = (bytes) => joined(bytes, new Uint8Array((16 - (bytes.length % 16)) % 16));

// What was locked (nonce, ciphertext, tag) under a key, bound to a context; null if a single bit is another.
export const unlocked = (locked, key, context) => {
  const body = locked.subarray(24, locked.length - 16);
  const own = subkey(key, locked.subarray(0, 16));
  const nonce = joined(new Uint8Array(4), locked.subarray(16, 24));
  const lengths = joined(bytesOf(BigInt(context.length), 8), bytesOf(BigInt(body.length), 8));
  const tag = poly1305(joined(filled(context), filled(body), lengths), keyBlock(own, 0, nonce).subarray(0, 32));
  if (tag.some((byte, at) => byte !== locked[locked.length - 16 + at])) return null;
  return body.map((byte, at) => byte ^ stream(own, nonce, at));
};

const kept = { key: null, at: -1, block: null };
const stream = (key, nonce, place) => {
  const at = Math.floor(place / 64);
  if (kept.key !== key || kept.at !== at) Object.assign(kept, { key, at, block: keyBlock(key, at + 1, nonce) });
  return kept.block[place % 64];
};

// --- The codes: 30 characters of base 32, the last four the check of a Reed-Solomon code over GF(32) ---

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const POWERS = [1];
for (let n = 1; n < 31; n += 1) POWERS.push((POWERS[n - 1] << 1) & 32 ? (POWERS[n - 1] << 1) ^ 37 : POWERS[n - 1] << 1);
const times = (a, b) => (a && b ? POWERS[(POWERS.indexOf(a) + POWERS.indexOf(b)) % 31] : 0);
const plainly = (typed) => typed.slice(typed.lastIndexOf(":") + 1).normalize("NFKC").toUpperCase().replace(/[\s-]/g, "")
  .replace(/O/g, "0").replace(/[IL]/g, "1");

export const grouped = (typed) => (plainly(typed).match(/.{1,5}/gu) || []).join("-");

// The 16 bytes of a code of a kind (0 is a card, 1 a release), or what is wrong with it and where.
export const read = (typed, kind) => {
  const plain = [...plainly(typed)];
  if (plain.length !== 30) return { fault: "length", given: plain.length };
  const values = plain.map((character) => ALPHABET.indexOf(character));
  if (values.includes(-1)) return { fault: "place", place: values.indexOf(-1) };
  const syndromes = [1, 2, 3, 4].map((n) => values.reduce((sum, value) => times(sum, POWERS[n]) ^ value, 0));
  if (syndromes.some(Boolean)) {
    const found = values.findIndex((_, place) => syndromes[0] && [0, 1, 2].every(
      (n) => times(syndromes[n], POWERS[29 - place]) === syndromes[n + 1]));
    return found < 0 ? { fault: "several" } : { fault: "place", place: found };
  }
  const number = values.slice(0, 26).reduce((sum, value) => (sum << 5n) | BigInt(value), 0n);
  if (number >> 128n !== BigInt(kind)) return { fault: "kind" };
  return { secret: bytesOf(number & ((1n << 128n) - 1n), 16).reverse() };
};

// The arm in one envelope; null if card and release are not this envelope's.
export const opened = (card, release, slot) => {
  const text = new TextEncoder();
  const bound = text.encode(slot.breakContext);
  const breaking = blake2b(bound, joined(card, release), text.encode("equipoise.break1"));
  const key = unlocked(slot.codeBreak, breaking, bound);
  const padded = key && unlocked(slot.envelope, key, text.encode(slot.context));
  if (!padded) return null;
  const payload = JSON.parse(new TextDecoder().decode(padded.subarray(0, padded.lastIndexOf(128))));
  return payload.slot === slot.label ? payload.arm : null;
};
