// Keys: / search, g and a letter to go, j k rows, Enter open, x choose, ? help, Esc back.
let going = false;

const typing = (target) => target.closest && target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]");
const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
const here = () => document.querySelector(".row-here");

function move(by) {
  const all = rows();
  if (!all.length) return;
  const current = here();
  const next = all[Math.min(Math.max(all.indexOf(current) + by, 0), all.length - 1)];
  if (current) current.classList.remove("row-here");
  next.classList.add("row-here");
  const link = next.matches("a") ? next : next.querySelector("a, button");
  if (link) link.focus();
  next.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  if (going) {
    going = false;
    const place = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (place) {
      event.preventDefault();
      place.click();
    }
    return;
  }
  switch (event.key) {
    case "/": {
      const field = document.querySelector("[data-search]") || document.querySelector('input[type="search"]');
      if (field) {
        event.preventDefault();
        field.focus();
        field.select();
      }
      break;
    }
    case "g":
      going = true;
      setTimeout(() => (going = false), 1500);
      break;
    case "j":
      move(1);
      break;
    case "k":
      move(-1);
      break;
    case "x": {
      const box = here() && here().querySelector("[data-choose]");
      if (box) box.click();
      break;
    }
    case "Enter": {
      const row = here();
      if (row && !row.contains(document.activeElement)) {
        const link = row.matches("a") ? row : row.querySelector("a");
        if (link) link.click();
      }
      break;
    }
    case "?": {
      const help = document.getElementById("keys");
      if (help) help.showModal();
      break;
    }
    case "Escape": {
      const back = document.querySelector("a[data-back]") || [...document.querySelectorAll(".crumbs a")].pop();
      if (back && !event.defaultPrevented) back.click();
      break;
    }
  }
});
