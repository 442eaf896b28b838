// The switch between light, dark and the system's own choice. Bound by data-theme-switch, kept per device.
const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");

function apply(choice) {
  root.dataset.themeChoice = choice;
  root.dataset.theme = choice === "dark" || (choice === "auto" && system.matches) ? "dark" : "light";
  for (const button of document.querySelectorAll("[data-theme-value]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeValue === choice));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-value]");
  if (!button) return;
  try {
    localStorage.setItem("ronghe-theme", button.dataset.themeValue);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  apply(button.dataset.themeValue);
});
system.addEventListener("change", () => apply(root.dataset.themeChoice || "light"));
apply(root.dataset.themeChoice || "light");
