// The search box: suggestions that arrows, Enter and Escape work, as much as a click.
"use strict";

const WAIT_MS = 160;

function startSearch(map, open) {
  const box = byId("map-search");
  const list = byId("map-found");
  const said = byId("map-found-said");
  let found = [];
  let at = -1;
  let waiting = null;
  let asked = null;

  const close = () => {
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
    at = -1;
  };
  const pick = ({ layer, id, name, box: corners }) => {
    box.value = name;
    close();
    map.fitBounds(corners, { maxZoom: 18, padding: padding(), duration: isCalm() ? 0 : 600 });
    open(layer, id);
  };
  const mark = (place) => {
    at = (place + found.length) % found.length;
    [...list.children].forEach((row, n) => row.setAttribute("aria-selected", String(n === at)));
    box.setAttribute("aria-activedescendant", `map-found-${at}`);
    list.children[at].scrollIntoView({ block: "nearest" });
  };
  const show = () => {
    list.replaceChildren(...found.map((one, n) => element("li", {
      id: `map-found-${n}`, role: "option", "aria-selected": "false", onpointerdown: (event) => { event.preventDefault(); pick(one); },
    }, element("bdi", {}, one.name), element("small", {}, words(`kind_${one.layer}`)))));
    if (!found.length) list.replaceChildren(element("li", { class: "none" }, words("none_found")));
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
    said.textContent = found.length ? words("found", { count: number(found.length) }) : words("none_found");
    at = -1;
  };
  const ask = async () => {
    const typed = box.value.trim();
    asked?.abort();
    if (typed === "") { found = []; close(); return; }
    asked = new AbortController();
    try {
      const answer = await fetch(`${given.find}?q=${encodeURIComponent(typed)}`, { signal: asked.signal, headers: { Accept: "application/json" } });
      found = answer.ok ? (await answer.json()).found : [];
      show();
    } catch (error) {
      if (error.name !== "AbortError") said.textContent = words("fault");
    }
  };
  box.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, WAIT_MS); });
  // A link of another page names what is to be seen: it is found as if it had been typed.
  const sought = new URLSearchParams(location.search).get("find");
  if (sought) map.once("load", async () => {
    box.value = sought;
    await ask();
    close();
    const one = found.find(({ name }) => name === sought) ?? found[0];
    if (one) pick(one);
  });
  box.addEventListener("blur", close);
  box.addEventListener("keydown", async (event) => {
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) await ask();
      if (found.length) mark(event.key === "ArrowDown" ? at + 1 : Math.max(at, 0) - 1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      clearTimeout(waiting);
      if (at < 0) await ask();
      if (found.length) pick(found[Math.max(at, 0)]);
    }
  });
}
