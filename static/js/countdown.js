/* Ticks what the server wrote into <time data-countdown>. The browser's wall clock is never asked: seconds are counted
   from the moment the element (or a new data-now) was first seen. Attributes: see templates/components/countdown.html. */
(() => {
  const source = document.getElementById("countdown-words");
  if (!source) return;
  const words = JSON.parse(source.textContent);
  const seen = new WeakMap();

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

  /* Seconds left on the clock now; the clock stands from data-stops on (lunch, evening), until the page is drawn anew. */
  const secondsLeft = (element) => {
    const { now, left, stops } = element.dataset;
    let first = seen.get(element);
    if (!first || first.now !== now) {
      first = { now, at: performance.now() };
      seen.set(element, first);
    }
    let passed = (performance.now() - first.at) / 1000;
    if (stops) passed = Math.min(passed, (Date.parse(stops) - Date.parse(now)) / 1000);
    return Number(left) - Math.max(0, passed);
  };

  const tick = () => {
    for (const element of document.querySelectorAll("[data-countdown]")) {
      const left = secondsLeft(element);
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
})();
