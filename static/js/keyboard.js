/* Shortcuts: / search, n new, g t tickets, g b home, ? help. Never while somebody types. Also menus and dialogs. */
(() => {
  const typing = (element) => element.closest("input, textarea, select, [contenteditable], dialog[open]");
  const follow = (selector) => document.querySelector(selector)?.click();
  let waitingForSecond = 0;

  const search = () => {
    const fields = [...document.querySelectorAll("[data-shortcut-search]")];
    const field = fields.findLast((candidate) => candidate.offsetParent !== null);
    if (field) field.focus();
    else follow("[data-open-search]");
  };

  const keys = {
    "/": search,
    n: () => follow("[data-shortcut-new]"),
    "?": () => document.getElementById("keyboard-help")?.showModal(),
    g: () => { waitingForSecond = Date.now(); },
  };
  const afterG = {
    t: () => follow("[data-shortcut-tickets]"),
    b: () => follow("[data-shortcut-home]"),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    const table = Date.now() - waitingForSecond < 1500 ? afterG : keys;
    waitingForSecond = 0;
    const act = table[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu !== except) menu.open = false;
    }
  };

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open-dialog]");
    closeMenus(opener ? null : event.target.closest("details.menu"));
    if (opener) document.getElementById(opener.dataset.openDialog)?.showModal();
    if (event.target.matches("dialog.dialog[open]")) event.target.close();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.menu[open]");
    closeMenus(null);
    menu?.querySelector("summary").focus();
  });
})();
