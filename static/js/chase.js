// 催促: how many sections are chosen, and choosing all of them at once. Without script the button says it without a number.
const form = document.querySelector("[data-chase]");
const all = form.querySelector("[data-chase-all]");
const words = form.querySelector("[data-chase-button] span");
const ticks = [...form.querySelectorAll("input[name=section]")];

function show() {
  const chosen = ticks.filter((tick) => tick.checked).length;
  words.textContent = chosen ? `選んだ${chosen}課に催促を送る` : "選んだ課に催促を送る";
  all.checked = chosen === ticks.length;
  all.indeterminate = chosen > 0 && chosen < ticks.length;
}

all.hidden = false;
all.addEventListener("change", () => {
  for (const tick of ticks) tick.checked = all.checked;
  show();
});
for (const tick of ticks) tick.addEventListener("change", show);
show();
