// The page's own parts: the plan's data and the few ways to make an element.

const plan = JSON.parse(document.getElementById("plan").textContent);

const byId = (id) => document.getElementById(id);

// Text is only ever set as text, so nothing that a delivery holds is read as markup.
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

// A column is a list, or a list of distinct texts and each row's place among them.
function cell(layer, column, row) {
  const values = plan.layers[layer].columns[column];
  if (values === undefined) return null;
  if (Array.isArray(values)) return values[row];
  const place = values.at[row];
  return place < 0 ? null : values.of[place];
}

const has = (layer) => layer in plan.layers;

const rowsOf = (layer) => (has(layer) ? plan.layers[layer].rows : 0);
