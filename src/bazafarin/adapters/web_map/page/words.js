// Sentences and figures in the language of the reader; Persian comes first.

let language = "fa";

// A code keeps its order inside Persian text only when it is isolated, left to right; a name
// runs as its own letters do, and a file's stays as it is written.
const code = (text) => `\u2066${digits(text)}\u2069`;
const name = (text) => `\u2068${digits(text)}\u2069`;
const fileName = (text) => `\u2066${text}\u2069`;

function digits(text) {
  if (language !== "fa") return String(text);
  return String(text).replace(/[0-9]/g, (digit) => "۰۱۲۳۴۵۶۷۸۹"[digit]);
}

function words(key, facts = {}) {
  const sentence = plan.words[language][key];
  if (sentence === undefined) throw new Error(`no words for ${key}`);
  return sentence.replace(/\{(\w+)\}/g, (_, fact) => facts[fact]);
}

const FILES_NAMED = 3;

const unknownWord = () => words("units.unknown");

function number(value, decimals = 0) {
  if (value === null) return unknownWord();
  const locale = language === "fa" ? "fa-IR" : "en-GB";
  return value.toLocaleString(locale, { maximumFractionDigits: decimals });
}

// Years and the like: no mark between thousands.
const plainNumber = (value) => (value === null ? unknownWord() : digits(value));

// The sign stands left of its number, as it is read: without its mark it would stand right of it.
const PERSIAN_PERCENT = "\u200f٪";

// A share that would round onto the threshold is written finer, so that it is not read as equal;
// one that would round to nothing or to all is said to be less or more.
function share(value, threshold = null) {
  if (value === null) return unknownWord();
  const looksEqual = threshold !== null && value !== threshold
    && Math.round(value * 1000) === Math.round(threshold * 1000);
  const sign = language === "fa" ? PERSIAN_PERCENT : "%";
  if (value > 0 && value < 0.0005) return words("units.less_than", { figure: number(0.1, 1) + sign });
  if (value < 1 && value >= 0.9995) return words("units.more_than", { figure: number(99.9, 1) + sign });
  return number(value * 100, looksEqual ? 2 : 1) + sign;
}

const codeWord = (list, value) => words(`codes.${list}.${value === null ? "unknown" : value}`);

// One form for each letter and digit, so that a name is found however it is typed.
function searchKey(text) {
  return text.normalize("NFC").toLowerCase()
    .replace(/[يىئ]/g, "ی").replace(/ك/g, "ک").replace(/[ةۀ]/g, "ه").replace(/[أإآ]/g, "ا")
    .replace(/[۰-۹]/g, (digit) => digit.charCodeAt(0) - 0x06f0)
    .replace(/[٠-٩]/g, (digit) => digit.charCodeAt(0) - 0x0660)
    .replace(/[\u0640\u064b-\u065f\u200b-\u200f\u2066-\u2069\s]/g, "");
}

// Words that stand in the markup by key; everything else is made anew when the language changes.
function writeFixedWords() {
  document.documentElement.lang = language;
  document.documentElement.dir = language === "fa" ? "rtl" : "ltr";
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = words(node.dataset.text);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", words(node.dataset.label));
  for (const node of document.querySelectorAll("button[data-label]")) node.title = words(node.dataset.label);
  for (const node of document.querySelectorAll("[data-placeholder]")) node.placeholder = words(node.dataset.placeholder);
}

// A few files are named; more are counted, and the first of them named.
function sourceNames(layers) {
  // A layer of several files names them all, one after the other.
  const files = layers.flatMap((names) => names.split(", "));
  const named = files.slice(0, FILES_NAMED).map(fileName).join(language === "fa" ? "، " : ", ");
  const more = files.length - FILES_NAMED;
  return more > 0 ? words("map.head.more_sources", { names: named, count: number(more) }) : named;
}

function writeHead() {
  const city = plan.city;
  const title = city.neighbourhood === null
    ? words("map.head.city", { place: name(city.name) })
    : words("map.head.neighbourhood", { place: name(city.neighbourhood), city: name(city.name) });
  byId("title").textContent = title;
  document.title = title;
  const parts = [words("map.head.as_of", { date: code(city.as_of) })];
  if (city.dated !== null) parts.push(words("map.head.dated", { date: code(city.dated) }));
  if (city.sources.length) parts.push(words("map.head.sources", { names: sourceNames(city.sources) }));
  byId("subtitle").textContent = parts.join(" · ");
  byId("subtitle").title = parts.join("\n");
  byId("synthetic").hidden = !city.synthetic;
}
