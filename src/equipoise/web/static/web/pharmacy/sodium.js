// libsodium, ready to use. Everything that opens or seals in the browser goes through here.
import sodium, { libsodium } from "./libsodium/libsodium-wrappers.mjs";

await sodium.ready;

export { sodium };

// Why something was not opened. `code` is one of no_key_file, wrong_passphrase, not_a_recipient, other_site, altered,
// too_long; `places` fill its sentence.
export class Refusal extends Error {
  constructor(code, places = {}) { super(code); this.code = code; this.places = places; }
}

export const bytes = (text) => new TextEncoder().encode(text);
export const fromBase64 = (text) => sodium.from_base64(text, sodium.base64_variants.ORIGINAL);
export const toBase64 = (value) => sodium.to_base64(value, sodium.base64_variants.ORIGINAL);
export const toHex = (value) => sodium.to_hex(value);
export const fromHex = (text) => sodium.from_hex(text);
export const sha256 = (value) => sodium.crypto_hash_sha256(value);

// What `open` gives, or a refusal where libsodium refuses or what it got makes no sense.
export const openOr = (code, open) => {
  try { return open(); } catch (error) { throw error instanceof Refusal ? error : new Refusal(code); }
};

// Keyed BLAKE2b-256 with a personal string. The wrapper's function of this name takes no message, so the C function
// is called: pointers into its memory, and a length in two halves.
export const blake2b = (message, key, personal) => {
  const put = (value) => {
    const place = libsodium._malloc(value.length);
    libsodium.HEAPU8.set(value, place);
    return place;
  };
  const places = [new Uint8Array(32), message, key, bytes(personal)].map(put);
  const [out, input, keyed, person] = places;
  libsodium._crypto_generichash_blake2b_salt_personal(out, 32, input, message.length, 0, keyed, key.length, 0, person);
  const digest = libsodium.HEAPU8.slice(out, out + 32);
  libsodium.HEAPU8.fill(0, keyed, keyed + key.length);
  places.forEach((place) => libsodium._free(place));
  return digest;
};

// The message of a lock (nonce, then XChaCha20-Poly1305), or a refusal.
export const unlock = (locked, key, context) => openOr("altered", () =>
  sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, locked.slice(24), context, locked.slice(0, 24), key));

export const lock = (message, key, context) => {
  const nonce = sodium.randombytes_buf(24);
  const text = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(message, context, null, nonce, key);
  return Uint8Array.from([...nonce, ...text]);
};

// Filled up to a size: the text, 0x80, zeros (ISO/IEC 7816-4); and back.
export const padded = (text, size) => {
  if (text.length >= size) throw new Refusal("too_long");
  const filled = new Uint8Array(size);
  filled.set(text);
  filled[text.length] = 0x80;
  return filled;
};
export const unpadded = (filled) => filled.slice(0, filled.lastIndexOf(0x80));
