// Toasts go after ten seconds, not while the pointer or the focus is on them. Refusals stay until they are closed.
const STAY = 10000;

function start(toast) {
  if (toast.dataset.toastTimed !== undefined || toast.getAttribute("role") === "alert") return;
  toast.dataset.toastTimed = "";
  let timer = setTimeout(() => leave(toast), STAY);
  const hold = () => clearTimeout(timer);
  const resume = () => {
    clearTimeout(timer);
    timer = setTimeout(() => leave(toast), STAY);
  };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("pointerleave", resume);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("focusout", resume);
}

function leave(toast) {
  toast.classList.add("toast-going");
  setTimeout(() => toast.remove(), 150);
}

const tray = document.getElementById("toasts");
if (tray) {
  tray.querySelectorAll("[data-toast]").forEach(start);
  new MutationObserver(() => tray.querySelectorAll("[data-toast]").forEach(start)).observe(tray, { childList: true, subtree: true });
}

document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-toast-close]");
  if (closer) leave(closer.closest("[data-toast]"));
});

// Said by scripts: document.dispatchEvent(new CustomEvent("ronghe:say", {detail: {text, refused}})).
document.addEventListener("ronghe:say", (event) => {
  if (!tray) return;
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.dataset.toast = "";
  toast.setAttribute("role", event.detail.refused ? "alert" : "status");
  const words = document.createElement("span");
  words.className = "grow";
  words.textContent = event.detail.text;
  toast.append(words);
  if (event.detail.refused) {
    const closer = document.createElement("button");
    closer.type = "button";
    closer.className = "toast-close";
    closer.dataset.toastClose = "";
    closer.setAttribute("aria-label", document.body.dataset.wordClose || "");
    closer.textContent = "×";
    toast.append(closer);
  }
  tray.append(toast);
});
