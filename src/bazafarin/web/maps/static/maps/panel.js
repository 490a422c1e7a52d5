// What lies at a point, told in a panel of the server's own words.
"use strict";

const NEAR_PX = 6;

const collected = (geometry) => ({ type: "FeatureCollection", features: geometry ? [{ type: "Feature", geometry, properties: {} }] : [] });

// What a click or Enter at a point means: a facility, else the parcel, the block, a passage near it;
// where neighbourhoods are coloured, the neighbourhood.
function at(map, point) {
  const near = [[point.x - NEAR_PX, point.y - NEAR_PX], [point.x + NEAR_PX, point.y + NEAR_PX]];
  if (theme.layer === "neighbourhoods") {
    const [area] = map.queryRenderedFeatures(point, { layers: ["neighbourhoods-fill"] });
    if (area !== undefined) return { layer: area.sourceLayer, id: area.id };
  }
  const asked = [[near, "facilities-point"], [near, "approved-line"], [point, "parcels-fill"], [near, "passages-line"], [point, "blocks-fill"]];
  for (const [where, id] of asked.filter((one) => map.getLayer(one[1]))) {
    const [found] = map.queryRenderedFeatures(where, { layers: [id] });
    if (found !== undefined) return { layer: found.sourceLayer, id: found.id };
  }
  return null;
}

function padding() {
  const side = isNarrow() || byId("map-panel").hidden ? 24 : 400;
  return { top: 24, bottom: isNarrow() && !byId("map-panel").hidden ? window.innerHeight * 0.4 : 48, left: 24, right: 24, [isPersian ? "left" : "right"]: side };
}

function showPanel() {
  byId("map-panel").hidden = false;
  document.body.classList.add("with-panel");
}

function closePanel(map) {
  byId("map-panel").hidden = true;
  document.body.classList.remove("with-panel");
  map.getSource("selected")?.setData(collected(null));
}

const featureAddress = (layer, id) => given.feature.replace("/layer/0/", `/${layer}/${id}/`) + given.asked;

// The part of the page that an address gives, in the panel; its shape, where it has one, is drawn.
async function tell(address) {
  showPanel();
  await htmx.ajax("GET", address, { target: "#map-told", swap: "innerHTML" });
  byId("map-panel").scrollTop = 0;
}

function startPanel(map) {
  // The policy of the site refuses styles that a script copies from part to part.
  htmx.config.attributesToSettle = ["class"];
  const open = async (layer, id) => {
    await tell(featureAddress(layer, id));
    const shape = byId("map-shape");
    map.getSource("selected").setData(collected(shape === null ? null : JSON.parse(shape.textContent)));
    byId("map-panel").focus({ preventScroll: true });
  };
  byId("map-close").addEventListener("click", () => { stopDrawing(map); closePanel(map); map.getCanvas().focus(); });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && !byId("map-panel").hidden && !isDrawing()) { closePanel(map); map.getCanvas().focus(); }
  });
  document.body.addEventListener("htmx:responseError", () => { byId("map-told").textContent = words("fault"); });
  return open;
}
