// Menus made of details: one open at a time, closed by Escape, by a press outside and by choosing.
const openMenus = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    const chosen = event.target.closest(".menu-items a, .menu-items button");
    if (!menu.contains(event.target) || (chosen && !chosen.closest("[data-theme-switch]"))) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest ? event.target.closest("details[data-menu][open]") : null;
  if (!menu) return;
  const items = [...menu.querySelectorAll(".menu-items a, .menu-items button")].filter((item) => item.offsetParent !== null);
  const place = items.indexOf(document.activeElement);
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
    event.stopPropagation();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const next = event.key === "ArrowDown" ? place + 1 : place - 1;
    if (items.length) items[(next + items.length) % items.length].focus();
  }
});

// Pages print with every explanation open, and fold again afterwards.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll(".explain details:not([open]), details.sig-digest:not([open])")];
  for (const part of folded) part.open = true;
});
addEventListener("afterprint", () => {
  for (const part of folded) part.open = false;
  folded = [];
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-explain-all]");
  if (!button) return;
  const openAll = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(openAll));
  const tree = button.closest("[data-explain]");
  for (const part of tree.querySelectorAll("details.explain-node")) part.open = openAll || part.matches(".level-0");
});

// On a phone the row of places is wider than the screen: the present one comes into sight.
const here = document.querySelector(".subplaces > [aria-current]");
if (here) here.parentElement.scrollLeft = here.offsetLeft - (here.parentElement.clientWidth - here.offsetWidth) / 2;
