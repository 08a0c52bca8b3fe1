/* Answers to acts: Django's messages of the page, and `HX-Trigger: {"toast": {"tone": "good", "text": "…"}}` of htmx. */
(() => {
  const region = document.getElementById("toasts");
  const template = document.getElementById("toast-template");
  if (!region || !template) return;
  const STAY = 8000;

  /* Good news leaves by itself, but never from under the mouse or the focus; everything else waits to be closed. */
  const retire = (note) => {
    if (!note.matches(".tone-good, .tone-blue")) return;
    const leave = () => (note.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : note.remove());
    setTimeout(leave, STAY);
  };

  const show = ({ tone = "good", text = "" }) => {
    if (!text) return;
    const note = template.content.firstElementChild.cloneNode(true);
    note.className = `toast-note tone-${tone}`;
    note.querySelector(".toast-text").textContent = text;
    region.append(note);
    while (region.children.length > 4) region.firstElementChild.remove();
    retire(note);
  };

  region.addEventListener("click", (event) => {
    if (event.target.closest(".toast-close")) event.target.closest("[data-toast]").remove();
  });
  document.body.addEventListener("toast", (event) => show(event.detail));
  region.querySelectorAll("[data-toast]").forEach(retire);
})();
