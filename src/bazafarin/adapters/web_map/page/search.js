// Search by the id of a block or parcel and the name of a neighbourhood or passage.

const MOST_RESULTS = 12;

const SEARCHED = [
  ["neighbourhood", "neighbourhoods", "name_fa"], ["block", "blocks", "block_id"],
  ["passage", "passages", "name_fa"], ["parcel", "parcels", "parcel_id"],
];

let entries = null;

// Every name and id once: a street of many parts is found at its first.
function searchEntries() {
  if (entries !== null) return entries;
  entries = [];
  for (const [kind, layer, column] of SEARCHED) {
    const seen = new Set();
    for (let row = 0; row < rowsOf(layer); row += 1) {
      const text = cell(layer, column, row);
      if (text === null || seen.has(text)) continue;
      seen.add(text);
      entries.push({ kind, layer, row, text, key: searchKey(text) });
    }
  }
  return entries;
}

// What starts with the words comes before what holds them.
function found(typed) {
  const key = searchKey(typed);
  if (key === "") return [];
  const holding = searchEntries().filter((entry) => entry.key.includes(key));
  const rank = (entry) => (entry.key === key ? 0 : entry.key.startsWith(key) ? 1 : 2);
  return holding.sort((a, b) => rank(a) - rank(b)).slice(0, MOST_RESULTS);
}

function closeResults() {
  byId("search-results").hidden = true;
  byId("search").setAttribute("aria-expanded", "false");
  byId("search").removeAttribute("aria-activedescendant");
}

function pick({ layer, row, text }, onPick) {
  byId("search").value = digits(text);
  closeResults();
  onPick(layer, row);
}

function showResults(onPick) {
  const results = found(byId("search").value);
  const options = results.map((entry, n) => element("li", {
    role: "option", id: `result-${n}`, "aria-selected": "false",
    // Before the box loses its focus and closes the list.
    onmousedown: (event) => { event.preventDefault(); pick(entry, onPick); },
  }, element("bdi", {}, digits(entry.text)), element("small", {}, words(`map.kind.${entry.kind}`))));
  if (!options.length) options.push(element("li", { class: "none" }, words("map.search.none")));
  byId("search-results").replaceChildren(...options);
  byId("search-results").hidden = byId("search").value.trim() === "";
  byId("search").setAttribute("aria-expanded", String(!byId("search-results").hidden));
  return results;
}

function startSearch(onPick) {
  const box = byId("search");
  let results = [];
  let active = -1;
  const mark = (place) => {
    active = place;
    [...byId("search-results").children].forEach((node, n) => node.setAttribute("aria-selected", String(n === active)));
    if (active >= 0) box.setAttribute("aria-activedescendant", `result-${active}`);
  };
  box.addEventListener("input", () => { results = showResults(onPick); active = -1; });
  box.addEventListener("blur", closeResults);
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && results.length) mark((active + 1) % results.length);
    else if (event.key === "ArrowUp" && results.length) mark((active + results.length - 1) % results.length);
    else if (event.key === "Enter" && results.length) pick(results[Math.max(active, 0)], onPick);
    else if (event.key === "Escape") { box.value = ""; closeResults(); } else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
