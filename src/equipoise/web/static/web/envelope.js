// Opening one envelope in this browser, from the card's secret and the release: what is in it never reaches a server.
import { blake2b, bytes, Refusal, unlock, unpadded } from "./pharmacy/sodium.js";

// The arm in one envelope; null if card and release are not this envelope's.
export const opened = (card, release, slot) => {
  try {
    const bound = bytes(slot.breakContext);
    const breaking = blake2b(bound, Uint8Array.from([...card, ...release]), "equipoise.break1");
    const padded = unlock(slot.envelope, unlock(slot.codeBreak, breaking, bound), bytes(slot.context));
    const payload = JSON.parse(new TextDecoder().decode(unpadded(padded)));
    return payload.slot === slot.label ? payload.arm : null;
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
};
