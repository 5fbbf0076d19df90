// The arithmetic of a proposal, shown while the figures are typed. The server computes what is stored.
const form = document.querySelector("[data-effect]");

const UNITS = { 円: 0.001, 千円: 1, 万円: 10, 百万円: 1000, 件: 1, 分: 1, 時間: 60 };

// 「１，２００」 and 「430万円」 are read as the server reads them; null: not a number.
function figure(name) {
  const typed = form.elements[name].value.normalize("NFKC").replaceAll(/[,\s]/g, "");
  const match = /^(\d+(?:\.\d+)?)(\D*)$/.exec(typed);
  if (!match) return null;
  const factor = match[2] === "" ? 1 : UNITS[match[2]];
  return factor === undefined ? null : Number(match[1]) * factor;
}

function show(selector, value) {
  form.querySelector(selector).textContent = value === null ? "―" : value.toLocaleString("ja-JP");
}

// 千円 as 万円
const manen = (thousands) => (thousands === null ? null : thousands / 10);

function calculate() {
  const volume = figure("yearly_volume");
  const minutes = figure("minutes_saved");
  // Tenths of minutes, so that the division stays exact.
  const hours = volume === null || minutes === null ? null : Math.floor((volume * Math.round(minutes * 10)) / 600);
  const yearly = hours === null ? null : Math.floor((hours * Number(form.dataset.yenPerHour)) / 1000);
  const initial = figure("initial_cost");
  const running = figure("yearly_cost");
  const total = initial === null || running === null ? null : initial + running * 5;
  show("[data-effect-hours]", hours);
  show("[data-effect-yearly]", manen(yearly));
  show("[data-effect-total]", manen(total));
  showYears(initial, running);
}

// What no source pays in a year is 一般財源.
function showYears(initial, running) {
  const costs = form.querySelectorAll("[data-cost-year]");
  const rests = form.querySelectorAll("[data-rest-year]");
  costs.forEach((output, index) => {
    const cost = initial === null || running === null ? null : running + (index === 0 ? initial : 0);
    const paid = [...form.querySelectorAll(`[name^="funding_"][name$="_${index + 1}"]`)].filter((input) => /_\d+_\d+$/.test(input.name));
    const sum = paid.reduce((total, input) => total + (figure(input.name) ?? 0), 0);
    output.textContent = cost === null ? "―" : cost.toLocaleString("ja-JP");
    const rest = cost === null ? null : cost - sum;
    rests[index].textContent = rest === null ? "―" : rest < 0 ? `超過 ${rest.toLocaleString("ja-JP")}` : rest.toLocaleString("ja-JP");
  });
}

if (form) {
  form.addEventListener("input", calculate);
  calculate();
}
