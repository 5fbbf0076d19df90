// The filters in place, the list of keys, and where the page opens. Without this file the filters are links.

const SHOWS = {
  "": () => true,
  missing: (row) => row.matches("[data-missing]"),
  own: (row) => row.matches("[data-own]"),
  error: (row) => row.matches(".dx-entry__row--error, .dx-entry__row--conflict"),
};

function showOnly(form, shows) {
  let group = null;
  let row = null;
  for (const tr of form.querySelectorAll(".dx-entry > tbody > tr")) {
    if (tr.matches(".dx-entry__group")) {
      group = tr;
      group.hidden = true;
      continue;
    }
    if (tr.matches("[data-row]")) row = tr;
    tr.hidden = !shows(row);
    if (!tr.hidden && group) group.hidden = false;
  }
}

export function filterInPlace(form) {
  const filter = document.querySelector("[data-entry-filter]");
  filter?.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    showOnly(form, SHOWS[link.dataset.show]);
    for (const each of filter.querySelectorAll("a")) each.toggleAttribute("aria-current", false);
    link.setAttribute("aria-current", "true");
    history.replaceState(null, "", link.href);
  });
}

// F1 anywhere, ？ outside the fields.
export function listKeys() {
  const keys = document.querySelector("[data-entry-keys]");
  if (!keys) return;
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.matches("input, textarea, select");
    if (event.key === "F1" || (event.key === "?" && !isTyping)) {
      event.preventDefault();
      keys.open = !keys.open;
    } else if (event.key === "Escape") keys.open = false;
  });
  keys.addEventListener("focusout", (event) => {
    if (!keys.contains(event.relatedTarget) && event.relatedTarget) keys.open = false;
  });
}

// At the first row that still waits, unless the address, an error or the browser's own memory says where.
export function openAtFirstMissing(form) {
  const way = performance.getEntriesByType("navigation")[0]?.type;
  const isTold = location.hash || document.querySelector(".dx-error-summary") || way !== "navigate" || scrollY > 0;
  const row = form.querySelector("[data-missing]");
  if (isTold || !row) return;
  const above = row.previousElementSibling;
  (above?.matches(".dx-entry__group") ? above : row).scrollIntoView({ block: "start" });
}
