// Driver projects: the panel of one, of an alternative, and the list of all.

const LIST = "list";

const MAP_OF_PROJECT = { projects: "project", alternatives: "alternative" };

const placeButton = (layer, row, ...inside) => element("button", {
  type: "button", class: "place", "data-place": `${layer}-${row}`,
  onclick: () => { choose(layer, row, { fly: true }); byId("panel").focus(); },
}, ...inside);

function siteWords(layer, row) {
  const count = cell(layer, "parcels_count", row);
  const kind = words(`projects.kind.${cell(layer, "kind", row)}`);
  return words(count === 1 ? "map.project.one_parcel" : "map.project.parcels", { kind, count: number(count) });
}

// What the facts allow to be said, and no more.
function projectReasons(layer, row) {
  const figure = (column) => cell(layer, column, row);
  const service = figure("service");
  const isTold = figure("people_withheld") !== 1;
  const told = {
    people: number(figure("people_in_reach")), radius: number(plan.proposals.radius_m[service]), service: serviceWord(service),
  };
  const sentences = isTold ? [words("map.project.reach", told)] : [];
  if (layer === "projects" && isTold) {
    sentences.push(words("map.project.serves", { capacity: number(figure("capacity")), people: number(figure("people_served")) }));
  }
  if (figure("land_m2") < figure("site_area_m2")) {
    sentences.push(words("map.project.part_of_site", { site: number(figure("site_area_m2")), land: number(figure("land_m2")) }));
  }
  return [...sentences, ...(isTold ? worthSentences(layer, row) : [])];
}

function worthSentences(layer, row) {
  if (layer === "alternatives") return [words("map.project.gain", { count: number(cell(layer, "gain", row)) })];
  const loss = cell(layer, "loss_without", row);
  if (loss === null) return [words("map.project.loss_untried")];
  return [words(loss > 0 ? "map.project.loss" : "map.project.no_loss", { count: number(loss) })];
}

function projectRules(layer, row) {
  const service = cell(layer, "service", row);
  const asked = Object.keys(plan.rules).filter((rule) => rule.startsWith(`projects.${service}.`) || rule === `per_capita.${service}`);
  return element("details", {}, element("summary", {}, words("map.panel.rules")), element("ul", { class: "rules" }, ...asked.map(rulePart)));
}

function projectPanel(layer, row) {
  const figure = (column) => cell(layer, column, row);
  const blockRow = rowOf("blocks", "block_id", figure("block_id"));
  const open = () => { choose("blocks", blockRow, { fly: true }); byId("panel").focus(); };
  const block = codeBdi(figure("block_id"));
  const obstacle = layer === "alternatives" ? [element("p", {}, words(`map.project.obstacle_${figure("obstacle")}`))] : [];
  return [
    backToList(),
    heading(MAP_OF_PROJECT[layer], `${number(figure("rank"))}: ${serviceWord(figure("service"))}`),
    facts(
      [words("map.panel.neighbourhood"), bdi(neighbourhoodName(figure("neighbourhood_id")) ?? unknownWord())],
      [words("map.panel.block"), blockRow === null ? block : element("button", { type: "button", class: "link", onclick: open }, block)],
      [words("map.project.site"), siteWords(layer, row)],
      [words("map.project.land"), squareMetres(figure("land_m2"))],
      [words("map.project.capacity"), words("map.project.persons", { count: number(figure("capacity")) })],
      layer === "projects" ? [words("map.project.people"), persons(layer, "people_served", row)] : null,
      [words("map.project.in_reach"), persons(layer, "people_in_reach", row)],
      [words("map.project.cost"), money(figure("cost_rial"))],
      [words("map.project.state"), money(figure("state_rial"))],
      [words("map.project.municipal"), money(figure("municipal_rial"))]),
    element("h3", {}, words(layer === "projects" ? "map.project.why" : "map.project.why_not")),
    ...obstacle,
    ...projectReasons(layer, row).map((sentence) => element("p", {}, sentence)),
    projectRules(layer, row),
  ];
}

function backToList() {
  const open = () => { choose(LIST, 0); byId("panel").focus(); };
  return element("button", { type: "button", class: "link back", onclick: open }, listTitle());
}

// What the choice as a whole is worth, what it costs and what proves it.
function choiceSentences(told) {
  const budget = money(told.budget_rial);
  if (told.is_feasible === false) return [words("map.project_list.infeasible", { budget })];
  if (told.chosen === null) return [words("map.project_list.undecided")];
  if (told.chosen === 0) return [words("map.project_list.none", { budget })];
  const isProven = share(told.gap) === share(0);
  return [
    words("map.project_list.all", {
      count: number(told.chosen), cost: money(told.cost_rial), budget,
      people: number(told.people_served), unserved: number(told.people_unserved),
    }),
    words(isProven ? "map.project_list.proven" : "map.project_list.gap", { gap: share(told.gap) }),
    ...(told.sites_without_price > 0 ? [words("map.project_list.without_price", { count: number(told.sites_without_price) })] : []),
    ...(plan.city.neighbourhood === null ? [] : [words("map.project_list.whole_city")]),
  ];
}

function projectItem(layer, row) {
  const column = layer === "projects" ? "people_served" : "people_in_reach";
  const told = [persons(layer, column, row), money(cell(layer, "cost_rial", row))].join(" · ");
  const place = neighbourhoodName(cell(layer, "neighbourhood_id", row)) ?? cell(layer, "block_id", row);
  return element("li", {}, placeButton(layer, row,
    element("span", { class: `badge ${layer}` }, number(cell(layer, "rank", row))),
    element("span", { class: "what" }, element("strong", {}, serviceWord(cell(layer, "service", row))), ` – `, bdi(place),
      element("small", {}, told))));
}

function projectItems(layer) {
  return element("ol", { class: "places" }, ...Array.from({ length: rowsOf(layer) }, (_, row) => projectItem(layer, row)));
}

function projectsPart() {
  const told = plan.proposals?.projects ?? null;
  if (told === null) return [];
  return [
    element("h2", {}, words("map.project_list.title")),
    ...choiceSentences(told).map((sentence, n) => element("p", n ? { class: "note" } : {}, sentence)),
    ...(has("projects") ? [projectItems("projects")] : []),
    ...(has("alternatives") ? [element("h3", {}, words("map.project_list.alternatives")), projectItems("alternatives")] : []),
  ];
}

const hasProjects = () => plan.proposals !== null && plan.proposals.projects !== null;

const hasList = () => hasProjects() || has("neighbourhoods");

const listTitle = () => words(hasProjects() ? "map.action.projects" : "map.layer.neighbourhoods");

PANELS.projects = (row) => projectPanel("projects", row);
PANELS.alternatives = (row) => projectPanel("alternatives", row);
PANELS[LIST] = () => [...projectsPart(), ...neighbourhoodsPart()];

function writeListButton() {
  byId("show-list").hidden = !hasList();
  byId("show-list").textContent = listTitle();
}
