// Runs before the first paint, so that a dark page never flashes light. The choice is this device's.
(() => {
  let choice = "light";
  try {
    choice = localStorage.getItem("ronghe-theme") || "light";
  } catch {
    // Storage may be refused; light is the default.
  }
  const dark = choice === "dark" || (choice === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  document.documentElement.dataset.themeChoice = choice;
})();
