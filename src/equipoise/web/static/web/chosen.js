// A file that was chosen stays chosen while the form is refused, and the word below says what is true of it: it is
// saved with the form, and kept nowhere before. No draft holds a file.
"use strict";
(() => {
  const inputs = () => [...document.querySelectorAll("#entry input[type=file]")];
  const say = (input) => {
    const place = input.closest(".item").querySelector(".chosen"), [file] = input.files;
    if (!file) { place.hidden = true; return; }
    place.textContent = place.dataset.chosen.replace("{name}", () => file.name);
    place.hidden = false;
  };

  let before = new Map();
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target.id === "form-part") before = new Map(inputs().map(({ name, files }) => [name, files]));
  });
  document.addEventListener("htmx:afterSwap", () => {
    if (document.getElementById("entry").hasAttribute("data-refused")) {
      inputs().filter(({ name }) => before.get(name)?.length).forEach((input) => { input.files = before.get(input.name); say(input); });
    }
    before = new Map();
  });
  document.addEventListener("change", ({ target }) => {  // also of the reason beside it, which takes a file away
    const item = target.closest("#entry .item[id]"), input = item && item.querySelector("input[type=file]");
    if (input) say(input);
  });
})();
