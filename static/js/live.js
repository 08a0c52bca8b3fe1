/* Pages that stay open renew themselves. <main> may hold one [data-live] (its address) with data-version; on other pages
   the bell alone is asked for. The server answers 204 while page (v) and bell (b) are as they were, else with whichever
   has changed. Optional: data-news, a sentence for screen readers, said when it (or data-news-key) is another one.
   Nobody asks while the tab is hidden; after failures less and less often. See docs/decisions/living-pages.md. */
(() => {
  const EVERY = 15_000;
  const SOON = 5_000;
  const SELDOM = 120_000;
  const PATIENCE = 20_000;

  const note = document.getElementById("live-note");
  const bell = () => document.getElementById("bell");
  const region = () => document.querySelector("main [data-live]") || bell();
  if (!note || !region()) return;

  let timer = 0;
  let asking = false;
  let acts = 0;
  let failures = 0;
  let over = "";

  /* Telling */

  const tell = (which) => {
    for (const line of note.children) {
      const hide = line.dataset.liveNote !== which;
      if (line.hidden !== hide) line.hidden = hide;
    }
    document.dispatchEvent(new CustomEvent("live-note", { detail: which }));
  };

  const newsOf = (at) => `${at.dataset.newsKey || ""} ${at.dataset.news || ""}`;
  const announce = (text) => {
    const place = document.getElementById("live-news");
    place.textContent = "";
    setTimeout(() => { place.textContent = text; }, 100);
  };

  /* Renewing */

  const saidOf = (element) => (element.matches("button, summary") ? element.textContent.trim() : "");
  const nameOf = (element) =>
    [element.tagName, element.id, element.getAttribute("href"), element.getAttribute("name"), element.form?.id,
      element.form?.getAttribute("action"), saidOf(element)].join("|");

  /* What had the focus has it afterwards. Where it is gone, nothing else gets it that a key could set off. */
  const keepingFocus = (renew) => {
    const held = document.activeElement;
    const name = nameOf(held);
    const from = held.selectionStart;
    const to = held.selectionEnd;
    renew();
    const now = document.activeElement;
    if (held === document.body || (now === held && nameOf(now) === name)) return;
    const at = region();
    const again = [...at.querySelectorAll("a, button, input, select, textarea, summary")].find((one) => nameOf(one) === name);
    if (!again) at.tabIndex = -1;
    (again || at).focus({ preventScroll: true });
    if (again && typeof from === "number") again.setSelectionRange(from, to);
  };

  /* What somebody has folded out or in stays so, and so does what they have picked. */
  const isTheirs = (name, at) => name === "open" || (name === "checked" && at.matches("[data-pick], [data-pick-all] *"));
  const callbacks = { beforeAttributeUpdated: (name, at) => !isTheirs(name, at) };
  const morph = (old, fresh) => window.Idiomorph.morph(old, fresh, { morphStyle: "outerHTML", callbacks });

  const ring = (fresh) => {
    if (bell().ariaCurrent) fresh.ariaCurrent = bell().ariaCurrent;
    morph(bell(), fresh);
  };

  const renew = (at, page) => {
    const fresh = page.getElementById(at.id);
    const rung = page.getElementById("bell");
    if (!fresh && !rung) throw new Error("This answer is none of ours.");
    const heard = newsOf(at);
    keepingFocus(() => {
      if (rung) ring(rung);
      if (fresh && fresh !== rung) morph(at, fresh);
    });
    window.htmx.process(region());
    window.htmx.trigger(document.body, "htmx:afterSettle", {});
    if (newsOf(region()) !== heard) announce(region().dataset.news);
  };

  /* Asking */

  const addressOf = (at) => {
    const address = new URL(at.dataset.live, window.location.href);
    address.searchParams.set("v", at.dataset.version);
    if (at !== bell() && bell()) address.searchParams.set("b", bell().dataset.version);
    return address.href;
  };

  const tellTime = (answer, sent) => {
    const now = Number(answer.headers.get("X-Now")) * 1000;
    if (now) document.dispatchEvent(new CustomEvent("server-time", { detail: { now, sent, received: performance.now() } }));
  };

  /* An act of the person's own, or another filter, renews the page by itself: this answer is about an older one. */
  const isOutdated = (at, asked) => acts > 0 || region() !== at || addressOf(at) !== asked;

  const ask = async (at) => {
    const asked = addressOf(at);
    const sent = performance.now();
    const headers = { "HX-Request": "true", "HX-Target": at.id, "HX-Current-URL": window.location.href };
    const answer = await fetch(asked, { headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status === 401) over = "ended";
    else if ([403, 404].includes(answer.status) || answer.headers.has("HX-Redirect")) over = "gone";
    else if (!answer.ok) throw new Error(`Answered ${answer.status}.`);
    if (over) return;
    tellTime(answer, sent);
    if (answer.status === 204) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!isOutdated(at, asked)) renew(at, page);
  };

  const look = async () => {
    if (asking || document.hidden || !region()) return;
    asking = true;
    try {
      await ask(region());
      failures = 0;
    } catch {
      failures += 1;
    }
    asking = false;
    tell(over || (failures > 1 ? "lost" : ""));
    plan(failures ? Math.min(SELDOM, SOON * 2 ** (failures - 1)) : EVERY);
  };

  /* Not all pages of an office at the same moment. */
  const plan = (most) => {
    clearTimeout(timer);
    if (!document.hidden && !over) timer = setTimeout(look, most * (0.8 + 0.2 * Math.random()));
  };

  /* Somebody is back: at the tab, at the PC, on the network, or logged in again. A network that is up is not yet a way
     to the server: what fails now is tried again soon. */
  const wake = () => {
    if (over === "gone") return;
    over = "";
    failures = Math.min(failures, 1);
    clearTimeout(timer);
    look();
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : wake()));
  window.addEventListener("online", wake);
  window.addEventListener("pageshow", (event) => { if (event.persisted) wake(); });

  /* A PC that slept has lost time of its own clock between two seconds. */
  let last = Date.now();
  setInterval(() => {
    const now = Date.now();
    if (Math.abs(now - last) > SOON && !document.hidden) wake();
    last = now;
  }, 1000);

  document.body.addEventListener("htmx:beforeSend", () => { acts += 1; });
  document.body.addEventListener("htmx:afterRequest", () => { acts = Math.max(0, acts - 1); });

  plan(EVERY);
})();
