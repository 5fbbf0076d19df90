// The login ran out while somebody was typing: the text stays, the login opens in a tab of its own.

export function loginLink(form) {
  const link = document.createElement("a");
  link.href = form.dataset.loginUrl;
  link.target = "_blank";
  link.textContent = "ログインし直す（新しいタブ）";
  return link;
}

async function ask(address, accept) {
  const response = await fetch(address, { redirect: "manual", headers: { Accept: accept } });
  return response.ok ? response : null;
}

// The session's own answer, else the token of the page as it would be shown now.
async function session() {
  const told = await ask("/session/", "application/json");
  if (told?.headers.get("Content-Type")?.startsWith("application/json")) return told.json();
  const page = await ask(location.pathname, "text/html");
  if (!page) return null;
  const form = new DOMParser().parseFromString(await page.text(), "text/html").querySelector(".dx-entry-form");
  return { csrf: form?.elements.csrfmiddlewaretoken?.value, person: form?.elements.form_person?.value };
}

// Puts the token of the new login into the form. Returns why it could not, or nothing.
export async function freshToken(form) {
  let found = null;
  try {
    found = await session();
  } catch {
    return "つながりません。";
  }
  if (!found?.csrf) return "ログインの期限が切れました。";
  const person = form.elements.form_person?.value;
  if (person && found.person !== undefined && String(found.person) !== person) {
    return "別の人がログインしています。この画面を入力した人でログインし直してください。";
  }
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = found.csrf;
  return "";
}
