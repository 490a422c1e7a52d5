// Print: the map is drawn at the paper's size before the browser takes its picture.

function startPrinting(map) {
  const draw = (isPrinting) => {
    document.body.classList.toggle("printing", isPrinting);
    map.resize();
    map.redraw();
  };
  window.addEventListener("beforeprint", () => draw(true));
  window.addEventListener("afterprint", () => draw(false));
  byId("print").addEventListener("click", () => window.print());
}
