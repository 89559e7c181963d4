// One dose of an arm: the amount, the units to open, the volume to draw. Decimals are exact: whole numbers and a scale.
const decimal = (text) => {
  const [whole, part = ""] = text.split(".");
  return { digits: BigInt(whole + part), scale: part.length };
};
const times = (a, b) => ({ digits: a.digits * b.digits, scale: a.scale + b.scale });
const written = ({ digits, scale }) => {
  const text = digits.toString().padStart(scale + 1, "0");
  return scale ? `${text.slice(0, -scale)}.${text.slice(-scale)}` : text;
};

// a / b as a fraction of whole numbers.
const ratio = (a, b) => [a.digits * 10n ** BigInt(b.scale), b.digits * 10n ** BigInt(a.scale)];
const roundedUp = ([top, bottom]) => Number((top + bottom - 1n) / bottom);
const hundredths = ([top, bottom]) => ({ digits: (top * 200n + bottom) / (bottom * 2n), scale: 2 });

// { product, units, amount, unit, draw }; null where the dose goes by a weight that is not known.
export const oneDose = (arm, product, weight) => {
  const { unit } = product;
  const number = unit ? unit.number : 1;
  const plain = { product: arm.product, units: number, amount: null, unit: "", draw: null };
  if (!arm.dose) return plain;
  const byWeight = arm.dose.unit === "mg/kg";
  if (byWeight && !weight) return null;
  const amount = byWeight ? times(decimal(arm.dose.amount), decimal(weight)) : decimal(arm.dose.amount);
  const named = { ...plain, amount: written(amount), unit: byWeight ? "mg" : arm.dose.unit };
  if (!unit || !unit.strength || unit.strength.unit !== named.unit) return named;
  const units = roundedUp(ratio(amount, decimal(unit.strength.amount)));
  const draw = unit.concentration ? written(hundredths(ratio(amount, decimal(unit.concentration.amount)))) : null;
  return { ...named, units, draw };
};
