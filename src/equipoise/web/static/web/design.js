// The number beside each slider follows it. Without this script the page shows the numbers it was asked for.
"use strict";
document.addEventListener("input", ({ target }) => {
  if (target.type !== "range") return;
  const shown = document.querySelector(`output[for="${target.id}"]`);
  if (shown) shown.textContent = "hundredths" in target.dataset ? (target.value / 100).toFixed(2) : target.value;
});
