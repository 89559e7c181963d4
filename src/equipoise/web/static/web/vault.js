// What cannot be sent lies in this browser sealed, under a key that only its writer is given (AES-256-GCM).
// vaultOf(secret, store, place): `put` takes a function that gives what is left, `take` gives what lies there.
// randomHex(bytes) names what is sent once.
"use strict";
window.randomHex = (bytes) => [...crypto.getRandomValues(new Uint8Array(bytes))].map((b) => b.toString(16).padStart(2, "0")).join("");
window.vaultOf = (secret, store, place) => {
  const key = (async () => {
    if (!secret || !window.isSecureContext) return null;
    const bytes = Uint8Array.from(atob(secret), (sign) => sign.charCodeAt(0));
    return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  })();
  const bound = (nonce) => ({ name: "AES-GCM", iv: nonce, additionalData: new TextEncoder().encode(place) });
  let sealing = Promise.resolve(false);
  const put = (left) => (sealing = sealing.then(async () => {
    const opener = await key, rest = left();
    if (!opener) return false;
    if (!rest.length) { localStorage.removeItem(store); return true; }
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const box = await crypto.subtle.encrypt(bound(nonce), opener, new TextEncoder().encode(JSON.stringify(rest)));
    localStorage.setItem(store, JSON.stringify([[...nonce], [...new Uint8Array(box)]]));
    return true;
  }).catch(() => false));
  const take = async () => {
    const opener = await key, lies = localStorage.getItem(store);
    if (!opener || !lies) return [];
    try {
      const [nonce, box] = JSON.parse(lies).map((part) => new Uint8Array(part));
      return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(bound(nonce), opener, box)));
    } catch { return []; }  // somebody else's: it stays for them
  };
  return { put, take };
};
