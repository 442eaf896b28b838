// What htmx needs from this project: words for lost answers, and the focus where it was.
const word = (name) => document.body.dataset[name] || "";
const say = (text) => document.dispatchEvent(new CustomEvent("ronghe:say", { detail: { text, refused: true } }));

document.addEventListener("htmx:sendError", () => say(word("wordLost")));
document.addEventListener("htmx:timeout", () => say(word("wordLost")));

// A refusal (403, 404, 409) carries its sentence in [data-refusal]; anything else gets the general one.
document.addEventListener("htmx:responseError", (event) => {
  const answer = new DOMParser().parseFromString(event.detail.xhr.responseText || "", "text/html");
  const refusal = answer.querySelector("[data-refusal]");
  say(refusal ? refusal.textContent.trim() : word("wordFailed"));
});

// After a swap the focus goes to the element of the same id or name, else to the first wrong field, else to the fragment.
let focused = null;

document.addEventListener("htmx:beforeSwap", (event) => {
  const active = document.activeElement;
  focused = event.detail.target.contains(active) ? { id: active.id, name: active.getAttribute("name") } : null;
});

document.addEventListener("htmx:afterSettle", (event) => {
  const part = event.detail.elt;
  const wrong = part.querySelector ? part.querySelector('[aria-invalid="true"]') : null;
  if (event.detail.xhr && event.detail.xhr.status === 422 && wrong) {
    wrong.focus();
  } else if (focused && document.activeElement === document.body) {
    const same =
      (focused.id && document.getElementById(focused.id)) ||
      (focused.name && part.querySelector && part.querySelector(`[name="${CSS.escape(focused.name)}"]`));
    if (same) same.focus();
    else if (part.isConnected && part.setAttribute) {
      part.setAttribute("tabindex", "-1");
      part.focus({ preventScroll: true });
    }
  }
  focused = null;
});
