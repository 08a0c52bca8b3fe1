/* Plain forms: sent once per click, and what was half typed survives a session that ran out.
   <form data-keep="name"> keeps a draft in this tab, per person; it is thrown away once the form was accepted. */
(() => {
  const person = document.body.dataset.person || "";
  const PREFIX = "draft:";

  const nameOf = (form) => `${PREFIX}${person}:${form.dataset.keep}`;
  const fieldsOf = (form) =>
    [...form.elements].filter((field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type));
  const read = (name) => JSON.parse(sessionStorage.getItem(name) || "null");
  const write = (name, draft) => sessionStorage.setItem(name, JSON.stringify(draft));

  const keep = (form) => {
    const values = fieldsOf(form).map((field) => [field.name, field.value, field.checked === true]);
    write(nameOf(form), { values, sent: false });
  };

  const restore = (form) => {
    const draft = read(nameOf(form));
    if (!draft || form.querySelector(".is-invalid")) return;
    const fields = fieldsOf(form);
    for (const [name, value, checked] of draft.values) {
      for (const field of fields.filter((candidate) => candidate.name === name)) {
        if (field.type === "checkbox" || field.type === "radio") {
          if (field.value === value) field.checked = checked;
        } else if (!field.value || field.tagName === "SELECT") field.value = value;
      }
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
  };

  /* A page of this person without the form means that the form which was sent has been accepted. */
  const forgetAccepted = () => {
    for (const name of Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX))) {
      const form = document.querySelector(`form[data-keep="${CSS.escape(name.split(":")[2])}"]`);
      if (!name.startsWith(`${PREFIX}${person}:`) || (!form && read(name)?.sent)) sessionStorage.removeItem(name);
    }
  };

  if (person) {
    forgetAccepted();
    document.querySelectorAll("form[data-keep]").forEach(restore);
    document.addEventListener("input", (event) => {
      const form = event.target.form;
      if (form?.dataset.keep) keep(form);
    });
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.keep && person) {
      const draft = read(nameOf(form));
      if (draft) write(nameOf(form), { ...draft, sent: true });
    }
    if (form.matches("[hx-post], [data-hx-post]")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
    setTimeout(() => release(form), 10000);
  });

  const release = (form) => {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  };
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

  /* The names of chosen files, beside our own button. After a redraw the field still has its files, the words not. */
  const nameFiles = () => {
    for (const field of document.querySelectorAll(".file-picker-input")) {
      const names = field.parentElement.querySelector(".file-picker-names");
      const text = [...field.files].map((file) => file.name).join(", ") || names.dataset.none;
      if (names.textContent !== text) names.textContent = text;
    }
  };
  document.addEventListener("change", nameFiles);
  document.addEventListener("reset", () => setTimeout(nameFiles));
  document.body.addEventListener("htmx:afterSettle", nameFiles);
  window.addEventListener("pageshow", nameFiles);
})();
