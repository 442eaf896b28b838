// The editor of a playbook: line numbers, a jump to the place of a problem, pieces put in at the cursor.
// Checking and saving while somebody types are htmx's; without this script the buttons of the page do the same.
const area = () => document.querySelector("[data-editor]");

function number() {
  const text = area();
  const gutter = document.querySelector("[data-gutter]");
  if (!text || !gutter) return;
  const count = text.value.split("\n").length;
  if (gutter.dataset.count === String(count)) return;
  gutter.dataset.count = String(count);
  gutter.textContent = Array.from({ length: count }, (_, line) => line + 1).join("\n");
}

function follow() {
  const gutter = document.querySelector("[data-gutter]");
  if (gutter) gutter.scrollTop = area().scrollTop;
}

function goTo(line, column) {
  const text = area();
  const lines = text.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  text.focus();
  text.setSelectionRange(start + Math.max(column - 1, 0), start + (lines[line - 1] || "").length);
  const height = text.scrollHeight / lines.length;
  text.scrollTop = Math.max(0, (line - 4) * height);
  follow();
}

function put(piece) {
  const text = area();
  const before = text.value.slice(0, text.selectionStart);
  const start = before.length && !before.endsWith("\n") ? text.value.indexOf("\n", text.selectionStart) + 1 || text.value.length : text.selectionStart;
  const lead = start > 0 && text.value[start - 1] !== "\n" ? "\n" : "";
  text.focus();
  text.setRangeText(lead + piece, start, start, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const place = event.target.closest("[data-line]");
  if (place && area()) {
    event.preventDefault();
    goTo(Number(place.dataset.line), Number(place.dataset.column));
    return;
  }
  const piece = event.target.closest("[data-insert]");
  if (piece && area()) {
    const menu = piece.closest("details");
    if (menu) menu.open = false;
    put(document.getElementById(piece.dataset.insert).textContent);
  }
});

document.addEventListener("input", (event) => event.target.matches("[data-editor]") && number());
document.addEventListener("scroll", (event) => event.target === area() && follow(), true);

// The dialog puts forward what was saved last, not what was there when the page came.
document.addEventListener("htmx:oobAfterSwap", () => {
  const revision = document.querySelector("#saved [name=revision]");
  for (const copy of document.querySelectorAll("[data-revision]")) copy.value = revision.value;
});

// A save by hand waits for the save that is on its way, or it would come as a second person's.
let underway = 0;
let waiting = null;
document.addEventListener("htmx:beforeRequest", (event) => event.detail.elt.matches("[data-editor]") && underway++);
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.elt.matches("[data-editor]")) return;
  underway--;
  if (waiting && !underway) {
    const { form, button } = waiting;
    waiting = null;
    setTimeout(() => form.requestSubmit(button), 0);
  }
});
document.addEventListener(
  "submit",
  (event) => {
    if (!underway || !event.target.contains(area())) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting = { form: event.target, button: event.submitter };
  },
  true,
);

number();
