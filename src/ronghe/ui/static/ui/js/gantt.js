// The Gantt chart: opens at today, and where the reader plans, a bar is dragged to another day. The same stands in a form on
// the task's page, which is where keys go.
const FAR = 4; // pixels before a press becomes a drag
let held = null; // { bar, x, at, moved }

const chart = () => document.querySelector("[data-gantt]");
const pixels = () => Number(chart()?.dataset.dayPixels) || 1;

function later(day, days) {
  const moved = new Date(`${day}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
}

function showToday() {
  const scroll = document.querySelector(".gantt-scroll");
  const line = scroll?.querySelector(".g-today");
  if (line) scroll.scrollLeft = Math.max(0, line.getBBox().x - scroll.clientWidth / 3);
}

function say(text) {
  const place = document.getElementById("gantt-says");
  if (place) place.textContent = text;
}

document.addEventListener("pointerdown", (event) => {
  const bar = event.target.closest?.(".gantt-plans [data-bar]");
  if (!bar || event.button !== 0) return;
  held = { bar, x: event.clientX, at: Number(bar.getAttribute("x")), days: 0 };
  bar.setPointerCapture(event.pointerId);
});

document.addEventListener("pointermove", (event) => {
  if (!held) return;
  const by = event.clientX - held.x;
  if (!held.moved && Math.abs(by) < FAR) return;
  held.moved = true;
  held.days = Math.round(by / pixels());
  held.bar.classList.add("g-held");
  held.bar.setAttribute("x", held.at + held.days * pixels());
  const form = document.getElementById("place-form");
  say(`${form.dataset.word} ${later(held.bar.dataset.start, held.days)}`);
});

function letGo(keep) {
  if (!held) return;
  const { bar, at, days } = held;
  held = null;
  bar.classList.remove("g-held");
  if (!keep || !days) {
    bar.setAttribute("x", at);
    return;
  }
  const form = document.getElementById("place-form");
  form.action = form.dataset.address.replace("/0/", `/${bar.dataset.bar}/`);
  form.elements.day.value = later(bar.dataset.start, days);
  form.requestSubmit ? form.requestSubmit() : form.submit();
}

document.addEventListener("pointerup", () => letGo(true));
document.addEventListener("pointercancel", () => letGo(false));
document.addEventListener("keydown", (event) => event.key === "Escape" && letGo(false));
document.addEventListener("htmx:afterSettle", showToday);
showToday();
