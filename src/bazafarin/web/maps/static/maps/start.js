// Starts the map and holds its parts together.
"use strict";

function makeMap() {
  mendLetterMeasure(CanvasRenderingContext2D);
  if (typeof OffscreenCanvasRenderingContext2D !== "undefined") mendLetterMeasure(OffscreenCanvasRenderingContext2D);
  maplibregl.setWorkerUrl(given.worker);
  const ready = maplibregl.setRTLTextPlugin(new URL(given.rightToLeft, location.href).href, false);
  const map = new maplibregl.Map({
    container: "map", style: mapStyle(), bounds: given.bounds, fitBoundsOptions: { padding: 32 }, hash: true,
    attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, maxZoom: 21,
    renderWorldCopies: false, fadeDuration: 0, canvasContextAttributes: { preserveDrawingBuffer: true, antialias: true },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.getCanvas().setAttribute("aria-label", words("map"));
  return { map, ready };
}

// The print of the view that is seen, on either paper.
function writeAddresses(map) {
  const box = map.getBounds();
  const query = new URLSearchParams(given.asked.slice(1));
  query.set("view", [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((side) => side.toFixed(6)).join(","));
  query.set("theme", theme.id);
  byId("map-pdf").href = `${given.print}?${query}&paper=a4`;
  byId("map-pdf-a3").href = `${given.print}?${query}&paper=a3`;
}

function startKeys(map, open) {
  const canvas = map.getCanvas();
  canvas.addEventListener("keydown", (event) => {
    document.body.classList.add("by-keyboard");
    if (event.key !== "Enter") return;
    if (isDrawing()) return;
    const found = at(map, map.project(map.getCenter()));
    if (found !== null) open(found.layer, found.id);
  });
  canvas.addEventListener("focus", () => { if (canvas.matches(":focus-visible")) document.body.classList.add("by-keyboard"); });
  for (const event of ["blur", "pointerdown"]) canvas.addEventListener(event, () => document.body.classList.remove("by-keyboard"));
}

// The map is drawn at the paper's size before the browser takes its picture; all that was seen is
// on the sheet. A browser may print the last frame it showed: a copy of the picture is no frame.
function startPrinting(map) {
  let camera = null;
  let copy = null;
  const prepare = () => {
    if (camera !== null) return;
    const seen = map.getBounds();
    camera = { center: map.getCenter(), zoom: map.getZoom() };
    document.body.classList.add("printing");
    map.resize();
    map.fitBounds(seen, { animate: false });
  };
  window.addEventListener("beforeprint", () => {
    prepare();
    map.redraw();
    copy = element("img", { src: map.getCanvas().toDataURL(), alt: words("map"), class: "map-on-paper" });
    byId("map").after(copy);
  });
  window.addEventListener("afterprint", () => {
    copy?.remove();
    document.body.classList.remove("printing");
    map.resize();
    if (camera !== null) map.jumpTo(camera);
    camera = null;
  });
  // The button waits for the tiles of the larger view.
  byId("map-print").addEventListener("click", () => { prepare(); map.once("idle", () => window.print()); });
}

function startMap() {
  const { map, ready } = makeMap();
  const open = startPanel(map);
  startLegend(map, open);
  startSearch(map, open);
  startKeys(map, open);
  startDrawingButtons(map);
  startPrinting(map);
  map.on("style.load", () => addPatterns(map));
  map.on("load", () => map.once("idle", () => ready.then(() => { document.body.dataset.state = "ready"; })));
  map.on("move", () => drawScale(map));
  map.on("moveend", () => writeAddresses(map));
  map.on("click", ({ point }) => {
    if (isDrawing()) return;
    const found = at(map, point);
    if (found === null) closePanel(map);
    else open(found.layer, found.id);
  });
  map.on("mousemove", ({ point }) => { map.getCanvas().style.cursor = isDrawing() ? "crosshair" : at(map, point) === null ? "" : "pointer"; });
  byId("map-in").addEventListener("click", () => map.zoomIn());
  byId("map-out").addEventListener("click", () => map.zoomOut());
  byId("map-whole").addEventListener("click", () => map.fitBounds(given.bounds, { padding: padding() }));
  drawScale(map);
  writeAddresses(map);
}

function hasWebGL() {
  const canvas = document.createElement("canvas");
  return Boolean(canvas.getContext("webgl2") ?? canvas.getContext("webgl"));
}

async function start() {
  document.body.classList.add("with-script");
  for (const chooser of document.querySelectorAll("[data-submits]")) chooser.addEventListener("change", () => {
    // another edition is looked at where this one was
    if (chooser.name === "edition") chooser.form.action += location.hash;
    chooser.form.submit();
  });
  if (!hasWebGL()) {
    byId("map").replaceChildren(element("p", { class: "message warning", role: "alert" }, words("no_webgl")));
    document.body.dataset.state = "without-map";
    return;
  }
  await Promise.all(["400", "500", "700"].map((weight) => document.fonts.load(`${weight} 24px Vazirmatn`, "بازآفرینی")));
  startMap();
}

start();
