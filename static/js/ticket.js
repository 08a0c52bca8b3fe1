/* The ticket page: rows that a form can grow by, and a page that renews itself around what somebody is typing.
   A form is "touched" from its first input until it was accepted. The page is redrawn around touched forms; if the
   redrawn page no longer has such a form, or has it for another run, the block of forms stays, can no longer be sent,
   and says what has changed. */
(() => {
  const region = () => document.getElementById("ticket");
  if (!region()) return;

  const touched = new WeakSet();
  const formsOf = (root) => [...root.querySelectorAll("form.act")];
  const inUse = (form) => touched.has(form) || form.contains(document.activeElement);
  const runOf = (form) => form.querySelector('input[name="run"]')?.value;

  /* Rows */

  const showButtons = () => {
    for (const button of document.querySelectorAll("[data-rows-add]")) button.hidden = false;
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-rows-add]");
    if (!button) return;
    const rows = button.closest("[data-rows]");
    const total = rows.querySelector(`[name="${rows.dataset.rows}-TOTAL_FORMS"]`);
    const most = rows.querySelector(`[name="${rows.dataset.rows}-MAX_NUM_FORMS"]`);
    if (Number(total.value) >= Number(most.value)) return;
    const place = document.createElement("div");
    place.innerHTML = rows.querySelector("template").innerHTML.replaceAll("__prefix__", total.value);
    const row = rows.querySelector("[data-rows-list]").appendChild(place.firstElementChild);
    total.value = Number(total.value) + 1;
    touched.add(button.form);
    row.querySelector("input").focus();
  });

  /* Stock: what the catalogue has of an item, beside the field that names it. */

  const showStock = (row) => {
    const [name, quantity] = row.querySelectorAll("input");
    const place = row.querySelector("[data-item-stock]");
    const options = [...(name.list?.options ?? [])];
    const found = options.find((option) => option.value.toLowerCase() === name.value.trim().toLowerCase());
    place.hidden = !found;
    place.textContent = found?.textContent ?? "";
    place.classList.toggle("text-tone-late", Boolean(found) && Number(found.dataset.stock) < Number(quantity.value || 1));
  };

  const showStocks = () => document.querySelectorAll("[data-rows-list] .item-row").forEach(showStock);

  document.addEventListener("input", (event) => {
    const row = event.target.closest(".item-row");
    if (row) showStock(row);
  });

  /* Renewal */

  document.addEventListener("input", (event) => {
    if (event.target.form?.matches("form.act")) touched.add(event.target.form);
  });

  /* The form of one's own act that is being answered, and whether it was refused (409). */
  let sent = null;
  let refused = false;
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    const redraws = [200, 409, 422].includes(xhr.status);
    sent = redraws && requestConfig.elt.matches("form.act") ? requestConfig.elt : null;
    refused = xhr.status === 409;
    if (!sent || xhr.status !== 200) return;
    touched.delete(sent);
    sent.reset();
  });

  const isAnswered = (form) => form === sent && !(refused && touched.has(form));

  /* After an act of one's own, what was begun in another form still means the ticket as it is now. */
  const goesOn = (form, fresh) => {
    const next = fresh.querySelector(`#${CSS.escape(form.id)}`);
    return next !== null && ((sent !== null && !refused) || runOf(next) === runOf(form));
  };

  const mustStay = (block, fresh) => {
    const notice = block.querySelector("#ticket-news");
    const orphans = formsOf(block).filter((form) => !isAnswered(form) && inUse(form) && !goesOn(form, fresh));
    const isOwnWish = sent !== null && !refused && block.contains(sent);
    if (isOwnWish || (!orphans.length && notice.hidden)) return false;
    notice.querySelector("[data-news-words]").textContent = fresh.closest("[data-news]").dataset.news;
    notice.hidden = false;
    for (const clock of block.querySelectorAll(".clock")) clock.hidden = true;
    for (const form of orphans) for (const button of form.querySelectorAll("[type=submit]")) button.disabled = true;
    return true;
  };

  const { callbacks } = window.Idiomorph.defaults;
  callbacks.beforeNodeMorphed = (node, fresh) => {
    if (node.nodeType !== Node.ELEMENT_NODE) return true;
    if (node.matches(".ticket-next")) return !mustStay(node, fresh);
    if (node.matches("#reassign-people") && !sent && node.querySelector("input")) return Boolean(fresh.querySelector("input"));
    if (!node.matches("form.act") || isAnswered(node) || !inUse(node)) return true;
    if (runOf(fresh)) node.querySelector('input[name="run"]').value = runOf(fresh);
    return false;
  };
  /* What somebody has folded out stays so. */
  callbacks.beforeAttributeUpdated = (name, node, what) => !(name === "open" && what === "remove" && !sent);

  document.body.addEventListener("htmx:afterSettle", (event) => {
    showButtons();
    showStocks();
    const own = sent;
    sent = null;
    if (!own || event.detail.xhr?.status === 422) return;
    const place = document.getElementById(refused ? "ticket-message" : "next-title");
    if (own.id !== "form-comment" || refused) place?.focus();
  });

  showButtons();
  showStocks();
})();
