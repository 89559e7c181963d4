// Nothing unmasked stays behind: not when one looks away, not after a while, not in the history of the browser.
const IDLE = 5 * 60 * 1000;

// `forget(idle)` wipes key and contents. Looking away only covers them.
export const keepClean = (forget) => {
  const cover = document.getElementById("cover");
  const hide = (hidden) => {
    cover.hidden = !hidden;
    document.body.classList.toggle("covered", hidden);
  };
  let last = Date.now();
  const awake = () => { last = Date.now(); };
  for (const sign of ["keydown", "pointerdown", "input"]) document.addEventListener(sign, awake);
  setInterval(() => { if (Date.now() - last > IDLE) { awake(); forget(true); } }, 1000);
  addEventListener("blur", () => hide(true));
  document.addEventListener("visibilitychange", () => { if (document.hidden) hide(true); });
  cover.addEventListener("click", () => hide(false));
  addEventListener("pagehide", () => forget(false));
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
};
