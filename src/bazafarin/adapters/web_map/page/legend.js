// The legend: the theme, what its classes mean, the layers, and what is not on the map.

const shown = { theme: plan.themes.length ? plan.themes[0].id : null, hidden: new Set(HIDDEN_AT_FIRST) };

const RULE_OF_THEME = {
  fine_grain_share: ["fine_grain.share_above", "fine_grain.parcel_below"],
  instability_share: ["instability.share_above", null],
  impermeability_share: ["impermeability.share_above", "impermeability.passage_below"],
};

const currentTheme = () => plan.themes.find((theme) => theme.id === shown.theme);

const ruleValue = (rule) => (rule in plan.rules ? plan.rules[rule].value : null);

function themeNote(theme) {
  const [threshold, limit] = RULE_OF_THEME[theme.id] ?? [null, null];
  return words(`map.theme_note.${theme.id}`, {
    threshold: threshold === null ? "" : share(ruleValue(threshold)),
    limit: limit === null ? "" : number(ruleValue(limit), 1),
    ...proposalFacts(),
  });
}

// The rule's threshold is drawn between the classes that it parts.
function startsAboveThreshold(theme, { words: key, facts }) {
  return key === "share" && theme.id in RULE_OF_THEME && facts.from === ruleValue(RULE_OF_THEME[theme.id][0]);
}

function classWords({ words: key, facts }) {
  if (key === "indices_met") return words("map.legend.indices_met", { count: number(facts.count) });
  if (key.startsWith("priority")) return words(`map.legend.${key}`, { from: number(facts.from), to: number(facts.to) });
  if (key !== "share") return words(`map.legend.${key}`);
  const ends = { from: share(facts.from), to: share(facts.to) };
  return words(facts.from === 0 ? "map.legend.share_first" : "map.legend.share_above", ends);
}

function classRows(theme) {
  const counts = theme.classes.map(() => 0);
  theme.rows.forEach((place) => { counts[place] += 1; });
  return theme.classes.flatMap((one, n) => [
    startsAboveThreshold(theme, one) ? element("li", { class: "threshold" }, words("map.legend.above_threshold")) : null,
    element("li", {}, swatch(one), element("span", {}, classWords(one)), element("b", {}, number(counts[n]))),
  ].filter((row) => row !== null));
}

function themeChooser(onTheme) {
  const options = plan.themes.map((theme) => element("option",
    { value: theme.id, selected: theme.id === shown.theme }, words(`map.theme.${theme.id}`)));
  const choose = (event) => { shown.theme = event.target.value; onTheme(); };
  return element("label", { class: "theme" },
    words("map.theme.title"), element("select", { id: "theme", onchange: choose }, ...options));
}

// How a layer looks on the map, as a short drawn line.
function lineSample(kind) {
  const lines = {
    blocks: ["slate", 1.2, ""], parcels: ["ink", 0.8, ""], labels: ["paper", 0, ""],
    passage_narrow: ["ochre", 3, ""], passage_wide: ["unknown", 3, ""], passage_unknown: ["unknown", 3, "3 4"],
    alternatives: ["ink", 2, "5 2.5"], approved_boundary: ["lapis", 3, ""], proposed_boundary: ["lapis", 3, "7 4"],
  };
  const [colour, width, dashes] = lines[kind];
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("class", "sample");
  svg.setAttribute("viewBox", "0 0 26 10");
  svg.setAttribute("aria-hidden", "true");
  for (const [attribute, value] of Object.entries({
    d: "M1 5H25", fill: "none", stroke: token(colour), "stroke-width": width, "stroke-dasharray": dashes,
  })) drawn.setAttribute(attribute, value);
  svg.append(drawn);
  return svg;
}

function layerSample(layer) {
  if (layer === "labels" || layer === "passages") return null;
  if (layer === "projects") return element("span", { class: "badge projects", "aria-hidden": "true" }, number(1));
  return lineSample(layer);
}

function passageKey() {
  const limit = ruleValue("impermeability.passage_below");
  const used = new Set(plan.layers.passages.classes);
  return element("ul", { class: "key" }, ...PASSAGE_CLASSES.flatMap((kind, n) => (used.has(n)
    ? [element("li", {}, lineSample(kind), element("span", {}, words(`map.legend.${kind}`, { limit: number(limit, 1) })))]
    : [])));
}

function layerSwitches(onLayer) {
  const switches = Object.keys(LAYERS_OF).filter((layer) => layer === "labels" || has(layer));
  return switches.flatMap((layer) => {
    const toggle = (event) => {
      shown.hidden[event.target.checked ? "delete" : "add"](layer);
      onLayer(layer, event.target.checked);
    };
    const box = element("input", { type: "checkbox", "data-layer": layer, checked: !shown.hidden.has(layer), onchange: toggle });
    const sample = layerSample(layer);
    const row = element("label", { class: "layer" }, box, element("span", {}, words(`map.layer.${layer}`)), sample);
    return layer === "passages" ? [row, passageKey()] : [row];
  });
}

function leftOutNotes() {
  return plan.left_out.map(({ layer, reason, rows, limit }) => element("li", { class: reason },
    words(`map.left_out.${reason}`, { layer: words(`map.layer.${layer}`), rows: number(rows), limit: number(limit ?? 0) })));
}

function writeLegend(onTheme, onLayer) {
  const theme = currentTheme();
  const themed = theme === undefined ? [] : [
    themeChooser(onTheme), element("p", { class: "note" }, themeNote(theme)),
    ...[unknownServicesNote(theme)].filter((note) => note !== null).map((note) => element("p", { class: "note" }, note)),
    element("ul", { class: "classes" }, ...classRows(theme)),
  ];
  const notes = leftOutNotes();
  byId("legend-body").replaceChildren(...themed,
    element("div", { class: "layers" }, ...layerSwitches(onLayer)),
    notes.length ? element("ul", { class: "left-out" }, ...notes) : "");
}
