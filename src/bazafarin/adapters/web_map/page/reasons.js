// Why a block's answer is what it is, in sentences.

const INDICES = ["fine_grain", "instability", "impermeability"];

const LIMIT_OF_INDEX = { fine_grain: "fine_grain.parcel_below", instability: null, impermeability: "impermeability.passage_below" };

function indexReason(index, row) {
  const threshold = ruleValue(`${index}.share_above`);
  const value = cell("blocks", `${index}_share`, row);
  const limit = LIMIT_OF_INDEX[index];
  const facts = {
    share: share(value, threshold), threshold: share(threshold), limit: limit === null ? "" : number(ruleValue(limit), 1),
  };
  return {
    index,
    value,
    threshold,
    met: value === null ? "unknown" : plan.layers.blocks.met[index][row] ? "met" : "not_met",
    sentence: words(value === null ? `map.index.unknown_${index}` : `map.index.${index}`, facts),
    known: knownSentence(index, row),
  };
}

// How much was known and, where that leaves room, between which shares the truth lies.
function knownSentence(index, row) {
  const coverage = cell("blocks", `${index}_share_coverage`, row) ?? cell("blocks", `${index}_coverage`, row);
  if (coverage === null) return null;
  const least = cell("blocks", `${index}_share_min`, row);
  const most = cell("blocks", `${index}_share_max`, row);
  const facts = { coverage: share(coverage), least: share(least), most: share(most) };
  const isOpen = coverage < 1 && least !== null && most !== null;
  return words(isOpen ? "map.index.bounds" : "map.index.coverage", facts);
}

function verdict(row) {
  const level = cell("blocks", "level", row);
  return words(level === null ? "map.verdict.none" : `map.verdict.worn_out_${level}`);
}

function decidedReason(row) {
  const decided = cell("blocks", "decided", row);
  const open = INDICES.filter((index) => (cell("blocks", `${index}_share_coverage`, row) ?? 0) < 1);
  const joint = language === "fa" ? "، " : ", ";
  return words(`map.decided.${decided}`, { indices: open.map((index) => words(`codes.index.${index}`)).join(joint) });
}

function changeReason(row) {
  const reason = cell("blocks", "reason", row);
  return reason === null ? null : words(`map.reason.${reason}`);
}

// The rules behind an answer: the shares asked, then what each index counts.
function rulesOf(hasChange) {
  const asked = Object.keys(plan.rules);
  const isOther = (rule) => ["projects.", "per_capita."].some((topic) => rule.startsWith(topic));
  return asked.filter((rule) => !isOther(rule) && (hasChange || !rule.startsWith("boundary.")));
}
