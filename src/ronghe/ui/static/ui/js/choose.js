// Chosen rows: the bar of acts appears with the first one and says how many there are.
function update() {
  const boxes = [...document.querySelectorAll("[data-choose]")];
  for (const box of boxes) {
    const row = box.closest("tr, [data-row]");
    if (row) row.classList.toggle("row-chosen", box.checked);
  }
  for (const bar of document.querySelectorAll("[data-bulk]")) {
    const mine = bar.dataset.bulkOf ? boxes.filter((box) => box.form && box.form.id === bar.dataset.bulkOf) : boxes;
    const chosen = mine.filter((box) => box.checked).length;
    bar.hidden = chosen === 0;
    bar.querySelector("[data-bulk-count]").textContent = String(chosen);
  }
}

// A file that the server would refuse is named here: sending it takes minutes, and the line may be cut before the answer.
function refuseTooLarge(input, { mostBytes, wordTooLarge }) {
  const file = [...input.files].find((one) => one.size > Number(mostBytes));
  const megabytes = (bytes) => String(Math.ceil(bytes / 1048576));
  const words = { name: file?.name, size: megabytes(file?.size), limit: megabytes(Number(mostBytes)) };
  input.setCustomValidity(file ? wordTooLarge.replace(/\{(\w+)\}/g, (_all, key) => words[key]) : "");
  if (file) input.reportValidity();
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-choose-all]")) {
    const table = event.target.closest("table");
    for (const box of table.querySelectorAll("[data-choose]")) box.checked = event.target.checked;
  }
  if (event.target.matches("[data-choose], [data-choose-all]")) update();
  const evidence = event.target.closest("[data-evidence-add]");
  if (evidence) {
    refuseTooLarge(event.target, evidence.dataset);
    const names = [...event.target.files].map((file) => file.name);
    const words = evidence.querySelector("[data-evidence-count]");
    if (names.length) words.textContent = names.length === 1 ? names[0] : `${names[0]} +${names.length - 1}`;
  }
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-bulk-clear]")) return;
  for (const box of document.querySelectorAll("[data-choose], [data-choose-all]")) box.checked = false;
  update();
});

document.addEventListener("htmx:afterSettle", update);
update();
