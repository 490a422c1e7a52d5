// The panel: the finding of what was chosen, and its reasons.

let chosen = null;

const facts = (...rows) => element("dl", {}, ...rows.filter((row) => row !== null).flatMap(([title, value]) => [
  element("dt", {}, title), element("dd", {}, value)]));

const bdi = (text) => element("bdi", {}, digits(text));
const codeBdi = (text) => element("bdi", { dir: "ltr" }, digits(text));

const heading = (kind, text) => element("h2", {}, element("small", {}, words(`map.kind.${kind}`)), " ", text);

const squareMetres = (value) => (value === null ? unknownWord() : words("map.panel.square_metres", { count: number(value, 1) }));

const metres = (value) => (value === null ? unknownWord() : words("map.panel.metres", { count: number(value, 2) }));

// A bar of the share with a mark at the threshold; the words beside it say the same.
function shareBar({ index, value, threshold }) {
  const bar = element("div", { class: `bar ${index}`, "aria-hidden": "true" });
  const filled = element("i");
  const mark = element("b");
  filled.style.inlineSize = `${(value ?? 0) * 100}%`;
  mark.style.insetInlineStart = `${threshold * 100}%`;
  if (value === null) bar.classList.add("unknown");
  bar.append(filled, mark);
  return bar;
}

function indexPart(reason) {
  return element("section", { class: `index ${reason.met}` },
    element("h4", {}, element("span", { class: "name" }, words(`codes.index.${reason.index}`)),
      element("span", { class: "met" }, words(`map.verdict.${reason.met}`))),
    shareBar(reason),
    element("p", {}, reason.sentence),
    reason.known === null ? null : element("p", { class: "note" }, reason.known));
}

function rulePart(rule) {
  const cited = plan.rules[rule];
  const certainty = words(cited.verified ? "map.rule.verified" : "map.rule.unverified");
  const value = typeof cited.value !== "number" ? ""
    : cited.unit === "share" ? ` ${share(cited.value)}` : ` ${number(cited.value, 2)} ${words(`units.unit.${cited.unit}`)}`;
  return element("li", {}, element("strong", {}, cited.title[language]), value === "" ? null : element("span", {}, `:${value}`),
    element("p", {}, words("map.rule.clause", { instrument: name(cited.instrument), clause: name(cited.clause) }),
      cited.by_city ? ` (${words("map.rule.by_city")})` : null),
    element("p", { class: cited.verified ? "mark" : "mark unverified" },
      `${certainty} (${words("map.rule.mark", { mark: code(cited.certainty) })})`));
}

function rulesPart(hasChange) {
  return element("details", {}, element("summary", {}, words("map.panel.rules")),
    element("ul", { class: "rules" }, ...rulesOf(hasChange).map(rulePart)));
}

// A heading and its sentences, where there are any.
function saidPart(title, sentences) {
  if (!sentences.length) return [];
  return [element("h3", {}, words(`map.${title}.title`)), ...sentences.map((sentence) => element("p", {}, sentence))];
}

function blockPanel(row) {
  const change = changeReason(row);
  const level = cell("blocks", "level", row);
  const neighbourhood = neighbourhoodName(cell("blocks", "neighbourhood_id", row));
  return [
    heading("block", codeBdi(cell("blocks", "block_id", row))),
    element("p", { class: `verdict level-${level}` }, verdict(row)),
    element("p", { class: "note" }, words("map.verdict.indices_met", { count: number(cell("blocks", "indices_met", row)) })),
    facts(
      neighbourhood === null ? null : [words("map.panel.neighbourhood"), bdi(neighbourhood)],
      [words("map.panel.area"), squareMetres(cell("blocks", "area_m2", row))],
      [words("map.panel.parcels"), number(cell("blocks", "parcels_count", row))],
      [words("map.panel.buildings"), number(cell("blocks", "buildings_count", row))]),
    element("h3", {}, words("map.panel.indices")),
    ...INDICES.map((index) => indexPart(indexReason(index, row))),
    element("h3", {}, words("map.panel.certainty")),
    element("p", {}, decidedReason(row)),
    ...(change === null ? [] : [element("h3", {}, words("map.panel.boundary")), element("p", {}, change)]),
    ...saidPart("priority", priorityReasons(row)),
    ...saidPart("access", accessReasons(row)),
    rulesPart(change !== null),
  ];
}

function neighbourhoodName(id) {
  if (id === null || !has("neighbourhoods")) return id;
  for (let row = 0; row < rowsOf("neighbourhoods"); row += 1) {
    if (cell("neighbourhoods", "neighbourhood_id", row) === id) return cell("neighbourhoods", "name_fa", row) ?? id;
  }
  return id;
}

function parcelPanel(row) {
  const block = cell("parcels", "block_id", row);
  const open = () => choose("blocks", rowOf("blocks", "block_id", block));
  const link = block === null ? unknownWord() : element("button", { type: "button", class: "link", onclick: open }, codeBdi(block));
  return [
    heading("parcel", codeBdi(cell("parcels", "parcel_id", row) ?? "")),
    facts(
      [words("map.panel.area"), squareMetres(cell("parcels", "area_m2", row))],
      [words("map.panel.use"), codeWord("use", cell("parcels", "use", row))],
      [words("map.panel.structure"), codeWord("structure", cell("parcels", "structure", row))],
      [words("map.panel.built"), plainNumber(cell("parcels", "built_sh", row))],
      [words("map.panel.quality"), codeWord("quality", cell("parcels", "quality", row))],
      [words("map.panel.block"), link]),
    element("p", { class: "note" }, words("map.panel.private")),
  ];
}

function passagePanel(row) {
  const text = cell("passages", "name_fa", row);
  return [
    heading("passage", text === null ? words("map.panel.unnamed") : bdi(text)),
    facts(
      [words("map.panel.width"), metres(cell("passages", "width_m", row))],
      [words("map.panel.width_source"), codeWord("width_source", cell("passages", "width_source", row))],
      [words("map.panel.length"), metres(cell("passages", "length_m", row))]),
  ];
}

// What each layer's panel says of a row; projects and neighbourhoods add their own.
const PANELS = { blocks: blockPanel, parcels: parcelPanel, passages: passagePanel };

function rowOf(layer, column, value) {
  for (let row = 0; row < rowsOf(layer); row += 1) if (cell(layer, column, row) === value) return row;
  return null;
}

function writePanel() {
  byId("panel").hidden = chosen === null;
  document.body.classList.toggle("with-panel", chosen !== null);
  if (chosen !== null) byId("panel-body").replaceChildren(...PANELS[chosen.layer](chosen.row));
}

// Set by the map, where there is one: it draws the outline of what was chosen.
let onChosen = () => {};

// Where the reader's keys were before the panel took them.
let cameFrom = null;

function closePanel() {
  const back = byId("panel").contains(document.activeElement) ? cameFrom : null;
  choose(null, null);
  back?.focus();
}

function choose(layer, row, { fly = false } = {}) {
  const focused = document.activeElement;
  if (!byId("panel").contains(focused)) cameFrom = focused;
  chosen = layer === null || row === null ? null : { layer, row };
  writePanel();
  byId("panel").scrollTop = 0;
  onChosen(chosen, fly);
}
