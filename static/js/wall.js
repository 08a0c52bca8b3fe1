/* A wall display: turns its pages, tells the time, and says since when it shows an old picture. live.js renews it.
   Keys: space stops and starts the turning, ← and → turn. What is shown is said on <html>, where no renewal reaches. */
(() => {
  const EVERY = 20_000;
  const root = document.documentElement;
  const region = () => document.getElementById("wall");
  const turns = [...document.querySelectorAll("[data-wall-turn]")];
  const pause = document.querySelector("[data-wall-pause]");
  const names = turns.map((turn) => turn.dataset.wallTurn);
  let timer = 0;

  /* Turning */

  const show = (name) => {
    root.dataset.wallPage = name;
    for (const turn of turns) {
      if (turn.dataset.wallTurn === name) turn.setAttribute("aria-current", "true");
      else turn.removeAttribute("aria-current");
    }
  };
  const paused = () => root.dataset.wallPaused === "yes";
  const plan = () => {
    clearInterval(timer);
    if (!paused()) timer = setInterval(() => turn(1), EVERY);
  };
  const turn = (by) => show(names[(names.indexOf(root.dataset.wallPage) + by + names.length) % names.length]);
  const turnByHand = (act) => { act(); plan(); };
  const toggle = () => {
    root.dataset.wallPaused = paused() ? "no" : "yes";
    pause.setAttribute("aria-pressed", String(paused()));
    plan();
  };

  for (const button of turns) button.addEventListener("click", () => turnByHand(() => show(button.dataset.wallTurn)));
  pause.addEventListener("click", toggle);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowRight") turnByHand(() => turn(1));
    if (event.key === "ArrowLeft") turnByHand(() => turn(-1));
    if (event.key === " " && !event.target.closest("button")) {
      event.preventDefault();
      toggle();
    }
  });

  /* The time, by the server's clock */

  const clock = document.querySelector("[data-wall-clock]");
  const zone = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Jakarta" };
  const inWords = new Intl.DateTimeFormat(root.lang === "en" ? "en-GB" : "id-ID", zone);
  let ahead = Date.parse(clock.dataset.wallClock) - performance.now();
  let fresh = ahead + performance.now();
  const tick = () => { clock.textContent = inWords.format(performance.now() + ahead); };
  document.addEventListener("server-time", ({ detail }) => {
    ahead = detail.now - detail.received;
    fresh = detail.now;
    tick();
  });
  setInterval(tick, 5000);

  /* An old picture says how old it is; a link that was revoked shows nothing any more. */

  document.addEventListener("live-note", ({ detail }) => {
    root.classList.toggle("is-stale", detail === "lost");
    if (detail === "lost") document.querySelector("[data-wall-since]").textContent = inWords.format(fresh);
    if (detail === "gone") region()?.remove();
  });

  /* After an update of HaloCIK the page is loaded anew, since nobody stands there to do it. */
  const build = region().dataset.build;
  document.body.addEventListener("htmx:afterSettle", () => {
    if (region() && region().dataset.build !== build) window.location.reload();
  });

  tick();
  plan();
})();
