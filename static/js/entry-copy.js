// 前期を写す in place: the record of the round before goes into the row, and what stood there can be put back.

const FIELDS = ["standing", "percent", "text", "reason", "next_step", "completes_on", "to_committee"];

function controlsOf(tr) {
  const named = (name) => tr.querySelector(`[name="r${CSS.escape(tr.dataset.row)}-${name}"]`);
  return new Map(FIELDS.map((name) => [name, named(name)]).filter(([, control]) => control));
}

function put(controls, values) {
  for (const [name, control] of controls) {
    if (control.type === "checkbox") control.checked = Boolean(values[name]);
    else control.value = values[name] ?? "";
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

const valuesOf = (controls) =>
  Object.fromEntries([...controls].map(([name, control]) => [name, control.type === "checkbox" ? control.checked : control.value]));

function rename(button, words) {
  button.firstChild.textContent = words;
}

export function copyInPlace(form) {
  const before = new WeakMap(); // button → what stood in the row
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[name=copy]");
    if (!button) return;
    event.preventDefault();
    const controls = controlsOf(button.closest("[data-row]"));
    const stood = before.get(button);
    before.delete(button);
    if (!stood) before.set(button, valuesOf(controls));
    put(controls, stood ?? { ...button.dataset });
    rename(button, stood ? "前期を写す" : "写す前に戻す");
  });
  // Typed on: there is no way back any more, and the next copy is a copy again.
  form.addEventListener("keyup", (event) => {
    const button = event.target.closest("[data-row]")?.querySelector("[name=copy]");
    if (!button || !before.has(button) || !event.target.matches("input, textarea, select") || event.ctrlKey) return;
    if (!["Tab", "Control", "d", "D", "Shift", "Enter"].includes(event.key)) {
      before.delete(button);
      rename(button, "前期を写す");
    }
  });
}
