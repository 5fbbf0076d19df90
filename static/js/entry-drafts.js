// Each row is kept as a draft while it is typed. A draft is no report: 保存する makes one.

import { freshToken, loginLink } from "./entry-login.js";

const PAUSE = 1500;
const LONGEST_WAIT = 60_000;
const QUIET = 10_000; // the status is read aloud at most this often

export function keepDrafts(form) {
  const rows = new Map(); // code → what is known about the row's text
  const strip = form.querySelector("[data-entry-strip]");
  const status = form.querySelector("[data-entry-status]");
  let spoken = 0;
  let isLoggedOut = false;

  const stateOf = (code) => {
    if (!rows.has(code)) rows.set(code, { typed: 0, kept: 0, busy: false, timer: 0, failures: 0, refusal: undefined });
    return rows.get(code);
  };
  const rowOf = (code) => form.querySelector(`[data-row="${CSS.escape(code)}"]`);
  const isUnsaved = () => [...rows.values()].some((row) => row.typed > row.kept);

  function say(code, text, kind) {
    const words = document.createElement("span");
    words.className = `dx-saved dx-saved--${kind}`;
    words.textContent = text;
    rowOf(code)?.querySelector("[data-entry-state]")?.replaceChildren(words);
  }

  function announce(text) {
    if (Date.now() - spoken < QUIET) return;
    spoken = Date.now();
    status.textContent = text;
  }

  function showStrip() {
    const failing = [...rows.values()].filter((row) => row.failures);
    strip.hidden = failing.length === 0;
    if (!failing.length) return;
    const why = failing.find((row) => row.refusal)?.refusal ?? "つながりません。つながると、自動で保存します。";
    strip.textContent = `保存できていません（${failing.length}行）。入力はこの画面に残っています。${why}`;
    if (isLoggedOut) strip.append(loginLink(form));
  }

  function later(code, wait = PAUSE) {
    if (!form.dataset.draftUrl) return; // the round takes nothing any more
    const row = stateOf(code);
    clearTimeout(row.timer);
    row.timer = setTimeout(() => send(code), wait);
  }

  // One request at a time for a row; what was typed meanwhile goes with the next one.
  async function send(code) {
    const row = stateOf(code);
    clearTimeout(row.timer);
    if (row.busy || row.typed === row.kept) return;
    row.busy = true;
    const sent = row.typed;
    try {
      await post(code, row, sent);
    } catch {
      row.failures += 1;
      row.refusal = undefined;
      later(code, Math.min(PAUSE * 2 ** row.failures, LONGEST_WAIT));
    }
    row.busy = false;
    showStrip();
    if (!row.failures && row.typed > sent) later(code, 0);
  }

  async function post(code, row, sent) {
    const body = new FormData();
    body.set("code", code);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    for (const [name, value] of new FormData(form)) {
      if (name.startsWith(`r${code}-`)) body.set(name, value);
    }
    const response = await fetch(form.dataset.draftUrl, { method: "POST", body, redirect: "manual", headers: { Accept: "application/json" } });
    if (response.status >= 500) throw new Error("not kept");
    if (response.type === "opaqueredirect" || [401, 403].includes(response.status)) {
      isLoggedOut = true;
      row.failures = 1;
      row.refusal = response.status === 403 ? "ログインの期限が切れたか、権限が変わりました。" : "ログインの期限が切れました。";
      return;
    }
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    const answer = isJson ? await response.json() : {};
    if (!response.ok) {
      // Refused for good: trying again would not help, and the text stays here.
      row.failures = 1;
      row.refusal = answer.sentence ?? "サーバーが受け取りませんでした。";
      return;
    }
    row.kept = sent;
    row.failures = 0;
    row.refusal = undefined;
    if (row.typed > sent) return;
    show(code, answer);
  }

  function show(code, answer) {
    const tr = rowOf(code);
    const hasErrors = Object.keys(answer.errors).length > 0;
    tr?.classList.remove("dx-entry__row--editing", "dx-entry__row--missing");
    tr?.classList.toggle("dx-entry__row--error", hasErrors);
    tr?.classList.toggle("dx-entry__row--conflict", Boolean(answer.conflict));
    if (answer.conflict) say(code, answer.conflict, "conflict");
    else if (hasErrors) say(code, Object.values(answer.errors).join(""), "error");
    else if (answer.saved_at) say(code, `下書き ${answer.saved_at}`, "editing");
    else say(code, "変更なし", "done");
    if (answer.saved_at) announce(`下書きを保存しました ${answer.saved_at}`);
  }

  // Back from the login in the other tab: a new token, and everything that waits is sent again.
  async function comeBack() {
    if (!isLoggedOut) return;
    const problem = await freshToken(form);
    if (problem) {
      for (const row of rows.values()) if (row.failures) row.refusal = problem;
      showStrip();
      return;
    }
    isLoggedOut = false;
    sendAll();
  }

  const sendAll = () => Promise.all([...rows.keys()].map((code) => send(code)));

  form.addEventListener("input", (event) => {
    const tr = event.target.closest("[data-row]");
    if (!tr) return;
    stateOf(tr.dataset.row).typed += 1;
    say(tr.dataset.row, "入力中…", "editing");
    later(tr.dataset.row);
  });
  form.addEventListener("focusout", (event) => {
    const tr = event.target.closest("[data-row]");
    if (tr && !tr.contains(event.relatedTarget) && rows.has(tr.dataset.row)) later(tr.dataset.row, 0);
  });
  // Rendered with text that was refused or carried over: it is on this page and nowhere else yet.
  for (const tr of form.querySelectorAll("[data-unsaved]")) {
    stateOf(tr.dataset.row).typed += 1;
    later(tr.dataset.row);
  }
  window.addEventListener("online", () => {
    for (const [code, row] of rows) if (row.typed > row.kept) later(code, 0);
  });
  window.addEventListener("focus", comeBack);
  document.addEventListener("visibilitychange", () => document.hidden || comeBack());
  return { isUnsaved, sendAll };
}
