// The map itself: made, moved and asked what lies at a point.

const NEAR_PX = 5;

function hasWebGL() {
  const canvas = document.createElement("canvas");
  return Boolean(canvas.getContext("webgl2") ?? canvas.getContext("webgl"));
}

// The worker is made of the page's own text. A page from disk may not load a script into a
// worker, so the right-to-left plugin waits inside it for MapLibre's call.
function workerAddress() {
  const bytes = (id) => Uint8Array.from(atob(byId(id).textContent), (letter) => letter.charCodeAt(0));
  const source = ["self.importScripts = () => {", bytes("text-plugin"), "};\n", bytes("worker")];
  return URL.createObjectURL(new Blob(source, { type: "text/javascript" }));
}

function wholeBounds() {
  const layer = ["blocks", "proposed_boundary", "approved_boundary", "neighbourhoods"].find(has);
  return layer === undefined ? [44, 25, 63.5, 40] : bounds(geometries(layer));
}

function makeMap() {
  mendLetterMeasure(CanvasRenderingContext2D);
  if (typeof OffscreenCanvasRenderingContext2D !== "undefined") mendLetterMeasure(OffscreenCanvasRenderingContext2D);
  maplibregl.setWorkerUrl(workerAddress());
  const ready = maplibregl.setRTLTextPlugin("embedded", false);
  const map = new maplibregl.Map({
    container: "map", style: style(), bounds: wholeBounds(), fitBoundsOptions: { padding: padding() },
    attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, maxZoom: 21,
    renderWorldCopies: false, fadeDuration: 0, canvasContextAttributes: { preserveDrawingBuffer: true, antialias: true },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.getCanvas().setAttribute("aria-label", words("map.action.map"));
  return { map, ready };
}

// Room for the cards that lie over the map.
function padding() {
  const isWide = window.innerWidth > 800;
  if (!isWide) return { top: 24, bottom: chosen === null ? 110 : window.innerHeight * 0.5, left: 24, right: 24 };
  const legend = 316;
  const panel = chosen === null ? 24 : 412;
  const isRtl = document.documentElement.dir === "rtl";
  return { top: 24, bottom: 40, left: isRtl ? legend : panel, right: isRtl ? panel : legend };
}

// Drawn over the blocks, and chosen before them: the layer on the map and the page's own.
const OVER_BLOCKS = [
  ["project-badges", "projects"], ["projects-fill", "projects"], ["alternatives-fill", "alternatives"],
  ["neighbourhood-names", "neighbourhoods"],
];

// What a click or Enter at a point means: a project or a neighbourhood's name, else the parcel,
// else the block, else a passage near it.
function at(map, point) {
  const ask = (box, ids) => map.queryRenderedFeatures(box, { layers: ids.filter((id) => map.getLayer(id)) });
  for (const [id, layer] of OVER_BLOCKS) {
    const [over] = ask(point, [id]);
    if (over !== undefined) return { layer, row: over.id };
  }
  const near = [[point.x - NEAR_PX, point.y - NEAR_PX], [point.x + NEAR_PX, point.y + NEAR_PX]];
  const exact = ask(point, ["parcels-fill", "blocks-fill"]);
  const found = exact.length ? exact : ask(near, ["passages-known", "passages-unknown"]);
  return found.length ? { layer: found[0].source, row: found[0].id } : { layer: null, row: null };
}

function drawChosen(map, selected, fly) {
  const shape = selected === null || !has(selected.layer) ? [] : [geometries(selected.layer)[selected.row]];
  map.getSource("selected").setData(collection(shape));
  if (fly && shape.length) map.fitBounds(bounds(shape), { padding: padding(), maxZoom: 17.5, duration: calm() ? 0 : 700 });
}

const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

function flyToRow(map, layer, row) {
  if (layer in PANELS) choose(layer, row, { fly: true });
  else {
    choose(null, null);
    map.fitBounds(bounds([geometries(layer)[row]]), { padding: padding(), duration: calm() ? 0 : 700 });
  }
}
