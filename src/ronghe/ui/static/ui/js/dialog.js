// Dialogs: data-dialog="id" opens, data-dialog-close closes, focus goes back to where it was.
const openers = new WeakMap();

export function open(box, opener) {
  openers.set(box, opener);
  box.showModal();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const box = document.getElementById(opener.dataset.dialog);
    if (box && !box.open) {
      event.preventDefault();
      open(box, opener);
    }
    return;
  }
  const closer = event.target.closest("[data-dialog-close]");
  if (closer) closer.closest("dialog").close();
  else if (event.target.matches("dialog[data-dialog-box]")) event.target.close();
});

// "close" does not bubble, so it is caught on its way down.
document.addEventListener(
  "close",
  (event) => {
    const opener = openers.get(event.target);
    const menu = opener && opener.closest("details");
    if (menu && !menu.open) menu.querySelector("summary").focus();
    else if (opener && opener.isConnected) opener.focus();
  },
  true,
);
