// What every page does in the browser: the menu on a phone, a question before what cannot be
// undone. No page needs it to work.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector(".menu-button");
  const menu = document.getElementById("menu");
  if (button && menu) {
    button.addEventListener("click", () => {
      const isOpen = menu.classList.toggle("open");
      button.setAttribute("aria-expanded", String(isOpen));
    });
  }
  for (const button of document.querySelectorAll("button[data-ask]")) {
    button.addEventListener("click", (event) => {
      if (!window.confirm(button.dataset.ask)) event.preventDefault();
    });
  }
  for (const form of document.querySelectorAll("form[data-ask]")) {
    form.addEventListener("submit", (event) => {
      if (!window.confirm(form.dataset.ask)) event.preventDefault();
    });
  }
});
