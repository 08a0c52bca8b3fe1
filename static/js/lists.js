/* The ticket list: picks all rows of the page and counts the picked ones; forms and links [data-here] take the address
   as it is now, which filters change without loading the page. */
(() => {
  const picks = () => [...document.querySelectorAll("[data-pick]")];
  const all = () => document.querySelector("[data-pick-all]");

  const count = () => {
    const box = all()?.querySelector("input");
    if (!box) return;
    const boxes = picks();
    const picked = boxes.filter((one) => one.checked).length;
    all().hidden = !boxes.length;
    box.checked = picked > 0 && picked === boxes.length;
    box.indeterminate = picked > 0 && picked < boxes.length;
    document.querySelector("[data-pick-count]").textContent = String(picked);
  };

  document.addEventListener("change", ({ target }) => {
    if (target.closest("[data-pick-all]")) for (const one of picks()) one.checked = target.checked;
    if (target.matches("[data-pick]") || target.closest("[data-pick-all]")) count();
  });

  document.addEventListener("submit", ({ target }) => {
    if (target.matches("[data-here]")) target.elements.query.value = window.location.search;
  });
  document.addEventListener("click", ({ target }) => {
    const link = target.closest("a[data-here]");
    if (link) link.search = window.location.search;
  });

  document.body.addEventListener("htmx:afterSettle", count);
  count();
})();
