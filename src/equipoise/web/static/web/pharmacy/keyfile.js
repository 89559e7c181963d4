// A private key's file, opened with its passphrase on this page. The key stays in the memory of the page.
import { canonical } from "./canonical.js";
import { bytes, fromHex, openOr, Refusal, sodium, toHex, unlock } from "./sodium.js";

const FORMAT = "equipoise.private-key.2";
const MOST_PASSES = 4;
const MOST_MEMORY = 2 ** 30;

// Our format, and not more work than ours: a file must not stop the browser.
const isHeading = (heading) => heading.format === FORMAT
  && typeof heading.role === "string" && typeof heading.holder === "string" && typeof heading.demo === "boolean"
  && heading.passes >= 1 && heading.passes <= MOST_PASSES && heading.memory >= 8192 && heading.memory <= MOST_MEMORY;

// { recipient, publicKey, privateKey } of a key file. Refuses what is none, and another passphrase.
export const openKeyFile = (text, passphrase) => {
  const { heading, secret } = openOr("no_key_file", () => {
    const { secret, ...heading } = JSON.parse(text);
    if (!isHeading(heading)) throw new Refusal("no_key_file");
    return { heading, secret: fromHex(secret) };
  });
  const key = openOr("no_key_file", () => sodium.crypto_pwhash(
    32, bytes(passphrase.normalize("NFKC")), fromHex(heading.salt), heading.passes, heading.memory,
    sodium.crypto_pwhash_ALG_ARGON2ID13,
  ));
  const privateKey = openOr("wrong_passphrase", () => unlockSecret(secret, key, heading));
  const publicKey = sodium.crypto_scalarmult_base(privateKey);
  if (toHex(publicKey) !== heading.public) throw new Refusal("no_key_file");
  return { recipient: heading.holder ? `${heading.role}/${heading.holder}` : heading.role, publicKey, privateKey };
};

const unlockSecret = (secret, key, heading) => {
  try { return unlock(secret, key, canonical(heading)); } catch { throw new Refusal("wrong_passphrase"); }
};
