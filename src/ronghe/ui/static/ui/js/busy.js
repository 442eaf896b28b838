// A button that was pressed says so until the answer comes: its words stay, a turning ring takes the icon's place.
// A second press does nothing, so that nothing is sent twice.
function start(button) {
  if (button) button.setAttribute("aria-busy", "true");
}

function stop(scope) {
  for (const button of scope.querySelectorAll('[aria-busy="true"]')) button.removeAttribute("aria-busy");
}

document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest("button, a.btn");
    if (button && button.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  },
  true,
);

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented && !event.target.matches("[hx-post], [hx-get], [hx-put], [hx-delete]")) return;
  if (event.target.method === "dialog") return;
  // After the form's data are read: a disabled or changed submitter must still be part of them.
  const button = event.submitter || event.target.querySelector("button[type=submit], button:not([type])");
  setTimeout(() => start(button), 0);
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const element = event.detail.elt;
  if (element.matches("button, a.btn")) start(element);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const element = event.detail.elt;
  element.removeAttribute("aria-busy");
  stop(element);
});
// Coming back through the browser's history shows the page as it was left: pressed.
addEventListener("pageshow", (event) => event.persisted && stop(document));
