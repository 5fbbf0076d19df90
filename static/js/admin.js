// Names for controls that Django's admin leaves without one: cells of an editable list, inline rows, dates, search boxes.
const text = (node) => (node ? node.textContent.trim().replace(/[:：]$/, "") : "");

function name(control, words) {
  if (control.labels?.length || control.getAttribute("aria-label") || control.type === "hidden") return;
  const label = words.filter(Boolean).join(" ");
  if (label) control.setAttribute("aria-label", label);
}

function headingOf(cell) {
  const heads = cell.closest("table")?.tHead?.rows[0]?.cells ?? [];
  return text(heads[cell.cellIndex]?.querySelector(".text") ?? heads[cell.cellIndex]);
}

function nameCells(scope) {
  for (const cell of scope.querySelectorAll("#result_list td, .tabular td")) {
    const row = text(cell.parentElement.querySelector("th")) || text(cell.parentElement.querySelector(".original p"));
    for (const control of cell.querySelectorAll("input, select, textarea")) {
      name(control, [row, headingOf(cell), dayOrTime(control)]);
    }
  }
}

function dayOrTime(control) {
  if (control.classList.contains("vDateField")) return "日付";
  return control.classList.contains("vTimeField") ? "時刻" : "";
}

function nameDates(scope) {
  for (const control of scope.querySelectorAll(".vDateField, .vTimeField")) {
    const row = control.closest("fieldset.flex-container, .form-row, .fieldBox");
    name(control, [text(row?.querySelector("legend, label")), dayOrTime(control)]);
  }
}

function nameSearchBoxes(scope) {
  for (const select of scope.querySelectorAll("select.admin-autocomplete")) {
    const box = select.nextElementSibling?.querySelector(".select2-selection");
    if (!box) continue;
    const label = text(select.labels?.[0]) || select.getAttribute("aria-label") || headingOf(select.closest("td") ?? select);
    for (const node of [box, box.querySelector("[role=textbox]")]) {
      node?.setAttribute("aria-label", label);
      node?.removeAttribute("aria-labelledby");
    }
  }
}

function nameTheRest(scope) {
  for (const head of scope.querySelectorAll(".tabular thead th")) {
    if (text(head)) continue;
    const words = document.createElement("span");
    words.className = "visually-hidden";
    words.textContent = head.classList.contains("original") ? "対象" : "操作";
    head.append(words);
  }
  for (const tip of scope.querySelectorAll("span.help-tooltip[aria-label]")) tip.setAttribute("role", "img");
}

function nameAll(scope = document) {
  nameCells(scope);
  nameDates(scope);
  nameSearchBoxes(scope);
  nameTheRest(scope);
}

function start() {
  nameAll();
  window.addEventListener("load", () => nameAll()); // the pick lists are drawn last
  document.addEventListener("formset:added", () => nameAll());
}

// jQuery runs what waits for it in order, so this comes after the search boxes are drawn.
if (window.django?.jQuery) window.django.jQuery(start);
else document.addEventListener("DOMContentLoaded", start);
