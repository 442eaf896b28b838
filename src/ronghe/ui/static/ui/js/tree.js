// The tree of organisations, walked with the arrow keys as screen readers expect of a tree.
function visible(tree) {
  return [...tree.querySelectorAll('[role="treeitem"]')].filter((item) => item.offsetParent !== null);
}

function fold(item, open) {
  if (!item.hasAttribute("aria-expanded")) return;
  item.setAttribute("aria-expanded", String(open));
  const group = item.querySelector(':scope > [role="group"]');
  if (open && group) group.dispatchEvent(new CustomEvent("tree-open"));
}

function walk(tree, item) {
  for (const other of tree.querySelectorAll('[tabindex="0"]')) other.tabIndex = -1;
  item.tabIndex = 0;
  item.focus();
}

function begin(tree) {
  const first = tree.querySelector('[aria-current="true"]') || tree.querySelector('[role="treeitem"]');
  if (first && !tree.querySelector('[role="treeitem"][tabindex="0"]')) first.tabIndex = 0;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-tree-fold]");
  if (!button) return;
  const item = button.closest('[role="treeitem"]');
  fold(item, item.getAttribute("aria-expanded") !== "true");
});

document.addEventListener("keydown", (event) => {
  const item = event.target.closest ? event.target.closest('[data-tree] [role="treeitem"]') : null;
  if (!item) return;
  const tree = item.closest("[data-tree]");
  const all = visible(tree);
  const place = all.indexOf(item);
  const expanded = item.getAttribute("aria-expanded");
  const acts = {
    ArrowDown: () => all[place + 1] && walk(tree, all[place + 1]),
    ArrowUp: () => all[place - 1] && walk(tree, all[place - 1]),
    Home: () => walk(tree, all[0]),
    End: () => walk(tree, all[all.length - 1]),
    ArrowRight: () => (expanded === "false" ? fold(item, true) : expanded && all[place + 1] && walk(tree, all[place + 1])),
    ArrowLeft: () => {
      if (expanded === "true") fold(item, false);
      else if (item.parentElement.closest('[role="treeitem"]')) walk(tree, item.parentElement.closest('[role="treeitem"]'));
    },
    Enter: () => {
      const link = item.querySelector(":scope > .tree-line > a");
      if (link) link.click();
    },
  };
  if (acts[event.key]) {
    event.preventDefault();
    acts[event.key]();
  }
});

document.querySelectorAll("[data-tree]").forEach(begin);
document.addEventListener("htmx:afterSettle", () => document.querySelectorAll("[data-tree]").forEach(begin));
