// What is typed about a proposal is kept while it is typed. The buttons save; this only lets nothing be lost.
const form = document.querySelector("[data-draft-url]");

const PAUSE = 1500;
const LONGEST_WAIT = 60_000;

if (form) {
  const status = form.querySelector("[data-draft-status]");
  let timer = 0;
  let failures = 0;
  let isSent = false;
  let running = null;

  const say = (text) => {
    status.textContent = text;
  };

  async function keep() {
    if (isSent) return;
    running = new AbortController();
    const body = new FormData(form);
    body.set("proposal", form.dataset.proposal ?? "");
    try {
      const response = await fetch(form.dataset.draftUrl, { method: "POST", body, redirect: "manual", headers: { Accept: "application/json" }, signal: running.signal });
      if (response.status >= 500) throw new Error("not kept");
      if (response.type === "opaqueredirect" || [401, 403].includes(response.status)) {
        say("ログインの期限が切れました。入力はこの画面に残っています。別の画面でログインし直してから、続けてください。");
        return;
      }
      const answer = await response.json();
      failures = 0;
      if (!response.ok) say(answer.sentence);
      else if (answer.saved_at) say(`下書き保存 ${answer.saved_at}`);
    } catch {
      if (isSent) return;
      failures += 1;
      say("下書きを保存できていません。つながると、自動で保存します。");
      timer = setTimeout(keep, Math.min(PAUSE * 2 ** failures, LONGEST_WAIT));
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  });
  form.addEventListener("submit", () => {
    isSent = true;
    clearTimeout(timer);
    running?.abort();
  });
}
