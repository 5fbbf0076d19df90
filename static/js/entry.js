// Comforts of the entry grid. Everything works without this file.

const form = document.querySelector(".dx-entry-form");
const ICONS = { ok: "ok", slow: "slow", late: "late", done: "done", none: "none" };

function column(control) {
  return control.name.split("-").pop();
}

function below(control) {
  const same = [...form.querySelectorAll(`[name$="-${column(control)}"]`)].filter((other) => other.offsetParent !== null);
  return same[same.indexOf(control) + 1];
}

// Enter goes to the next row of the same column, Alt+Enter breaks the line; while an IME converts, Enter is its own.
function onKey(event) {
  const control = event.target;
  if (event.key !== "Enter" || event.isComposing || event.keyCode === 229 || !control.matches("input[name], textarea, select")) {
    return;
  }
  if (control.matches("textarea") && (event.altKey || event.shiftKey)) {
    if (event.altKey) {
      event.preventDefault();
      control.setRangeText("\n", control.selectionStart, control.selectionEnd, "end");
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) {
    return;
  }
  event.preventDefault();
  below(control)?.focus();
}

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
  // After an error or a conflict the page itself holds text that is not saved.
  let unsaved = form.querySelector(".dx-entry__row--error, .dx-entry__row--conflict") !== null;
  form.addEventListener("keydown", onKey);
  form.addEventListener("input", (event) => {
    unsaved = true;
    const row = event.target.closest(".dx-entry__row");
    row?.classList.add("dx-entry__row--editing");
    row?.classList.remove("dx-entry__row--missing");
    if (event.target.matches("select")) {
      showTone(event.target);
    }
  });
  form.addEventListener("submit", () => {
    unsaved = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) {
      event.preventDefault();
    }
  });
}
