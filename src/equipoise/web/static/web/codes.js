// The codes of cards and releases: 30 characters of base 32, the last four the check of a Reed-Solomon code over GF(32).
const bytesOf = (number, length) => Uint8Array.from({ length }, (_, at) => Number((number >> BigInt(8 * at)) & 255n));
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
