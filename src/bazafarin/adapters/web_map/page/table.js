// The blocks as a table: beside the map for who wants it, in its place where there is no WebGL.

const ROWS_A_PAGE = 100;

let tableRows = ROWS_A_PAGE;

// Most urgent first: level one, two, three, then the others by how many indices they meet.
function tableOrder() {
  const urgency = (row) => [cell("blocks", "level", row) ?? 9, -cell("blocks", "indices_met", row)];
  return Array.from({ length: rowsOf("blocks") }, (_, row) => row).sort((a, b) => {
    const [levelA, metA] = urgency(a);
    const [levelB, metB] = urgency(b);
    return levelA - levelB || metA - metB || a - b;
  });
}

function tableRow(row) {
  const open = () => { closeTable(); choose("blocks", row, { fly: true }); };
  const id = element("button", { type: "button", class: "link", onclick: open }, codeBdi(cell("blocks", "block_id", row)));
  const level = cell("blocks", "level", row);
  const shares = INDICES.map((index) => element("td", {}, share(cell("blocks", `${index}_share`, row), ruleValue(`${index}.share_above`))));
  return element("tr", {}, element("th", { scope: "row" }, id), element("td", {}, level === null ? "–" : number(level)),
    ...shares, element("td", {}, number(cell("blocks", "indices_met", row))),
    element("td", {}, words(`map.legend.decided.${cell("blocks", "decided", row) === "depends_on_unknown" ? "open" : cell("blocks", "decided", row)}`)));
}

function writeTable(introduction = []) {
  const order = tableOrder();
  const heads = ["block", "level", ...INDICES, "indices_met", "decided"].map((column) => element("th", { scope: "col" }, words(`map.table.${column}`)));
  const rows = order.slice(0, tableRows);
  const more = order.length - rows.length;
  const caption = words("map.table.caption", { shown: number(rows.length), count: number(order.length) });
  const showMore = () => { tableRows += ROWS_A_PAGE; writeTable(introduction); };
  byId("table-body").replaceChildren(...introduction,
    element("h2", {}, words("map.table.title")), element("p", { class: "note" }, caption),
    element("div", { class: "scroll" }, element("table", {}, element("thead", {}, element("tr", {}, ...heads)),
      element("tbody", {}, ...rows.map(tableRow)))),
    more ? element("button", { type: "button", onclick: showMore }, words("map.action.more", { count: number(Math.min(more, ROWS_A_PAGE)) })) : "");
}

function openTable(introduction = []) {
  writeTable(introduction);
  byId("table").hidden = false;
  byId("table").focus();
}

function closeTable() {
  byId("table").hidden = true;
}

// No WebGL: a clear word, and the blocks all the same.
function showWithoutMap() {
  document.body.classList.add("without-map");
  const introduction = element("div", { class: "no-webgl", role: "alert" },
    element("h2", {}, words("map.no_webgl.title")), element("p", {}, words("map.no_webgl.body")));
  openTable([introduction]);
}
