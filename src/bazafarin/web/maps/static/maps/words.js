// The page's data, sentences and figures in the reader's language, and small ways to the page.
"use strict";

const byId = (id) => document.getElementById(id);
const given = JSON.parse(byId("map-data").textContent);
const isPersian = given.language === "fa";

const digits = (text) => (isPersian ? String(text).replace(/[0-9]/g, (digit) => "۰۱۲۳۴۵۶۷۸۹"[digit]) : String(text));

function number(value, decimals = 0) {
  return value.toLocaleString(isPersian ? "fa-IR" : "en-GB", { maximumFractionDigits: decimals });
}

function words(key, facts = {}) {
  const full = key.startsWith("map.") ? key : `web_map.page.${key}`;
  const sentence = given.words[full];
  if (sentence === undefined) throw new Error(`no words for ${full}`);
  return sentence.replace(/\{(\w+)\}/g, (_, fact) => facts[fact]);
}

// An element with attributes, listeners (on…) and children.
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

const isCalm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const isNarrow = () => window.innerWidth <= 800;
