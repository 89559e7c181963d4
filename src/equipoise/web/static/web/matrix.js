// The matrix by keyboard: arrows walk the cells, "/" finds a subject. Without this script everything is still a link.
"use strict";
(() => {
  const box = document.getElementById("matrix");
  const find = document.getElementById("find");
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.matches("input, select, textarea")) {
      event.preventDefault();
      find.focus();
      find.select();
    }
  });
  const site = document.getElementById("site");
  if (site) site.addEventListener("change", () => site.form.requestSubmit());
  if (!box) return;

  const heads = [...box.querySelectorAll("thead abbr")].map((head) => head.title);
  const rows = () => [...box.querySelectorAll("tbody tr:not([hidden])")];
  const cells = (row) => [...row.querySelectorAll("a")];
  box.querySelectorAll("tbody a").forEach((link) => { link.tabIndex = -1; });
  box.removeAttribute("tabindex");
  const first = box.querySelector("tbody a");
  if (first) first.tabIndex = 0;

  const name = (link) => {
    const row = link.closest("tr");
    const place = cells(row).indexOf(link);
    const code = cells(row)[0].textContent;
    return place ? `${code} · ${heads[place - 1]} · ${link.textContent}` : code;
  };
  const say = (event) => {
    const link = event.target.closest("tbody a.c");
    if (link && !link.title) { link.title = name(link); link.setAttribute("aria-label", link.title); }
  };
  box.addEventListener("mouseover", say);
  box.addEventListener("focusin", say);

  const go = (link) => {
    box.querySelectorAll('tbody a[tabindex="0"]').forEach((other) => { other.tabIndex = -1; });
    link.tabIndex = 0;
    link.focus();
  };
  box.addEventListener("keydown", (event) => {
    const link = event.target.closest("tbody a");
    if (!link || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = rows();
    const row = link.closest("tr");
    const down = all.indexOf(row);
    const across = cells(row).indexOf(link);
    const steps = {
      ArrowRight: [down, across + 1], ArrowLeft: [down, across - 1], ArrowDown: [down + 1, across], ArrowUp: [down - 1, across],
      Home: [down, 0], End: [down, cells(row).length - 1], PageDown: [Math.min(down + 10, all.length - 1), across], PageUp: [Math.max(down - 10, 0), across],
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const to = all[step[0]] && cells(all[step[0]])[step[1]];
    if (to) go(to);
  });

  const plain = (text) => text.normalize("NFKC").trim().toUpperCase();
  find.addEventListener("input", () => {
    const wanted = plain(find.value);
    let shown = 0;
    box.querySelectorAll("tbody tr").forEach((row) => {
      row.hidden = !row.querySelector(".who a").textContent.includes(wanted);
      shown += row.hidden ? 0 : 1;
    });
    document.getElementById("nothing").hidden = shown > 0;
    box.hidden = shown === 0;
  });
  find.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    const visible = rows();
    if (visible.length === 1) { event.preventDefault(); cells(visible[0])[0].click(); }
    if (event.key === "ArrowDown" && visible.length) { event.preventDefault(); go(cells(visible[0])[0]); }
  });
})();
