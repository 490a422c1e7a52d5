// The legend: the theme and its classes, the layers to switch, the parcels in view.
"use strict";

const IN_VIEW_MOST = 60;
const hiddenLayers = new Set();
let theme = given.themes[0];

const sample = (colour, pattern) => swatch({ colour, pattern });

function writeClasses() {
  const rows = theme.classes.map(({ colour, pattern, words: told }) => element("li", {}, sample(colour, pattern), element("span", {}, told)));
  rows.push(element("li", {}, sample(token("paper"), "hatch"), element("span", {}, words("unknown"))));
  byId("map-classes").replaceChildren(...rows);
  byId("map-theme-said").textContent = theme.words;
}

function writeCloser(map) {
  const isFar = map.getZoom() < given.fromZoom[theme.layer];
  byId("map-closer").hidden = !isFar;
  if (isFar) byId("map-closer").textContent = words(`closer_${theme.layer}`);
}

function layerSwitch(map, layer) {
  const change = ({ target }) => {
    if (target.checked) hiddenLayers.delete(layer);
    else hiddenLayers.add(layer);
    showLayer(map, layer, target.checked);
  };
  return element("label", { class: `map-layer map-layer-${layer}` },
    element("input", { type: "checkbox", checked: true, "data-layer": layer, onchange: change }),
    element("i", { "aria-hidden": "true" }), words(`layer_${layer}`));
}

// What a feature has of the theme, in the words of its legend.
function toldOf(properties) {
  const found = theme.classes.find(({ values }) => values.includes(properties[theme.column]));
  return found === undefined ? words("unknown") : found.words;
}

const parcelInView = (open) => ([id, { key }]) => element("li", {}, element("button", {
  type: "button", class: "link", "data-id": id, "aria-label": words("parcel", { key: digits(key) }), onclick: () => open("parcels", id),
}, element("bdi", { dir: "ltr" }, key)));

const areaInView = (open) => ([id, properties]) => element("li", {}, element("button", {
  type: "button", class: "link", "data-id": id, onclick: () => open("neighbourhoods", id),
}, words("area_in_view", { name: properties.name ?? "", told: toldOf(properties) })));

// What is seen, as a list that keys and screen readers reach: parcels, or the coloured neighbourhoods.
function writeInView(map, open) {
  const list = byId("map-in-view").querySelector("ul");
  const ofAreas = theme.layer === "neighbourhoods";
  byId("map-in-view").querySelector("summary").textContent = words(ofAreas ? "areas_in_view" : "parcels_in_view");
  if (!byId("map-in-view").open) return;
  const seen = new Map();
  const layers = [ofAreas ? "neighbourhoods-fill" : "parcels-fill"];
  for (const { id, properties } of map.queryRenderedFeatures({ layers })) seen.set(id, properties);
  const named = ofAreas ? "name" : "key";
  const rows = [...seen].sort((a, b) => (a[1][named] < b[1][named] ? -1 : 1)).slice(0, IN_VIEW_MOST);
  const row = ofAreas ? areaInView(open) : parcelInView(open);
  const focused = document.activeElement?.dataset?.id;
  list.replaceChildren(...(rows.length ? rows.map(row) : [element("li", {}, words("none_in_view"))]));
  list.querySelector(`[data-id="${focused}"]`)?.focus();
}

function startLegend(map, open) {
  const chooser = byId("map-theme");
  const option = (one) => element("option", { value: one.id }, one.words);
  const grouped = given.themes.filter(({ group }) => group);
  chooser.append(...given.themes.filter(({ group }) => !group).map(option));
  if (grouped.length) chooser.append(element("optgroup", { label: grouped[0].group }, ...grouped.map(option)));
  chooser.addEventListener("change", () => {
    theme = given.themes.find(({ id }) => id === chooser.value);
    showTheme(map, theme);
    writeClasses();
    writeCloser(map);
    writeInView(map, open);
    writeAddresses(map);
  });
  byId("map-layers").append(...Object.keys(LAYERS_OF).map((layer) => layerSwitch(map, layer)));
  const toggle = byId("map-legend-toggle");
  const set = (isOpen) => {
    byId("map-legend-body").hidden = !isOpen;
    toggle.setAttribute("aria-expanded", String(isOpen));
  };
  toggle.addEventListener("click", () => set(byId("map-legend-body").hidden));
  set(!isNarrow());
  byId("map-in-view").addEventListener("toggle", () => writeInView(map, open));
  map.on("idle", () => writeInView(map, open));
  map.on("zoom", () => writeCloser(map));
  map.on("load", () => { showTheme(map, theme); writeCloser(map); });
  writeClasses();
}
