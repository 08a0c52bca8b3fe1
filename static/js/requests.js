/* Around htmx: one request per form at a time, focus on the first field in error, a word when something fails,
   and log-in beside the page when the session ran out (401), after which the same request is sent again. */
(() => {
  const says = document.getElementById("request-words")?.dataset || {};
  const dialog = document.getElementById("login-again");
  let waiting = null;

  const toast = (text) => document.body.dispatchEvent(new CustomEvent("toast", { detail: { tone: "late", text } }));
  /* A poll has no event that triggered it: nobody waits for its answer, so its failure is no news. */
  const isPoll = (detail) => !detail.requestConfig?.triggeringEvent;

  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.detail.elt.closest("form");
    if (!form || event.detail.requestConfig.verb === "get") return;
    if (form.getAttribute("aria-busy") === "true") event.preventDefault();
    form.setAttribute("aria-busy", "true");
  });

  document.body.addEventListener("htmx:afterRequest", (event) => {
    event.detail.elt.closest("form")?.removeAttribute("aria-busy");
  });

  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.xhr?.status !== 422) return;
    const field = event.detail.target?.querySelector?.(".is-invalid");
    field?.focus();
  });

  document.body.addEventListener("htmx:responseError", (event) => {
    const { status } = event.detail.xhr;
    if (status === 401 && dialog) {
      if (!isPoll(event.detail)) waiting = event.detail;
      if (!dialog.open) dialog.showModal();
      return;
    }
    if (isPoll(event.detail)) return;
    toast({ 403: says.forbidden, 404: says.missing }[status] || says.broken);
  });

  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.body.addEventListener(name, (event) => {
      if (!isPoll(event.detail)) toast(says.offline);
    });
  }

  /* Log-in gives a new CSRF token; the page here still holds the old one. */
  const renewToken = async () => {
    const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || page.body.dataset.person !== document.body.dataset.person) return false;
    const headers = page.body.getAttribute("hx-headers");
    document.body.setAttribute("hx-headers", headers);
    const token = JSON.parse(headers)["X-CSRFToken"];
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
    return true;
  };

  const sendAgain = ({ elt, requestConfig }) => {
    if (elt.tagName === "FORM") elt.requestSubmit(requestConfig.triggeringEvent?.submitter || undefined);
    else window.htmx.trigger(elt, requestConfig.triggeringEvent.type);
  };

  dialog?.querySelector("[data-try-again]").addEventListener("click", async () => {
    const note = dialog.querySelector("[data-still-out]");
    note.hidden = true;
    if (!(await renewToken().catch(() => false))) {
      note.hidden = false;
      return;
    }
    dialog.close();
    if (waiting) sendAgain(waiting);
    waiting = null;
  });
})();
