// Makes a long list of people searchable by name or pinyin initials; without it the list stays a plain select.

function enhance(box) {
  const select = box.querySelector("select");
  if (!select || box.dataset.ready) return;
  box.dataset.ready = "1";
  const search = document.createElement("input");
  search.type = "search";
  search.autocomplete = "off";
  search.placeholder = box.dataset.wordSearch || "";
  search.setAttribute("aria-label", search.placeholder);
  const all = Array.from(select.options);
  select.before(search);
  search.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    const kept = all.filter((option) => !option.value || option.text.toLowerCase().includes(wanted));
    select.replaceChildren(...kept);
    const people = kept.filter((option) => option.value);
    if (wanted && people.length) select.value = people[0].value;
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}

function enhanceAll(root) {
  root.querySelectorAll("[data-person-picker]").forEach(enhance);
}

enhanceAll(document);
document.addEventListener("htmx:load", (event) => enhanceAll(event.target));
