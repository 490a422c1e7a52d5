// A block's priority and its walking access, in sentences; empty where nobody asked for them.

const joined = (texts) => texts.join(language === "fa" ? "، " : ", ");

const serviceWord = (service) => words(`codes.service.${service}`);

// Persons or a word why not; a group of few households is not told of.
function persons(layer, column, row) {
  if (cell(layer, "people_withheld", row) === 1) return words("map.panel.withheld");
  const count = cell(layer, column, row);
  return count === null ? unknownWord() : words("map.project.persons", { count: number(count) });
}

// Milliard rial; what is below one is written finer, so that it is not read as nothing.
function money(rial) {
  if (rial === null) return unknownWord();
  const milliards = rial / 1e9;
  return words("map.project.milliard", { count: number(milliards, Math.abs(milliards) < 1 ? 3 : 1) });
}

function priorityReasons(row) {
  const figure = (column) => cell("blocks", `priority_${column}`, row);
  if (plan.proposals === null) return [];
  if (figure("rank") === null) return [words("map.priority.unranked")];
  const [best, worst] = [figure("rank_best"), figure("rank_worst")];
  const leading = (figure("leading_criteria") ?? "").split(",").filter((criterion) => criterion !== "");
  const isFirm = best === worst;
  return [
    words("map.priority.rank", { rank: number(figure("rank")), count: number(plan.proposals.ranked), score: number(figure("score"), 3) }),
    words(isFirm ? "map.priority.firm" : "map.priority.range", { best: number(best), worst: number(worst) }),
    ...(leading.length ? [words("map.priority.leading", { criteria: joined(leading.map((one) => words(`priority.criterion.${one}`))) })] : []),
    ...(figure("coverage") < 1 ? [words("map.priority.coverage", { coverage: share(figure("coverage")) })] : []),
  ];
}

function accessReasons(row) {
  if (plan.proposals === null) return [];
  const [median, most] = ["engine_depth_m", "engine_depth_most_m"].map((column) => cell("blocks", column, row));
  return [
    words(`map.access.${cell("blocks", "residents", row)}`, { share: share(cell("blocks", "within_share", row)) }),
    words(median === null ? "map.access.engine_unknown" : "map.access.engine", { median: number(median), most: number(most) }),
  ];
}

// What the note of a proposal's theme names: the blocks ranked, the services walked to.
function proposalFacts() {
  if (plan.proposals === null) return {};
  const listed = (services) => joined(services.map((service) =>
    `${serviceWord(service)} (${words("map.panel.metres", { count: number(plan.proposals.radius_m[service]) })})`));
  return { count: number(plan.proposals.ranked), known: listed(plan.proposals.services_known) };
}

function unknownServicesNote(theme) {
  const unknown = plan.proposals === null ? [] : plan.proposals.services_unknown;
  if (theme.id !== "walking_access" || !unknown.length) return null;
  return words("map.theme_note.walking_access_unknown", { unknown: joined(unknown.map(serviceWord)) });
}
