/* The ticket page: rows that a form can grow by, and polls that leave alone what somebody is typing.
   A form is "touched" from its first input until it was accepted. The page is redrawn around touched forms; if the
   redrawn page no longer has such a form, or has it for another run, the page stays and says that there is news. */
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

  /* Polls */

  document.addEventListener("input", (event) => {
    if (event.target.form?.matches("form.act")) touched.add(event.target.form);
  });

  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.matches(".ticket-poll") && document.hidden) event.preventDefault();
  });

  const stillThere = (form, page) => {
    const fresh = page.getElementById(form.id);
    return fresh !== null && (form.id === "form-comment" || runOf(fresh) === runOf(form));
  };

  let sent = null;
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, serverResponse, requestConfig } = event.detail;
    const { elt } = requestConfig;
    sent = elt.matches("form.act") ? elt : null;
    if (sent && xhr.status !== 422) touched.delete(sent);
    if (sent && xhr.status === 200) sent.reset();
    if (!elt.matches(".ticket-poll") || xhr.status !== 200) return;
    const page = new DOMParser().parseFromString(serverResponse, "text/html");
    if (formsOf(region()).every((form) => !inUse(form) || stillThere(form, page))) return;
    event.detail.shouldSwap = false;
    document.getElementById("ticket-news").hidden = false;
  });

  const { callbacks } = window.Idiomorph.defaults;
  callbacks.beforeNodeMorphed = (node, fresh) => {
    if (node.nodeType !== Node.ELEMENT_NODE || !node.matches("form.act") || node === sent || !inUse(node)) return true;
    /* After an act of one's own, what was begun in another form still means the ticket as it is now. */
    if (runOf(fresh)) node.querySelector('input[name="run"]').value = runOf(fresh);
    return false;
  };
  /* What somebody has folded out stays so. */
  callbacks.beforeAttributeUpdated = (name, node, what) => !(name === "open" && what === "remove" && !sent);

  document.body.addEventListener("htmx:afterSettle", (event) => {
    showButtons();
    const { xhr } = event.detail;
    if (!sent || xhr?.status === 422) return;
    const place = document.getElementById(xhr?.status === 409 ? "ticket-message" : "next-title");
    if (sent.id !== "form-comment" || xhr?.status === 409) place?.focus();
    sent = null;
  });

  showButtons();
})();
