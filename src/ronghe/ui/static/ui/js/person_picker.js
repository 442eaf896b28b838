// Makes a list of people searchable by name or pinyin initials; without it the list stays a plain select.
// With data-source the matching people are fetched, so that nobody is out of reach in a house of a hundred thousand.
const PAUSE_MS = 200;

const fits = (option, wanted) =>
  option.text.toLowerCase().includes(wanted) || (option.dataset.initials || "").toLowerCase().startsWith(wanted);

async function fetched(address, wanted) {
  const joined = address.includes("?") ? "&" : "?";
  const answer = await fetch(`${address}${joined}q=${encodeURIComponent(wanted)}`, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return [];
  const page = new DOMParser().parseFromString(`<select>${await answer.text()}</select>`, "text/html");
  return [...page.querySelectorAll("option")];
}

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
  const none = all.filter((option) => !option.value);
  select.before(search);

  const show = (people, wanted) => {
    select.replaceChildren(...none, ...people);
    if (wanted && people.length) select.value = people[0].value;
  };
  let waiting;
  search.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    const near = all.filter((option) => option.value && fits(option, wanted));
    show(near, wanted);
    clearTimeout(waiting);
    if (!wanted || !box.dataset.source) return;
    waiting = setTimeout(async () => {
      const found = await fetched(box.dataset.source, wanted);
      if (search.value.trim().toLowerCase() === wanted && found.length) show(found, wanted);
    }, PAUSE_MS);
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
