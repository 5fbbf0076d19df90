// Several cells of Excel, pasted into the grid, go to the page that shows every change first. One cell is only text.

function isCells(clipboard) {
  const html = clipboard.getData("text/html");
  if (/<table[\s>]/i.test(html)) return (html.match(/<t[dh][\s>]/gi) ?? []).length > 1;
  return clipboard.getData("text/plain").includes("\t");
}

export function sendPastedCells(form, drafts) {
  const paste = document.querySelector("#paste-form");
  if (!paste) return;
  form.addEventListener("paste", async (event) => {
    const row = event.target.closest("[data-row]");
    if (!isCells(event.clipboardData)) return;
    event.preventDefault();
    paste.elements.text.value = event.clipboardData.getData("text/plain");
    paste.elements.at_row.value = row?.dataset.row ?? "";
    paste.elements.at_column.value = row ? (event.target.name?.split("-").pop() ?? "") : "";
    await drafts.sendAll(); // what has been typed so far is waiting as drafts when the grid is opened again
    paste.requestSubmit();
  });
}
