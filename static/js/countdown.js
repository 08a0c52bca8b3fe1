/* Ticks what the server wrote into <time data-countdown>, by the server's clock: the browser's own is never asked, only
   how much time has passed since the server last told its time. Attributes: see halocik/templatetags/clock.py. */
(() => {
  const source = document.getElementById("countdown-words");
  if (!source) return;
  const words = JSON.parse(source.textContent);

  /* The server's time is performance.now() + ahead. `now` (whole seconds) was told between `sent` and `received`; what
     is known so far stays as long as it agrees, so that a slow answer does not make a countdown jump. */
  let ahead = null;
  const learn = ({ now, sent, received }) => {
    const least = now - received;
    const most = now + 1000 - sent;
    if (ahead === null || ahead < least || ahead > most) ahead = least;
  };

  const known = new Set();
  const learnFromPage = () => {
    const [arrival] = performance.getEntriesByType("navigation");
    for (const { dataset } of document.querySelectorAll("[data-countdown]")) {
      if (known.has(dataset.now)) continue;
      const received = known.size || !arrival?.responseStart ? performance.now() : arrival.responseStart;
      known.add(dataset.now);
      learn({ now: Date.parse(dataset.now), sent: 0, received });
    }
  };

  const counted = (forms, n) => forms[n === 1 ? 0 : 1].replace("%(n)s", n);

  const span = (seconds) => {
    const minutes = Math.floor(seconds / 60) % 60;
    const hours = Math.floor(seconds / 3600);
    const parts = [];
    if (hours) parts.push(counted(words.hours, hours));
    if (minutes && hours < 100) parts.push(counted(words.minutes, minutes));
    return parts.join(" ") || words.moment;
  };

  const inWords = (left) =>
    left < 0
      ? words.late.replace("%(span)s", span(-left))
      : words.left.replace("%(span)s", span(left < 60 ? left : Math.ceil(left / 60) * 60));

  /* Seconds left now; the clock stands from data-stops on (lunch, evening), until the page is drawn anew. */
  const secondsLeft = ({ now, left, stops }) => {
    const drawn = Date.parse(now);
    const at = Math.min(performance.now() + ahead, stops ? Date.parse(stops) : Infinity);
    return Number(left) - Math.max(0, Math.floor((at - drawn) / 1000));
  };

  const tick = () => {
    learnFromPage();
    for (const element of document.querySelectorAll("[data-countdown]")) {
      const left = secondsLeft(element.dataset);
      const text = inWords(left);
      const place = element.querySelector("[data-countdown-text]");
      if (place.textContent !== text) place.textContent = text;
      element.classList.toggle("is-late", left < 0);
      element.classList.toggle("is-soon", left >= 0 && left <= Number(element.dataset.soon || -1));
      element.classList.toggle("is-fine", left >= 0 && left > Number(element.dataset.soon || -1));
    }
  };

  tick();
  setInterval(tick, 1000);
  document.body.addEventListener("htmx:afterSettle", tick);
  document.addEventListener("server-time", ({ detail }) => {
    learn(detail);
    tick();
  });
})();
