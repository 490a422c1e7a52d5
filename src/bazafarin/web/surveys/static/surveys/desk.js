// A form at a desk: after each answer the site keeps it and says what is asked now. Without this
// script the same happens with the buttons of the page.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("desk");
  if (!form) return;
  document.getElementById("wrong")?.focus();
  const state = form.querySelector(".desk-state");
  const SAID = ":scope > [data-said], :scope > .head > [data-said], :scope > legend > [data-said]";
  let asking = null;
  let later = 0;
  let isLeaving = false;

  const parts = (root) => new Map([...root.querySelectorAll("[data-at]")].map((part) => [part.dataset.at, part]));

  // what the form itself wrote is shown, where nobody has typed anything else meanwhile
  function show(part, now, sent) {
    const FIELDS = ":scope > input:not([type]), :scope > textarea, :scope > select, :scope > .day-field > input";
    const [field, told] = [part.querySelector(FIELDS), now.querySelector(FIELDS.replace(" > .day-field > input", " > input.day"))];
    const isUntouched = field && told && field.value === sent.get(field.name);
    if (isUntouched && field.value !== told.value) field.value = told.value;
  }

  function take(fresh, sent) {
    const [here, there] = [parts(form), parts(fresh)];
    if (here.size !== there.size || [...there.keys()].some((at) => !here.has(at))) {
      window.location.reload(); // there are other rows now; what was written is kept
      return;
    }
    for (const [at, part] of here) {
      const now = there.get(at);
      part.hidden = now.hidden;
      show(part, now, sent);
      part.classList.toggle("wrong", now.classList.contains("wrong"));
      const words = now.querySelectorAll(SAID);
      part.querySelectorAll(SAID).forEach((said, place) => {
        if (words[place] && !said.isEqualNode(words[place])) said.replaceChildren(...words[place].childNodes);
      });
      const [offered, offers] = [part, now].map((each) => each.querySelector(":scope > [data-offered]"));
      if (offered && offers && offered.dataset.offered !== offers.dataset.offered) offered.replaceWith(offers);
    }
  }

  async function look() {
    asking?.abort();
    asking = new AbortController();
    const sent = new FormData(form);
    for (const [name, value] of [...sent]) if (value instanceof File) sent.delete(name);
    sent.set("do", "look");
    try {
      const answer = await fetch(form.action || window.location.href, { method: "POST", body: sent, signal: asking.signal });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("desk");
      if (!fresh) throw new Error("desk");
      state.textContent = "";
      take(fresh, sent);
    } catch (error) {
      if (error.name !== "AbortError" && !isLeaving) state.textContent = form.dataset.wait;
    }
  }

  form.addEventListener("change", (event) => {
    clearTimeout(later);
    if (event.target.type !== "file") look();
  });
  form.addEventListener("input", () => {
    clearTimeout(later);
    later = setTimeout(look, 1500);
  });
  form.addEventListener("submit", (event) => {
    if (isLeaving) event.preventDefault(); // a second click sends nothing twice
    else {
      isLeaving = true;
      clearTimeout(later);
      asking?.abort();
    }
  });
});
