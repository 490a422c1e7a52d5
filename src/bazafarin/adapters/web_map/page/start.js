// Starts the page and holds its parts together.

function startLegend(map) {
  // The legend is made anew, and its chooser keeps the keys.
  const onTheme = () => { showTheme(map, currentTheme()); writeLegendAgain(); byId("theme").focus(); };
  const onLayer = (layer, isShown) => showLayer(map, layer, isShown);
  const writeLegendAgain = () => writeLegend(onTheme, onLayer);
  const toggle = () => {
    const isOpen = byId("legend").classList.toggle("open");
    byId("legend-toggle").setAttribute("aria-expanded", String(isOpen));
  };
  byId("legend-toggle").addEventListener("click", toggle);
  if (window.innerWidth > 800) toggle();
  else byId("legend-toggle").setAttribute("aria-expanded", "false");
  writeLegendAgain();
  return writeLegendAgain;
}

function startKeys(map) {
  const canvas = map.getCanvas();
  canvas.addEventListener("keydown", (event) => {
    document.body.classList.add("by-keyboard");
    if (event.key !== "Enter") return;
    const { layer, row } = at(map, map.project(map.getCenter()));
    choose(layer, row);
    if (layer !== null) byId("panel").focus();
  });
  for (const event of ["blur", "pointerdown"]) {
    canvas.addEventListener(event, () => document.body.classList.remove("by-keyboard"));
  }
}

function startMap() {
  const { map, ready } = makeMap();
  const writeLegendAgain = startLegend(map);
  onChosen = (selected, fly) => drawChosen(map, selected, fly);
  map.on("style.load", () => addPatterns(map));
  map.on("load", () => {
    if (currentTheme() !== undefined) showTheme(map, currentTheme());
    map.once("idle", () => ready.then(() => { document.body.dataset.state = "ready"; }));
  });
  map.on("move", () => drawScale(map));
  map.on("click", ({ point }) => { const { layer, row } = at(map, point); choose(layer, row); });
  map.on("mousemove", ({ point }) => { map.getCanvas().style.cursor = at(map, point).layer === null ? "" : "pointer"; });
  byId("zoom-in").addEventListener("click", () => map.zoomIn());
  byId("zoom-out").addEventListener("click", () => map.zoomOut());
  byId("whole").addEventListener("click", () => map.fitBounds(wholeBounds(), { padding: padding() }));
  startSearch((layer, row) => flyToRow(map, layer, row));
  startKeys(map);
  startPrinting(map);
  drawScale(map);
  return () => { writeLegendAgain(); drawScale(map); renameLabels(map); map.getCanvas().setAttribute("aria-label", words("map.action.map")); };
}

function startTable() {
  showWithoutMap();
  startSearch((layer, row) => { if (layer in PANELS) choose(layer, row); });
  byId("print").addEventListener("click", () => window.print());
  document.body.dataset.state = "without-map";
  return () => showWithoutMap();
}

// Whatever keeps the map from starting, the reader has the blocks and not a blank page.
function startMapOrTable() {
  if (!hasWebGL()) return startTable();
  try {
    return startMap();
  } catch (error) {
    console.error(error);
    return startTable();
  }
}

function writeEverything(again) {
  writeFixedWords();
  writeListButton();
  writeHead();
  writePanel();
  if (!byId("table").hidden) writeTable();
  again();
}

async function start() {
  writeFixedWords();
  writeListButton();
  writeHead();
  writePanel();
  await Promise.all(["400", "500", "700"].map((weight) => document.fonts.load(`${weight} 24px Vazirmatn`, "بازآفرینی")));
  const again = startMapOrTable();
  byId("language").addEventListener("click", () => { language = language === "fa" ? "en" : "fa"; writeEverything(again); });
  byId("show-table").addEventListener("click", () => openTable());
  byId("table-close").addEventListener("click", closeTable);
  byId("show-list").addEventListener("click", () => { choose(LIST, 0); byId("panel").focus(); });
  byId("panel-close").addEventListener("click", closePanel);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (!byId("table").hidden && !document.body.classList.contains("without-map")) closeTable();
    else closePanel();
  });
}

start();
