/* Around htmx: one request per form at a time, focus on the first field in error, a word when something fails,
   and log-in beside the page when the session ran out (401), after which the same request is sent again. */
(() => {
  const says = document.getElementById("request-words")?.dataset || {};
  const dialog = document.getElementById("login-again");
  let waiting = null;

  const toast = (text) => document.body.dispatchEvent(new CustomEvent("toast", { detail: { tone: "late", text } }));
  /* A poll has no event that triggered it: nobody waits for its answer, so its failure is no news. */
  const isPoll = (detail) => !detail.requestConfig?.triggeringEvent;

  const formOf = ({ elt, verb }) => (verb === "get" ? null : elt.closest("form"));

  /* Asked before htmx would queue a second request behind the first. */
  document.body.addEventListener("htmx:confirm", (event) => {
    if (formOf(event.detail)?.getAttribute("aria-busy") === "true") event.preventDefault();
  });
  document.body.addEventListener("htmx:beforeRequest", ({ detail }) => {
    formOf({ elt: detail.elt, verb: detail.requestConfig.verb })?.setAttribute("aria-busy", "true");
  });

  document.body.addEventListener("htmx:afterRequest", (event) => {
    event.detail.elt.closest("form")?.removeAttribute("aria-busy");
    if (event.detail.successful) delete event.detail.elt.dataset.triedAgain;
  });

  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.xhr?.status !== 422) return;
    const field = event.detail.target?.querySelector?.(".is-invalid");
    field?.focus();
  });

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

  const askToLogIn = (detail) => {
    if (!isPoll(detail)) waiting = detail;
    if (dialog && !dialog.open) dialog.showModal();
  };

  /* 403 may mean no more than a token that became stale by a log-in in another tab: renew it and try once again. */
  const tryOnceMore = async (detail) => {
    if (detail.elt.dataset.triedAgain) {
      delete detail.elt.dataset.triedAgain;
      toast(says.forbidden);
    } else if (await renewToken().catch(() => false)) {
      detail.elt.dataset.triedAgain = "yes";
      sendAgain(detail);
    } else askToLogIn(detail);
  };

  document.body.addEventListener("htmx:responseError", ({ detail }) => {
    const { status } = detail.xhr;
    if (status === 401) askToLogIn(detail);
    else if (isPoll(detail)) return;
    else if (status === 403) tryOnceMore(detail);
    else toast(status === 404 ? says.missing : says.broken);
  });

  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.body.addEventListener(name, (event) => {
      if (!isPoll(event.detail)) toast(says.offline);
    });
  }

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
