// The arrange page: people are carried from group to group with the mouse or the keys, and what that does is shown
// before they are put down. Everything here is also a link or a form; without this script those are used.
const page = () => document.getElementById("arrange");
let held = null; // the person in hand: { person, from, over, kept }
let asked = 0;

async function swap(answer) {
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = next.getElementById("arrange");
  const old = page();
  if (!fresh || !old) {
    location.assign(answer.url);
    return;
  }
  const top = scrollY;
  old.replaceWith(fresh);
  if (window.htmx) window.htmx.process(fresh);
  for (const toast of next.querySelectorAll("#toasts > *")) document.getElementById("toasts")?.append(toast);
  history.replaceState(null, "", answer.url);
  scrollTo(0, top);
}

async function send(form, button) {
  const data = new FormData(form);
  if (button && button.name) data.set(button.name, button.value);
  const to = (button && button.getAttribute("formaction")) || form.action;
  try {
    await swap(await fetch(to, { method: "POST", body: new URLSearchParams(data), credentials: "same-origin" }));
  } catch {
    const text = document.body.dataset.wordLost;
    document.dispatchEvent(new CustomEvent("ronghe:say", { detail: { text, refused: true } }));
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-arrange]")) return;
  event.preventDefault();
  send(event.target, event.submitter);
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-arrange]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  await swap(await fetch(link.href, { credentials: "same-origin" }));
});

// ---- what a move would do -------------------------------------------------------------------------------------------
// The banner is shown over the page meanwhile: in its place it would push away what the hand aims at.
const parts = (root) => root.querySelectorAll("#side, #lines, [id^='head-'], [id^='foot-']");
const above = (nodes) => document.getElementById("drag-banner")?.replaceChildren(...nodes);

function keep() {
  return [...parts(page())].map((part) => [part.id, part.cloneNode(true)]);
}

function restore(kept) {
  for (const [id, part] of kept) document.getElementById(id)?.replaceWith(part.cloneNode(true));
}

async function look(person, to) {
  const turn = ++asked;
  const { effect, letter } = page().dataset;
  const answer = await fetch(`${effect}?p=${letter}&member=${person}&to=${to}`, { credentials: "same-origin" });
  if (!answer.ok || turn !== asked || !held || held.over !== to) return;
  const told = new DOMParser().parseFromString(await answer.text(), "text/html");
  const broken = told.querySelector(".banner-failed") !== null;
  above(told.getElementById("banner").querySelectorAll(".banner"));
  for (const part of parts(told)) document.getElementById(part.id)?.replaceWith(part);
  mark(to, broken ? "bad" : "good");
}

function mark(to, how) {
  for (const group of page().querySelectorAll("[data-group]")) {
    if (group.dataset.group === to && how) group.dataset.over = how;
    else delete group.dataset.over;
  }
}

function pick(row) {
  held = { person: row.dataset.person, from: row.closest("[data-group]").dataset.group, over: null, kept: keep(), row };
  row.dataset.held = "";
}

function over(to) {
  if (!held || held.over === to) return;
  held.over = to;
  if (to === held.from || to === null) {
    asked++;
    restore(held.kept);
    above([]);
    mark(null, "");
    return;
  }
  mark(to, "good");
  look(held.person, to);
}

function letGo() {
  if (!held) return;
  asked++;
  restore(held.kept);
  above([]);
  mark(null, "");
  delete held.row.dataset.held;
  held = null;
}

function drop() {
  if (!held) return;
  const { person, from, over: to } = held;
  letGo();
  if (to === null || to === from) return;
  const form = document.getElementById("board");
  send(form, { name: "place", value: `${person}:${to}`, getAttribute: () => null });
}

// ---- with the mouse -------------------------------------------------------------------------------------------------
document.addEventListener("dragstart", (event) => {
  const row = event.target.closest?.("[data-person][draggable]");
  if (!row) return;
  event.dataTransfer.setData("text/plain", row.dataset.person);
  event.dataTransfer.effectAllowed = "move";
  pick(row);
});
document.addEventListener("dragover", (event) => {
  const group = held && event.target.closest?.("[data-group]");
  if (!group) return;
  event.preventDefault();
  over(group.dataset.group);
});
document.addEventListener("drop", (event) => {
  if (!held) return;
  event.preventDefault();
  drop();
});
document.addEventListener("dragend", letGo);

// ---- with the keys --------------------------------------------------------------------------------------------------
const say = (text) => {
  const place = document.getElementById("drag-says");
  if (place) place.textContent = text;
};

document.addEventListener("click", (event) => {
  const grip = event.target.closest("[data-grip]");
  if (!grip || event.detail > 0) return; // a press with Enter or Space has no detail
  event.preventDefault();
  if (held) {
    drop();
    return;
  }
  pick(grip.closest("[data-person]"));
  say(document.getElementById("board").dataset.wordPicked);
});

// Before the keys of every page: their Escape leaves it.
const keys = (event) => {
  if (!held || !event.target.matches?.("[data-grip]")) return;
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step && event.key !== "Escape") return;
  event.preventDefault();
  event.stopPropagation();
  if (!step) {
    letGo();
    return;
  }
  const groups = [...page().querySelectorAll("[data-group]")];
  const here = groups.findIndex((group) => group.dataset.group === (held.over ?? held.from));
  const next = groups[(here + step + groups.length) % groups.length];
  over(next.dataset.group);
  say(`${document.getElementById("board").dataset.wordOver} ${next.getAttribute("aria-label")}`);
};
document.addEventListener("keydown", keys, true);
