// Print: the map is drawn at the paper's size before the browser takes its picture.

function startPrinting(map) {
  let camera = null;
  let copy = null;
  const before = () => {
    const seen = map.getBounds();
    camera = { center: map.getCenter(), zoom: map.getZoom() };
    document.body.classList.add("printing");
    map.resize();
    // The sheet is lower than a screen: all that was seen is on it.
    map.fitBounds(seen, { animate: false });
    map.redraw();
    // A browser may print the last frame it showed and not the one just drawn: a copy is neither.
    copy = copyOf(map.getCanvas());
    map.getCanvasContainer().append(copy);
  };
  const after = () => {
    copy?.remove();
    document.body.classList.remove("printing");
    map.resize();
    if (camera !== null) map.jumpTo(camera);
    map.redraw();
  };
  window.addEventListener("beforeprint", before);
  window.addEventListener("afterprint", after);
  byId("print").addEventListener("click", () => window.print());
}

function copyOf(drawn) {
  const copy = element("canvas", { width: drawn.width, height: drawn.height, class: "on-paper" });
  copy.getContext("2d").drawImage(drawn, 0, 0);
  return copy;
}
