// A form at a desk: after each answer the site keeps it and says what is asked now. Without this
// script the same happens with the buttons of the page.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("desk");
  if (!form) return;
  document.getElementById("wrong")?.focus();
  const state = form.querySelector(".desk-state");
  const SAID = ":scope > [data-said], :scope > .head > [data-said], :scope > legend > [data-said]";
  const uploads = new Set(); // the fields of files that were chosen and are not kept yet
  let isAsking = false;
  let isWanted = false;
  let isLeaving = false;
  let waiting = null; // the button that was pressed while the site was being asked
  let later = 0;

  const parts = (root) => new Map([...root.querySelectorAll("[data-at]")].map((part) => [part.dataset.at, part]));
  // a page that is itself the answer to a post would be posted again by a reload
  const openAnew = () => window.location.replace(window.location.pathname);
  const fields = (part) => [...part.querySelectorAll("[name]")].filter(
    (field) => field.closest("[data-at]") === part && !["file", "hidden"].includes(field.type));

  // what the form itself wrote is shown, where nobody has written anything else meanwhile
  function show(part, now, sent) {
    const [here, there] = [fields(part), fields(now)];
    const written = new FormData(form);
    const isSame = (name) => written.getAll(name).join("\n") === sent.getAll(name).join("\n");
    if (here.length !== there.length || !here.every((field) => isSame(field.name))) return;
    here.forEach((field, place) => {
      if (["radio", "checkbox"].includes(field.type)) {
        if (!field.name.startsWith("gone:")) field.checked = there[place].checked;
      } else if (field.value !== there[place].value) field.value = there[place].value;
    });
  }

  function take(fresh, sent) {
    const [here, there] = [parts(form), parts(fresh)];
    if (here.size !== there.size || [...there.keys()].some((at) => !here.has(at))) {
      openAnew(); // there are other rows now; what was written is kept
      return;
    }
    form.elements.revision.value = fresh.elements.revision.value;
    for (const [at, part] of here) {
      const now = there.get(at);
      part.hidden = now.hidden;
      part.classList.toggle("wrong", now.classList.contains("wrong"));
      const [offered, offers] = [part, now].map((each) => each.querySelector(":scope > [data-offered]"));
      if (sent.get(`a:${at}`) instanceof File) part.replaceChildren(...now.childNodes);
      else if (offered && offers && offered.dataset.offered !== offers.dataset.offered) offered.replaceWith(offers);
      else show(part, now, sent);
      const words = now.querySelectorAll(SAID);
      part.querySelectorAll(SAID).forEach((said, place) => {
        if (words[place] && !said.isEqualNode(words[place])) said.replaceChildren(...words[place].childNodes);
      });
    }
  }

  async function ask() {
    const sent = new FormData(form);
    for (const [name, value] of [...sent]) {
      if (value instanceof File && !(uploads.has(name) && value.size)) sent.delete(name);
    }
    uploads.clear();
    sent.set("do", "look");
    try {
      const answer = await fetch(form.getAttribute("action") || window.location.href, { method: "POST", body: sent });
      if (!answer.ok) throw new Error(String(answer.status));
      if (answer.redirected) return openAnew(); // it changed elsewhere, or nobody is signed in any more
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      state.textContent = "";
      take(page.getElementById("desk"), sent);
    } catch {
      state.textContent = form.dataset.wait;
    }
  }

  // one question after another: an older answer never comes after a newer one
  async function look() {
    isWanted = true;
    if (isAsking) return;
    isAsking = true;
    while (isWanted && !waiting) {
      isWanted = false;
      await ask();
    }
    isAsking = false;
    if (waiting) form.requestSubmit(waiting);
  }

  form.addEventListener("change", (event) => {
    clearTimeout(later);
    if (event.target.type === "file") uploads.add(event.target.name);
    look();
  });
  form.addEventListener("input", () => {
    clearTimeout(later);
    later = setTimeout(look, 1500);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(later);
    if (isLeaving) event.preventDefault(); // a second click sends nothing twice
    else if (isAsking) {
      event.preventDefault();
      waiting = event.submitter;
    } else isLeaving = true;
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) openAnew();
  });
});
