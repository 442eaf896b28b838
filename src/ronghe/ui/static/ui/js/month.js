// The calendar: arrow keys walk the days, a plan is dragged to another day with a mouse, a pen or a held finger, and with
// the keys: m takes the focused entry, arrows choose, Enter puts it down. Everything is also in the form 移到….
const FAR = 6; // pixels before a press becomes a drag
const LONG = 350; // milliseconds a finger rests before it takes hold
let held = null; // { link, key, from, until, ghost, over, start, timer }

const grid = () => document.querySelector("[data-month]");
const cells = () => [...document.querySelectorAll("[data-month] [data-day]")];
const form = () => document.getElementById("drag-form");
const today = () => document.querySelector('[data-month] [aria-current="date"]')?.dataset.day ?? "";
const takes = (cell) => held && cell.dataset.day >= held.from && cell.dataset.day <= held.until && (!today() || cell.dataset.day >= today());

function say(text) {
  const place = document.getElementById("month-says");
  if (place) place.textContent = text;
}

function hold(link) {
  held = { ...held, link, key: link.dataset.drag, from: link.dataset.from, until: link.dataset.until, over: null, live: true };
  link.classList.add("month-held");
  grid()?.classList.add("month-dragging");
  for (const cell of cells()) cell.classList.toggle("month-open", takes(cell));
}

function over(cell) {
  if (held.over === cell) return;
  held.over?.classList.remove("month-over");
  held.over = cell && takes(cell) ? cell : null;
  held.over?.classList.add("month-over");
}

function letGo() {
  if (!held) return;
  clearTimeout(held.timer);
  held.ghost?.remove();
  held.over?.classList.remove("month-over");
  held.link?.classList.remove("month-held");
  grid()?.classList.remove("month-dragging");
  for (const cell of document.querySelectorAll(".month-open")) cell.classList.remove("month-open");
  held = null;
}

function drop() {
  const { over: cell, key, link } = held;
  const here = link.closest("[data-day]");
  letGo();
  if (!cell || cell === here) return;
  const [kind, number] = key.split("-");
  const sent = form();
  sent.action = `${sent.dataset.address}${kind}/${number}/move/`;
  sent.elements.day.value = cell.dataset.day;
  if (window.htmx) window.htmx.process(sent);
  sent.requestSubmit ? sent.requestSubmit() : sent.submit();
}

// ---- with a pointer -------------------------------------------------------------------------------------------------
function lift(event) {
  hold(held.link);
  held.ghost = document.createElement("div");
  held.ghost.className = "month-ghost";
  held.ghost.textContent = held.link.querySelector(".month-name")?.textContent ?? "";
  document.body.append(held.ghost);
  follow(event);
}

function follow(event) {
  held.ghost.style.setProperty("left", `${event.clientX + 12}px`);
  held.ghost.style.setProperty("top", `${event.clientY + 12}px`);
  over(document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-day]") ?? null);
}

document.addEventListener("pointerdown", (event) => {
  const link = event.target.closest?.("[data-drag]");
  if (!link || event.button !== 0 || !link.closest("[data-month]")) return;
  held = { link, start: [event.clientX, event.clientY], touch: event.pointerType === "touch" };
  if (held.touch) held.timer = setTimeout(() => held && lift(event), LONG);
});

document.addEventListener("pointermove", (event) => {
  if (!held) return;
  const far = Math.hypot(event.clientX - held.start?.[0], event.clientY - held.start?.[1]) > FAR;
  if (held.ghost) {
    event.preventDefault();
    follow(event);
  } else if (far && held.touch) letGo(); // the finger scrolls
  else if (far && held.start) lift(event);
});

document.addEventListener("pointerup", (event) => {
  if (!held || !held.start) return;
  if (!held.ghost) {
    letGo();
    return;
  }
  // The click that follows belongs to the drag.
  const stop = (click) => {
    click.preventDefault();
    click.stopImmediatePropagation();
  };
  document.addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => document.removeEventListener("click", stop, { capture: true }), 50);
  follow(event);
  drop();
});
document.addEventListener("pointercancel", letGo);
document.addEventListener("touchmove", (event) => held?.ghost && event.preventDefault(), { passive: false });
document.addEventListener("dragstart", (event) => event.target.closest?.("[data-drag]") && event.preventDefault());

// ---- with the keys --------------------------------------------------------------------------------------------------
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

function walk(by) {
  const all = cells();
  const now = held?.over ?? document.activeElement.closest("[data-day]");
  const next = all[all.indexOf(now) + by];
  if (!next) return;
  if (held) {
    over(next);
    say(next.getAttribute("aria-label"));
  } else {
    for (const cell of all) cell.tabIndex = cell === next ? 0 : -1;
    next.focus();
  }
}

document.addEventListener(
  "keydown",
  (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !event.target.closest?.("[data-month]")) return;
    if (event.key in STEPS) {
      event.preventDefault();
      walk(STEPS[event.key]);
    } else if (event.key === "PageUp" || event.key === "PageDown") {
      event.preventDefault();
      document.querySelector(`[data-month-step="${event.key === "PageUp" ? -1 : 1}"]`)?.click();
    } else if (event.key === "m" && !held && event.target.matches("[data-drag]")) {
      event.preventDefault();
      hold(event.target);
      say(form().dataset.wordPicked);
    } else if (event.key === "Enter" && held) {
      event.preventDefault();
      drop();
    } else if (event.key === "Enter" && event.target.matches("[data-day]")) {
      event.target.querySelector("a.month-entry")?.click();
    } else if (event.key === "Escape" && held) {
      event.preventDefault();
      event.stopPropagation();
      letGo();
    }
  },
  true,
);
