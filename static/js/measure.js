/* The browser test: thirty small requests, one transfer each way, the admin's sites; then the figures go to the server,
   which judges them and answers with the result. Attributes: see templates/tickets/measuring/page.html. */
(() => {
  const box = document.getElementById("measure");
  if (!box) return;
  const { dataset: given } = box;
  const start = box.querySelector(".measure-start");
  const parts = box.querySelector(".measure-parts");
  const lost = box.querySelector(".measure-lost");
  const most = Number(given.most);
  const piece = Number(given.piece);
  const seconds = Number(given.seconds);

  /* AbortSignal.timeout is younger than browsers of offices. */
  const ask = (address, options, patience) => {
    const patient = new AbortController();
    setTimeout(() => patient.abort(), patience);
    return fetch(address, { cache: "no-store", credentials: "omit", ...options, signal: patient.signal });
  };

  const asked = async (address, options, patience) => {
    const answer = await ask(address, options, patience);
    if (!answer.ok) throw new Error(`Answered ${answer.status}.`);
    return answer;
  };

  const say = (part, words) => {
    part.className = `measure-${words}`;
    part.querySelector("span").textContent = given[words];
  };

  /* One piece that is not measured opens the connection. Whoever gets no answer does not wait for all thirty. */
  const trips = async () => {
    const patience = Number(given.patience);
    const found = [];
    const until = performance.now() + 10 * patience;
    await ask(given.answer, {}, patience).catch(() => {});
    while (found.length < Number(given.trips)) {
      const began = performance.now();
      const answered = began < until && (await asked(given.answer, {}, patience).then(() => true, () => false));
      const took = performance.now() - began;
      found.push(answered && took <= patience ? took : null);
    }
    return found;
  };

  const transfer = async (onePiece) => {
    const began = performance.now();
    let bytes = 0;
    try {
      while (bytes < most && performance.now() - began < seconds * 1000) bytes += await onePiece();
    } catch {
      if (!bytes) return null;
    }
    return { bytes, ms: Math.max(0.1, performance.now() - began) };
  };

  const download = () =>
    transfer(async () => (await (await asked(given.download, {}, 10000)).arrayBuffer()).byteLength);

  const upload = () => {
    const body = new Uint8Array(piece);
    for (let at = 0; at < piece; at += 65536) crypto.getRandomValues(body.subarray(at, at + 65536));
    return transfer(async () => {
      await asked(given.upload, { method: "POST", body, headers: { "Content-Type": "application/octet-stream" } }, 10000);
      return piece;
    });
  };

  /* A site that sends on to another one is there, though the policy of this page lets nobody follow. */
  const sentOn = new Set();
  document.addEventListener("securitypolicyviolation", (event) => sentOn.add(event.blockedURI));

  const isThere = (address) =>
    ask(address, { mode: "no-cors", referrerPolicy: "no-referrer" }, 8000).then(
      () => true,
      () => [...sentOn].some((blocked) => blocked.startsWith(new URL(address).origin)),
    );

  const one = async (name, measure) => {
    const part = parts.querySelector(`[data-part=${name}]`);
    say(part, "running");
    const found = await measure();
    say(part, "done");
    return found;
  };

  const targets = async () => {
    const found = {};
    const all = [...parts.querySelectorAll("[data-part=target]")];
    await Promise.all(all.map(async (part) => {
      say(part, "running");
      found[part.dataset.target] = await isThere(part.dataset.url);
      say(part, "done");
    }));
    return found;
  };

  const randomKey = () => {
    const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0"));
    return hex.join("").replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  };

  /* Sent again under the same key it is kept once. */
  const send = async (figures) => {
    const body = JSON.stringify(figures);
    const options = { method: "POST", body, headers: { "Content-Type": "application/json" }, credentials: "same-origin" };
    return ask(given.keep, options, 15000).catch(() => ask(given.keep, options, 15000));
  };

  const show = async (answer) => {
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("measure-result");
    if (!fresh) throw new Error("This answer is none of ours.");
    document.getElementById("measure-result").replaceWith(fresh);
    parts.hidden = true;
    fresh.focus();
  };

  const run = async () => {
    start.disabled = true;
    lost.hidden = true;
    document.getElementById("measure-result").replaceChildren();
    for (const part of parts.children) say(part, "waiting");
    parts.hidden = false;
    try {
      const key = randomKey();
      const figures = { key, trips: await one("trips", trips), download: await one("download", download), upload: await one("upload", upload) };
      await show(await send({ ...figures, reached: await targets() }));
    } catch {
      lost.hidden = false;
    }
    start.querySelector("span").textContent = given.again;
    start.disabled = false;
  };

  start.addEventListener("click", run);
  box.hidden = false;
})();
