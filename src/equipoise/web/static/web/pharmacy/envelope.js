// One released envelope, opened on this page: the private key and the arm never leave it.
import { canonical } from "./canonical.js";
import { blake2b, fromBase64, openOr, padded, Refusal, sha256, sodium, toHex, unlock, unpadded } from "./sodium.js";

const PAYLOAD_BYTES = 256;

// The arm in an envelope. `sent` is what the server handed out: context, slot, share, the recipients' public keys, the
// sites that some of them are bound to, and the participant's site. A key the list was not sealed for is
// `not_a_recipient`; one bound to another site cannot open the envelope, which is `other_site`; everything else that
// does not open is `altered`.
export const openEnvelope = (sent, key) => {
  if (sent.keys[key.recipient] !== toHex(key.publicKey)) throw new Refusal("not_a_recipient");
  try {
    return armIn(sent, key);
  } catch (refusal) {
    refuseOtherSite(sent, key);
    throw refusal;
  }
};

// Refuse a key that is bound to another site than this one. `sites` has the site of each recipient bound to one.
export const refuseOtherSite = ({ sites, site }, key) => {
  const own = sites[key.recipient] ?? site;
  if (own !== site) throw new Refusal("other_site", { site: own });
};

const armIn = ({ context, slot, share }, key) => openOr("altered", () => {
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

// The Merkle root that the proof leads to from a slot's text (RFC 6962, section 2.1).
const rootOf = (text, proof) => toHex(proof.reduce((reached, [side, neighbour]) => {
  const other = fromBase64(neighbour);
  return sha256(Uint8Array.from([1, ...(side === "left" ? [...other, ...reached] : [...reached, ...other])]));
}, sha256(Uint8Array.from([0, ...text]))));
