// Comforts of the entry grid. Everything works without this file.

import { copyInPlace } from "./entry-copy.js";
import { keepDrafts } from "./entry-drafts.js";
import { filterInPlace, listKeys, openAtFirstMissing } from "./entry-filter.js";
import { addKeys } from "./entry-keys.js";
import { sendPastedCells } from "./entry-paste.js";

const form = document.querySelector(".dx-entry-form");
const ICONS = { ok: "ok", slow: "slow", late: "late", done: "done", none: "none" };

// Mark and colour follow the choice.
function showTone(select) {
  const holder = select.closest(".dx-choice");
  if (!holder) {
    return;
  }
  const tone = select.selectedOptions[0]?.dataset.tone;
  holder.className = tone ? `dx-choice dx-choice--${tone}` : "dx-choice";
  holder.querySelector(".dx-icon")?.remove();
  if (ICONS[tone]) {
    const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    icon.setAttribute("class", "dx-icon");
    icon.setAttribute("aria-hidden", "true");
    icon.setAttribute("data-follows", "");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `#i-${ICONS[tone]}`);
    icon.append(use);
    holder.prepend(icon);
  }
}

if (form) {
  let isLeaving = false;
  const drafts = keepDrafts(form);
  form.classList.add("dx-entry-form--live");
  addKeys(form);
  copyInPlace(form);
  sendPastedCells(form, drafts);
  filterInPlace(form);
  listKeys();
  openAtFirstMissing(form);
  form.addEventListener("input", (event) => {
    const row = event.target.closest(".dx-entry__row");
    row?.classList.add("dx-entry__row--editing");
    row?.classList.remove("dx-entry__row--missing");
    if (event.target.matches("select")) {
      showTone(event.target);
    }
  });
  form.addEventListener("submit", () => {
    isLeaving = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && drafts.isUnsaved()) {
      event.preventDefault();
    }
  });
}
