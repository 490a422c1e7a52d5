// The map's sources and layers: tiles of our own, coloured by a theme.
"use strict";

const LAYERS_OF = {
  parcels: ["parcels-fill", "parcels-pattern", "parcels-line"],
  blocks: ["blocks-fill", "blocks-pattern", "blocks-line"],
  passages: ["passages-line"],
  neighbourhoods: ["neighbourhoods-fill", "neighbourhoods-pattern", "neighbourhoods-line"],
  approved_boundary: ["approved-casing", "approved-line"],
  facilities: ["facilities-point"],
  names: ["block-names", "passage-names", "neighbourhood-names"],
};

const byZoom = (...stops) => ["interpolate", ["linear"], ["zoom"], ...stops];

function ofTiles(id, type, layer, paint, more = {}) {
  return { id, type, source: "city", "source-layer": layer, minzoom: given.fromZoom[layer] ?? 0, paint, ...more };
}

function areaLayers(layer, line) {
  return [
    ofTiles(`${layer}-fill`, "fill", layer, { "fill-color": token("white"), "fill-opacity": 0.92 }),
    ofTiles(`${layer}-pattern`, "fill", layer, { "fill-pattern": "hatch" }, { filter: ["boolean", false] }),
    ofTiles(`${layer}-line`, "line", layer, line),
  ];
}

function nameLayers() {
  const named = (id, layer, size, colour, minzoom, layout = {}) => ({
    ...names(id, "city", size, colour, { layout }), "source-layer": layer, minzoom,
  });
  return [
    named("block-names", "blocks_names", byZoom(16, 10, 18, 13), token("ink"), 16.5),
    named("passage-names", "passages", byZoom(15, 11, 18, 14), token("ink"), 15, { "symbol-placement": "line", "symbol-spacing": 320 }),
    named("neighbourhood-names", "neighbourhoods_names", byZoom(11, 12, 15, 19), token("lapis"), 0, { "text-max-width": 7 }),
  ];
}

function mapStyle() {
  const empty = { type: "geojson", data: { type: "FeatureCollection", features: [] } };
  const round = { layout: { "line-join": "round", "line-cap": "round" } };
  const drawnLine = (id, source, colour, width) => ({ id, type: "line", source, ...round, paint: { "line-color": token(colour), "line-width": width } });
  return {
    version: 8,
    sources: {
      city: { type: "vector", tiles: [new URL(given.tiles, location.href).href.replace(/%7B/g, "{").replace(/%7D/g, "}")], maxzoom: given.deepest },
      selected: empty,
      drawing: empty,
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": token("paper") } },
      ...areaLayers("neighbourhoods", { "line-color": token("slate"), "line-width": 1.2, "line-dasharray": [1, 2] }),
      ...areaLayers("blocks", { "line-color": token("slate"), "line-width": byZoom(12, 0.2, 15, 0.8, 18, 1.8) }),
      ...areaLayers("parcels", { "line-color": token("ink"), "line-opacity": 0.45, "line-width": byZoom(15, 0.3, 19, 1) }),
      ofTiles("passages-line", "line", "passages", { "line-color": token("slate"), "line-width": byZoom(13, 0.3, 16, 1.2, 19, 3) }, round),
      ofTiles("approved-casing", "line", "approved_boundary", { "line-color": token("white"), "line-opacity": 0.85, "line-width": byZoom(12, 2, 18, 8) }),
      ofTiles("approved-line", "line", "approved_boundary", { "line-color": token("lapis"), "line-width": byZoom(12, 1, 18, 4) }),
      ofTiles("facilities-point", "circle", "facilities", {
        "circle-radius": byZoom(14, 3, 18, 7), "circle-color": token("ochre"), "circle-stroke-color": token("white"), "circle-stroke-width": 1.5,
      }),
      drawnLine("selected-casing", "selected", "white", 7.5),
      drawnLine("selected-line", "selected", "turquoise", 3.5),
      { id: "drawing-fill", type: "fill", source: "drawing", paint: { "fill-color": token("turquoise"), "fill-opacity": 0.2 } },
      drawnLine("drawing-line", "drawing", "turquoise", 3),
      ...nameLayers(),
    ],
  };
}

// A class by class: what is no value of any is unknown.
function chosenBy(theme, of, otherwise) {
  const place = ["get", theme.column];
  if (theme.ends.length) {
    const steps = theme.ends.flatMap((end, n) => [["<=", place, end], of(theme.classes[n])]);
    return ["case", ["!", ["has", theme.column]], otherwise, ...steps, of(theme.classes.at(-1))];
  }
  return ["match", place, ...theme.classes.flatMap((one) => [one.values, of(one)]), otherwise];
}

const COLOURED = ["neighbourhoods", "blocks", "parcels"]; // the lowest first

// Of what lies over the coloured layer only the lines are seen; neighbourhoods hold the streets,
// too, which are never painted over.
function opacity(layer, coloured) {
  if (layer === coloured) return 0.92;
  return layer === "neighbourhoods" || COLOURED.indexOf(layer) > COLOURED.indexOf(coloured) ? 0 : 0.92;
}

function showTheme(map, theme) {
  for (const layer of COLOURED) {
    const isColoured = layer === theme.layer;
    const colour = isColoured ? chosenBy(theme, ({ colour }) => colour, token("paper")) : token("white");
    map.setPaintProperty(`${layer}-fill`, "fill-color", colour);
    map.setPaintProperty(`${layer}-fill`, "fill-opacity", opacity(layer, theme.layer));
    if (isColoured) {
      const pattern = chosenBy(theme, ({ pattern }) => pattern ?? "none", "hatch");
      map.setFilter(`${layer}-pattern`, ["!=", pattern, "none"]);
      map.setPaintProperty(`${layer}-pattern`, "fill-pattern", chosenBy(theme, ({ pattern }) => pattern ?? "hatch", "hatch"));
    } else map.setFilter(`${layer}-pattern`, ["boolean", false]);
  }
}

function showLayer(map, layer, isShown) {
  for (const id of LAYERS_OF[layer]) map.setLayoutProperty(id, "visibility", isShown ? "visible" : "none");
}
