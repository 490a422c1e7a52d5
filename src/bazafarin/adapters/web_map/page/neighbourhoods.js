// Neighbourhoods: the panel of one, and the list of all.

function populationOf(row) {
  if (cell("neighbourhoods", "population_withheld", row) === 1) return words("map.panel.withheld");
  const count = cell("neighbourhoods", "population", row);
  if (count === null) return unknownWord();
  const people = words("map.project.persons", { count: number(count) });
  const coverage = cell("neighbourhoods", "population_coverage", row);
  return coverage < 1 ? words("map.neighbourhood.population_partly", { people, coverage: share(coverage) }) : people;
}

function wornOutArea(row) {
  const [area, whole] = ["worn_out_area_m2", "area_m2"].map((column) => cell("neighbourhoods", column, row));
  if (area === null || !whole) return squareMetres(area);
  return words("map.neighbourhood.of_area", { area: squareMetres(area), share: share(area / whole) });
}

function deficitsPart(row) {
  const { deficits, deficits_unknown: unknown } = plan.layers.neighbourhoods;
  const lacking = deficits[row].map(([service, area]) => [serviceWord(service), squareMetres(area)]);
  const isWhole = !lacking.length && !unknown[row].length;
  return [
    element("h3", {}, words("map.neighbourhood.deficits")),
    ...(lacking.length ? [element("p", { class: "note" }, words("map.neighbourhood.deficits_note")), facts(...lacking)] : []),
    ...(isWhole ? [element("p", {}, words("map.neighbourhood.no_deficits"))] : []),
    ...(unknown[row].length ? [element("p", { class: "note" }, words("map.neighbourhood.deficits_unknown", { services: joined(unknown[row].map(serviceWord)) }))] : []),
  ];
}

const titleOfNeighbourhood = (row) => cell("neighbourhoods", "name_fa", row) ?? cell("neighbourhoods", "neighbourhood_id", row);

PANELS.neighbourhoods = (row) => [
  backToList(),
  heading("neighbourhood", bdi(titleOfNeighbourhood(row))),
  facts(
    [words("map.neighbourhood.population"), populationOf(row)],
    [words("map.neighbourhood.blocks"), number(cell("neighbourhoods", "blocks_count", row))],
    [words("map.neighbourhood.worn_out_blocks"), number(cell("neighbourhoods", "worn_out_blocks", row))],
    [words("map.neighbourhood.undecided"), number(cell("neighbourhoods", "undecided_blocks", row))],
    [words("map.neighbourhood.worn_out_area"), wornOutArea(row)]),
  ...deficitsPart(row),
];

function neighbourhoodsPart() {
  if (!has("neighbourhoods")) return [];
  const items = Array.from({ length: rowsOf("neighbourhoods") }, (_, row) =>
    element("li", {}, placeButton("neighbourhoods", row, element("span", { class: "what" }, bdi(titleOfNeighbourhood(row))))));
  return [element(hasProjects() ? "h3" : "h2", {}, words("map.project_list.neighbourhoods")), element("ul", { class: "places" }, ...items)];
}
