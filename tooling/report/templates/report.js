"use strict";
(function () {
  const root = document.documentElement;
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));

  const toggle = document.getElementById("theme");
  const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const name = () => { toggle.setAttribute("aria-pressed", String(dark())); };
  toggle.addEventListener("click", () => { root.dataset.theme = dark() ? "light" : "dark"; name(); });
  name();

  // What is told is read once, when somebody begins to type.
  const box = document.getElementById("filter");
  const said = document.getElementById("filtered");
  let items = null;
  function filter() {
    items = items || all("[data-item]").map((item) => [item, item.querySelector("[data-text]").textContent.toLowerCase()]);
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const [item, text] of items) {
      const fits = words.every((word) => text.includes(word));
      item.classList.toggle("hidden", !fits);
      shown += fits;
    }
    all(".group").forEach((group) => group.classList.toggle("hidden", !group.querySelector("[data-item]:not(.hidden)")));
    if (words.length) all("details.part").forEach((part) => { if (part.querySelector("[data-item]:not(.hidden)")) part.open = true; });
    said.textContent = words.length ? `${shown} of ${items.length} shown` : "";
  }
  let waiting = 0;
  box.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 80); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName)) { event.preventDefault(); box.focus(); }
    if (event.key === "Escape" && document.activeElement === box) { box.value = ""; filter(); }
  });

  all("button[data-open]").forEach((button) => button.addEventListener("click", () => {
    const part = button.closest("details.part");
    all("details", part).forEach((each) => { each.open = button.dataset.open === "all"; });
  }));

  function reveal() {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let each = target; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
    if (target) target.scrollIntoView();
  }
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();

  // Paper has no triangles to click.
  let closed = [];
  let theme;
  addEventListener("beforeprint", () => {
    theme = root.dataset.theme;
    root.dataset.theme = "light";
    closed = all("details:not([open])");
    closed.forEach((each) => { each.open = true; });
  });
  addEventListener("afterprint", () => {
    if (theme) root.dataset.theme = theme; else delete root.dataset.theme;
    closed.forEach((each) => { each.open = false; });
    closed = [];
  });
})();
