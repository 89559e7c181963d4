// One released envelope, opened on this page: the private key and the arm never leave it.
import { canonical } from "./canonical.js";
import { blake2b, fromBase64, openOr, padded, Refusal, sha256, sodium, toHex, unlock, unpadded } from "./sodium.js";

const PAYLOAD_BYTES = 256;

// The arm in an envelope. `sent` is what the server handed out: context, slot, share and the recipients' public keys.
// A key the list was not sealed for is `not_a_recipient`; everything else that does not open is `altered`.
export const openEnvelope = (sent, key) => {
  const { context, slot, keys, share } = sent;
  if (keys[key.recipient] !== toHex(key.publicKey)) throw new Refusal("not_a_recipient");
  return openOr("altered", () => {
    const first = sodium.crypto_box_seal_open(fromBase64(slot.wraps[key.recipient]), key.publicKey, key.privateKey);
    const second = fromBase64(share);
    const bound = canonical(["equipoise.envelope.1", context.study, context.version, context.demo, slot.label]);
    const dataKey = blake2b(bound, first.map((byte, place) => byte ^ second[place]), "equipoise.slot.1");
    const filled = unlock(fromBase64(slot.ciphertext), dataKey, bound);
    const payload = JSON.parse(new TextDecoder().decode(unpadded(filled)));
    const text = canonical(payload);
    const whole = sodium.memcmp(padded(text, PAYLOAD_BYTES), filled);
    if (!whole || payload.slot !== slot.label || rootOf(text, slot.proof) !== context.commitment) throw new Refusal("altered");
    return payload.arm;
  });
};

// The Merkle root that the proof leads to from a slot's text (RFC 6962, section 2.1).
const rootOf = (text, proof) => toHex(proof.reduce((reached, [side, neighbour]) => {
  const other = fromBase64(neighbour);
  return sha256(Uint8Array.from([1, ...(side === "left" ? [...other, ...reached] : [...reached, ...other])]));
}, sha256(Uint8Array.from([0, ...text]))));
