// Names on the map, in letters drawn by the browser from the page's own font.

// A name as the map can draw it: he with a hamza above as one letter, for only that has joined
// forms, and each code isolated, or 12-3 would stand as 3-12.
function drawn(text) {
  return digits(text)
    .replace(/\u0647\u0654/g, "\u06c0")
    .replace(/[0-9۰-۹]+(?:[-–/][0-9۰-۹]+)+/g, (figures) => `\u2066${figures}\u2069`);
}

// MapLibre 5.24 measures each letter before it draws it. It takes how far a letter reaches left
// of its start for where it begins, and cuts the dots of ی and پ: the turned sign is what it
// expects. And a page that runs from right to left would turn its brackets round once more.
function mendLetterMeasure({ prototype }) {
  const { measureText } = prototype;
  prototype.measureText = function measure(text) {
    this.direction = "ltr";
    const box = measureText.call(this, text);
    return {
      width: box.width,
      actualBoundingBoxAscent: box.actualBoundingBoxAscent,
      actualBoundingBoxDescent: box.actualBoundingBoxDescent,
      actualBoundingBoxLeft: -box.actualBoundingBoxLeft,
      actualBoundingBoxRight: box.actualBoundingBoxRight,
    };
  };
}

function passageLabel(row) {
  const text = cell("passages", "name_fa", row);
  return text === null ? "" : drawn(text);
}

// The layers with a name or number at a point of each row.
const NAMED = ["blocks", "neighbourhoods", "projects"];

function nameOf(layer, row) {
  if (layer === "projects") return digits(cell("projects", "rank", row));
  if (layer === "blocks") return drawn(cell("blocks", "block_id", row));
  return drawn(cell(layer, "name_fa", row) ?? cell(layer, "neighbourhood_id", row));
}

function nameCollection(layer) {
  const shapes = labelPoints(layer).map((coordinates) => ({ type: "Point", coordinates }));
  return collection(shapes, (row) => ({ name: nameOf(layer, row) }));
}

function names(id, source, size, colour, more) {
  const { layout = {}, ...rest } = more;
  return {
    id, source, type: "symbol",
    layout: { "text-field": ["get", "name"], "text-font": ["Vazirmatn"], "text-size": size, "text-padding": 4, ...layout },
    paint: { "text-color": colour, "text-halo-color": token("white"), "text-halo-width": 2 },
    ...rest,
  };
}

function projectNumbers() {
  const numbers = names("project-numbers", "projects-names", byZoom(11, 11, 15, 14), token("white"), {
    layout: { "text-allow-overlap": true, "text-padding": 8 },
  });
  return { ...numbers, paint: { "text-color": token("white") } };
}

function labelLayers() {
  return [
    names("block-names", "blocks-names", byZoom(15, 10, 18, 13), token("ink"), { minzoom: 15.2 }),
    names("passage-names", "passages", byZoom(15, 11, 18, 14), token("ink"), {
      minzoom: 14.5, layout: { "symbol-placement": "line", "symbol-spacing": 320 },
    }),
    names("neighbourhood-names", "neighbourhoods-names", byZoom(11, 12, 15, 19), token("lapis"), {
      maxzoom: 18, layout: { "text-max-width": 7 },
    }),
    projectNumbers(),
  ];
}

// Names are written anew in the digits of the language.
function renameLabels(map) {
  for (const layer of NAMED) {
    if (has(layer)) map.getSource(`${layer}-names`).setData(nameCollection(layer));
  }
}
