// Canonical JSON (RFC 8785) of values without fractions: the bytes that locks are bound to and hashes are made of.
import { bytes } from "./sodium.js";

const written = (value) => {
  if (Array.isArray(value)) return `[${value.map(written).join(",")}]`;
  if (value !== null && typeof value === "object") {
    return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${written(value[key])}`).join(",")}}`;
  }
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new TypeError("a number with a fraction");
  return JSON.stringify(value);
};

export const canonical = (value) => bytes(written(value));
