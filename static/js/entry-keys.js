// Keys of the grid: Enter down, Alt+Enter a line break, 1–6 the standing, Ctrl+D the round before, Ctrl+S saving.

const CONTROLS = "input[name], textarea, select";

const column = (control) => control.name.split("-").pop();

function below(form, control) {
  const same = [...form.querySelectorAll(`[name$="-${column(control)}"]`)].filter((other) => other.offsetParent !== null);
  return same[same.indexOf(control) + 1];
}

function breakLine(control) {
  control.setRangeText("\n", control.selectionStart, control.selectionEnd, "end");
  control.dispatchEvent(new Event("input", { bubbles: true }));
}

function onEnter(form, event) {
  const control = event.target;
  if (!control.matches(CONTROLS) || control.type === "hidden") return;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    save(form);
  } else if (control.matches("textarea") && (event.altKey || event.shiftKey)) {
    if (!event.altKey) return; // Shift+Enter breaks the line by itself
    event.preventDefault();
    breakLine(control);
  } else if (!event.altKey && !event.shiftKey) {
    event.preventDefault();
    below(form, control)?.focus();
  }
}

// Also 「３」, as a keyboard left in full width sends it.
function choose(select, key) {
  const digit = key.normalize("NFKC");
  const option = /^[1-6]$/.test(digit) && [...select.options].find((each) => each.text.startsWith(`${digit} `));
  if (!option) return false;
  select.value = option.value;
  for (const kind of ["input", "change"]) select.dispatchEvent(new Event(kind, { bubbles: true }));
  return true;
}

function save(form) {
  form.requestSubmit(form.querySelector(".dx-savebar [name=save]"));
}

export function addKeys(form) {
  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return; // the IME's own keys
    const control = event.target;
    const isControl = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (event.key === "Enter") onEnter(form, event);
    else if (isControl && event.key.toLowerCase() === "s") {
      event.preventDefault();
      save(form);
    } else if (isControl && event.key.toLowerCase() === "d") {
      event.preventDefault(); // else the browser makes a bookmark
      control.closest("[data-row]")?.querySelector("[name=copy]")?.click();
    } else if (control.matches("select") && !event.ctrlKey && !event.altKey && !event.metaKey) {
      if (choose(control, event.key)) event.preventDefault();
    }
  });
}
