// Drawing and correcting an area: corners to drag or move by keys, new ones between them, undo.
"use strict";

const HANDLES_MOST = 240;
const KEY_PX = 1;
const KEY_FAR_PX = 10;
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

let current = null;

const isDrawing = () => current !== null;

function stopDrawing(map) {
  if (current === null) return;
  current.markers.forEach((marker) => marker.remove());
  current.stop();
  current = null;
  document.body.classList.remove("drawing");
  map.resize();
  map.getSource("drawing").setData(collected(null));
}

function writeShape(map) {
  const { shape } = current;
  map.getSource("drawing").setData(collected(shape.asSeen()));
  byId("id_geometry").value = shape.isClosed ? JSON.stringify(shape.asGeometry()) : "";
  byId("map-undo").disabled = shape.past.length === 0;
}

// One change that can be undone, and the corners drawn anew; the keys stay where they were.
function change(map, how, keep = null) {
  current.shape.remember();
  how(current.shape);
  writeHandles(map);
  writeShape(map);
  if (keep !== null) current.markers.find(({ place }) => place === keep)?.getElement().focus();
}

function cornerKeys(map, ring, nth) {
  return (event) => {
    const { shape } = current;
    const corner = shape.rings[ring][nth];
    const place = `${ring}/${nth}`;
    if (event.key in KEYS) {
      const far = event.shiftKey ? KEY_FAR_PX : KEY_PX;
      const point = map.project(corner);
      const moved = map.unproject([point.x + far * KEYS[event.key][0], point.y + far * KEYS[event.key][1]]).toArray();
      change(map, () => shape.move(ring, nth, moved), place);
    } else if (event.key === "Enter") change(map, () => shape.move(ring, nth, snapped(map, corner)), place);
    else if (event.key === "Delete") change(map, () => shape.remove(ring, nth), `${ring}/0`);
    else if (event.key === "Insert") change(map, () => shape.insert(ring, nth + 1, between(shape.rings[ring], nth)), `${ring}/${nth + 1}`);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

const between = (ring, nth) => {
  const next = ring[(nth + 1) % ring.length];
  return [(ring[nth][0] + next[0]) / 2, (ring[nth][1] + next[1]) / 2];
};

function handle(map, corner, label, kind, place) {
  const button = element("button", { type: "button", class: `map-${kind}`, "aria-label": label, "data-place": place });
  const marker = new maplibregl.Marker({ element: button, draggable: true }).setLngLat(corner).addTo(map);
  button.setAttribute("aria-label", label); // MapLibre writes its own over it
  marker.place = place;
  return marker;
}

function cornerHandle(map, ring, nth) {
  const { shape } = current;
  const corners = shape.rings[ring];
  const marker = handle(map, corners[nth], words("corner", { nth: number(nth + 1), count: number(corners.length) }), "corner", `${ring}/${nth}`);
  const touch = () => { current.touched = [ring, nth]; };
  marker.on("dragstart", () => { touch(); shape.remember(); });
  marker.getElement().addEventListener("focus", touch);
  marker.on("drag", () => {
    const sat = snapped(map, marker.getLngLat().toArray());
    marker.setLngLat(sat);
    shape.move(ring, nth, sat);
    writeShape(map);
  });
  marker.on("dragend", () => writeHandles(map));
  marker.getElement().addEventListener("keydown", cornerKeys(map, ring, nth));
  marker.getElement().addEventListener("click", (event) => { touch(); event.stopPropagation(); });
  return marker;
}

// The corner that was touched last, for thumbs that have no Delete key.
function removeTouched(map) {
  const { touched } = current;
  if (touched === null) return;
  current.touched = null;
  change(map, (shape) => shape.remove(...touched));
}

function middleHandle(map, ring, nth) {
  const { shape } = current;
  const middle = between(shape.rings[ring], nth);
  const marker = handle(map, middle, byId("map-add").textContent, "middle", `${ring}+${nth}`);
  marker.getElement().tabIndex = -1;
  const insert = () => change(map, () => shape.insert(ring, nth + 1, snapped(map, marker.getLngLat().toArray())), `${ring}/${nth + 1}`);
  marker.on("dragend", insert);
  marker.getElement().addEventListener("click", (event) => { event.stopPropagation(); insert(); });
  return marker;
}

// The corners in view: a boundary has thousands, and nobody drags what they do not see.
function writeHandles(map) {
  current.markers.forEach((marker) => marker.remove());
  const seen = map.getBounds();
  const places = current.shape.rings.flatMap((ring, n) => ring.map((corner, nth) => [n, nth, corner]))
    .filter(([, , corner]) => seen.contains(corner)).slice(0, HANDLES_MOST);
  current.markers = places.map(([ring, nth]) => cornerHandle(map, ring, nth));
  if (current.shape.isClosed) current.markers.push(...places.map(([ring, nth]) => middleHandle(map, ring, nth)));
}

// The corners of a view that moved; the keys stay where they were.
function writeHandlesAgain(map) {
  const held = current.markers.find((marker) => marker.getElement() === document.activeElement);
  writeHandles(map);
  if (held !== undefined) current.markers.find(({ place }) => place === held.place)?.getElement().focus({ preventScroll: true });
}

function boundsOf(shape) {
  const corners = shape.rings.flat();
  return corners.reduce((box, corner) => box.extend(corner), new maplibregl.LngLatBounds(corners[0], corners[0]));
}

// A click on the map: the next corner of a new shape.
function putCorner(map, where) {
  const corner = snapped(map, where.toArray());
  change(map, (shape) => {
    if (shape.isClosed) {
      const { ring, place } = shape.nearestEdge(map, map.project(corner));
      shape.insert(ring, place, corner);
    } else shape.rings[0].push(corner);
  });
}

async function startDrawing(map, layer, id) {
  stopDrawing(map);
  const address = given.correct.replace("/layer/", `/${layer}/`);
  await tell(id === null ? address : `${address}?id=${id}`);
  if (byId("id_geometry") === null) return;
  const shape = new Shape(id === null ? null : JSON.parse(byId("map-shape").textContent));
  const again = () => { writeHandlesAgain(map); return fetchNeighbours(map, layer, id); };
  const put = ({ lngLat }) => { if (id === null) putCorner(map, lngLat); };
  current = { shape, markers: [], touched: null, stop: () => { map.off("moveend", again); map.off("click", put); } };
  document.body.classList.add("drawing");
  map.getSource("selected").setData(collected(null));
  map.resize();
  if (id !== null) map.fitBounds(boundsOf(shape), { padding: padding(), maxZoom: 20.5, animate: false });
  map.on("moveend", again);
  map.on("click", put);
  writeHandles(map);
  writeShape(map);
  await fetchNeighbours(map, layer, id);
}

function startDrawingButtons(map) {
  document.body.addEventListener("click", ({ target }) => {
    const correcting = target.closest("[data-correct]");
    const drawing = target.closest("[data-draw]");
    if (correcting !== null) startDrawing(map, correcting.dataset.correct, Number(correcting.dataset.row));
    else if (drawing !== null) startDrawing(map, drawing.dataset.draw, null);
    else if (target.closest("#map-undo") !== null) { current.touched = null; current.shape.undo(); writeHandles(map); writeShape(map); }
    else if (target.closest("#map-add") !== null) putCorner(map, map.getCenter());
    else if (target.closest("#map-remove") !== null) removeTouched(map);
    else if (target.closest("#map-cancel") !== null) { stopDrawing(map); closePanel(map); }
  });
  // A refused correction comes back with its form: what was drawn stays on the map and in it.
  document.body.addEventListener("htmx:afterSwap", () => {
    if (isDrawing() && byId("id_geometry") !== null) writeShape(map);
    const refused = byId("map-told").querySelector(".message.error, .wrong, .wrong-why");
    if (refused === null) return;
    refused.scrollIntoView({ block: "nearest" });
    refused.querySelector("input, select")?.focus();
  });
  document.body.addEventListener("htmx:configRequest", ({ detail }) => {
    if (detail.parameters.view !== undefined) detail.parameters.view = location.hash;
  });
}
