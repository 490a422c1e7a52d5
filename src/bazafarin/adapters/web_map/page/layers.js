// The map's sources and layers, and which of them a reader switches on and off.

// From this zoom on, parcels are drawn and answer to a click; before it, blocks do.
const PARCELS_FROM_ZOOM = 15.5;

const LAYERS_OF = {
  blocks: ["blocks-fill", "blocks-pattern", "blocks-line"],
  parcels: ["parcels-fill", "parcels-line"],
  passages: ["passages-known", "passages-unknown"],
  approved_boundary: ["approved-casing", "approved"],
  proposed_boundary: ["proposed-casing", "proposed"],
  projects: ["projects-fill", "projects-line", "project-badges", "project-numbers"],
  alternatives: ["alternatives-fill", "alternatives-casing", "alternatives-line"],
  labels: ["neighbourhood-names", "passage-names", "block-names"],
};

// Shown only when the reader asks.
const HIDDEN_AT_FIRST = ["alternatives"];

const PASSAGE_CLASSES = ["passage_narrow", "passage_wide", "passage_unknown"];

function sources() {
  const found = { selected: { type: "geojson", data: collection([]) } };
  const add = (layer, properties) => {
    if (has(layer)) found[layer] = { type: "geojson", data: collection(geometries(layer), properties), maxzoom: 16 };
  };
  add("neighbourhoods");
  add("approved_boundary");
  add("proposed_boundary");
  add("parcels");
  add("passages", (row) => ({ class: plan.layers.passages.classes[row], name: passageLabel(row) }));
  add("blocks", (row) => Object.fromEntries(plan.themes.map((theme) => [theme.id, theme.rows[row]])));
  add("projects");
  add("alternatives");
  for (const layer of NAMED) {
    if (has(layer)) found[`${layer}-names`] = { type: "geojson", data: nameCollection(layer) };
  }
  return found;
}

const byZoom = (...stops) => ["interpolate", ["linear"], ["zoom"], ...stops];

const fill = (id, source, paint, more = {}) => ({ id, type: "fill", source, paint, ...more });

const line = (id, source, paint, more = {}) => ({
  id, type: "line", source, layout: { "line-join": "round" }, paint, ...more,
});

function blockLayers() {
  return [
    fill("blocks-fill", "blocks", { "fill-color": token("white"), "fill-opacity": 0.92 }),
    fill("blocks-pattern", "blocks", { "fill-pattern": "hatch" }, { filter: ["boolean", false] }),
    line("blocks-line", "blocks", { "line-color": token("slate"), "line-width": byZoom(13, 0.15, 15, 0.6, 18, 1.6) }),
  ];
}

function parcelLayers() {
  const at = { minzoom: PARCELS_FROM_ZOOM };
  return [
    fill("parcels-fill", "parcels", { "fill-color": token("ink"), "fill-opacity": 0 }, at),
    line("parcels-line", "parcels", {
      "line-color": token("ink"),
      "line-opacity": byZoom(PARCELS_FROM_ZOOM, 0, PARCELS_FROM_ZOOM + 0.7, 0.45),
      "line-width": byZoom(16, 0.4, 19, 1),
    }, at),
  ];
}

function passageLayers() {
  const colour = ["match", ["get", "class"], 0, token("ochre"), token("unknown")];
  const width = byZoom(13, 0.25, 14.5, 0.7, 15.5, 1.6, 18, 4);
  return [
    line("passages-known", "passages", { "line-color": colour, "line-width": width }, { filter: ["<", ["get", "class"], 2] }),
    line("passages-unknown", "passages", { "line-color": token("unknown"), "line-width": width, "line-dasharray": [1, 1.5] }, { filter: ["==", ["get", "class"], 2] }),
  ];
}

function boundaryLayers() {
  const width = byZoom(12, 0.6, 14, 1.2, 15.5, 2.6, 18, 4);
  // The proposed line runs just inside its area, so that both are seen where they fall together.
  const inward = byZoom(12, 0.3, 14, 1.2, 15.5, 3.5, 18, 6);
  const casing = { "line-color": token("white"), "line-opacity": 0.85, "line-width": byZoom(12, 0.8, 14, 2.2, 15.5, 5.5, 18, 8) };
  return [
    line("approved-casing", "approved_boundary", casing),
    line("approved", "approved_boundary", { "line-color": token("lapis"), "line-width": width }),
    line("proposed-casing", "proposed_boundary", { ...casing, "line-offset": inward }),
    line("proposed", "proposed_boundary", { "line-color": token("lapis"), "line-width": width, "line-dasharray": [2.5, 1.5], "line-offset": inward }),
  ];
}

function projectLayers() {
  const casing = { "line-color": token("white"), "line-width": byZoom(12, 2, 15, 4, 18, 6) };
  const width = byZoom(12, 1, 15, 2, 18, 3);
  return [
    fill("alternatives-fill", "alternatives", { "fill-color": token("white"), "fill-opacity": 0.35 }),
    line("alternatives-casing", "alternatives", casing),
    line("alternatives-line", "alternatives", { "line-color": token("ink"), "line-width": width, "line-dasharray": [2, 1] }),
    fill("projects-fill", "projects", { "fill-color": token("lapis"), "fill-opacity": 0.9 }),
    line("projects-line", "projects", { "line-color": token("white"), "line-width": width }),
  ];
}

// A project is a few pixels wide in a whole city: its number stands on it at every zoom.
function badgeLayer() {
  return {
    id: "project-badges", source: "projects-names", type: "circle",
    paint: {
      "circle-radius": byZoom(11, 9, 15, 12), "circle-color": token("lapis"),
      "circle-stroke-color": token("white"), "circle-stroke-width": 2,
    },
  };
}

function style() {
  const layers = [
    { id: "ground", type: "background", paint: { "background-color": token("paper") } },
    ...blockLayers(),
    ...parcelLayers(),
    ...passageLayers(),
    line("neighbourhoods-line", "neighbourhoods", { "line-color": token("slate"), "line-width": 1, "line-dasharray": [1, 2] }),
    ...boundaryLayers(),
    ...projectLayers(),
    // White around it, so that it is seen on a block of its own colour.
    line("selected-casing", "selected", { "line-color": token("white"), "line-width": 7.5 }),
    line("selected-line", "selected", { "line-color": token("turquoise"), "line-width": 3.5 }),
    badgeLayer(),
    ...labelLayers(),
  ];
  const made = sources();
  for (const layer of layers.filter(({ id }) => HIDDEN_AT_FIRST.some((hidden) => LAYERS_OF[hidden].includes(id)))) {
    layer.layout = { ...layer.layout, visibility: "none" };
  }
  return { version: 8, sources: made, layers: layers.filter((layer) => layer.type === "background" || layer.source in made) };
}

// Colours the blocks by a theme; classes with a pattern get it above their colour.
function showTheme(map, theme) {
  const place = ["get", theme.id];
  const colours = theme.classes.flatMap(({ colour }, n) => [n, colour]);
  map.setPaintProperty("blocks-fill", "fill-color", ["match", place, ...colours, token("white")]);
  const patterned = theme.classes.flatMap(({ pattern }, n) => (pattern === null ? [] : [n, pattern]));
  if (patterned.length) map.setPaintProperty("blocks-pattern", "fill-pattern", ["match", place, ...patterned, "hatch"]);
  map.setFilter("blocks-pattern", ["in", place, ["literal", patterned.filter((_, n) => n % 2 === 0)]]);
}

function showLayer(map, layer, isShown) {
  for (const id of LAYERS_OF[layer]) {
    if (map.getLayer(id)) map.setLayoutProperty(id, "visibility", isShown ? "visible" : "none");
  }
}
