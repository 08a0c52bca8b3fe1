// Draws each <canvas data-chart="table id"> from that table, so that the two can never differ: a row is a point, its
// <th> the label, and a column whose heading has data-series ("bar" or "line") a series of its cells' data-value.
// A point opens what its row links to.
(() => {
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const series = (table) =>
    [...table.tHead.rows[0].cells]
      .filter((head) => head.dataset.series)
      .map((head) => ({
        type: head.dataset.series,
        label: head.textContent.trim(),
        data: [...table.tBodies[0].rows].map((row) => {
          const value = row.cells[head.cellIndex].dataset.value;
          return value === "" ? null : Number(value);
        }),
      }));

  const look = (one, several) =>
    one.type === "line"
      ? { ...one, yAxisID: "share", order: 0, borderColor: token("--attention-fg"), backgroundColor: token("--attention-fg"), pointStyle: "rectRot", pointRadius: 5, spanGaps: true, tension: 0, clip: false }
      : { ...one, order: 1, backgroundColor: several ? token("--blue-bg") : token("--tblr-primary"), borderColor: token("--tblr-primary"), borderWidth: several ? 1.5 : 0, borderRadius: 3, maxBarThickness: 48 };

  const options = (table, several) => {
    const words = token("--tblr-secondary");
    const grid = token("--line");
    const axis = (more) => ({ beginAtZero: true, border: { display: false }, grid: { color: grid }, ticks: { color: words, precision: 0 }, ...more });
    const scales = { x: { ticks: { color: words, maxRotation: 0, autoSkipPadding: 12 }, grid: { display: false } }, y: axis() };
    if (several) scales.share = axis({ position: "right", max: 100, grid: { display: false }, ticks: { color: words, callback: (value) => `${value}%` } });
    return {
      animation: false,
      maintainAspectRatio: false,
      scales,
      plugins: { legend: { display: several, position: "bottom", labels: { color: words, usePointStyle: true } } },
      onClick: (_event, [point]) => {
        const link = point && table.tBodies[0].rows[point.index].querySelector("td:last-child a, td a");
        if (link) location.assign(link.href);
      },
    };
  };

  const draw = (canvas) => {
    const table = document.getElementById(canvas.dataset.chart);
    const found = series(table);
    const several = found.length > 1;
    const labels = [...table.tBodies[0].rows].map((row) => row.cells[0].dataset.label || row.cells[0].textContent.trim());
    Chart.getChart(canvas)?.destroy();
    new Chart(canvas, { data: { labels, datasets: found.map((one) => look(one, several)) }, options: options(table, several) });
  };

  const drawAll = () => document.querySelectorAll("canvas[data-chart]").forEach(draw);

  drawAll();
  new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });

  // On paper everything stands open.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details[data-print-open]:not([open])")];
    opened.forEach((one) => { one.open = true; });
  });
  addEventListener("afterprint", () => opened.forEach((one) => { one.open = false; }));

  // A definition closes with Escape, or when something else is looked at.
  const close = (event) => document.querySelectorAll("details.define[open]").forEach((one) => {
    if (event.key === "Escape" || (event.type !== "keydown" && !one.contains(event.target))) one.open = false;
  });
  addEventListener("keydown", close);
  addEventListener("click", close);
  addEventListener("focusin", close);
})();
