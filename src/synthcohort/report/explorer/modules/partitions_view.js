// Every partition in a table that sorts, filters and downloads.

import { decimal, el, number, percent } from "./elements.js";

const AT_ONCE = 50;

export function partitionsView(run, selection) {
  const state = { find: "", by: run.groupings.length ? "ARI" : "clusters", down: true, most: AT_ONCE };
  const count = el("span", { class: "soft", role: "status" });
  const holder = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table of all partitions" });
  const find = el("input", { type: "search", placeholder: "min-max, whitened, k = 8",
    oninput: (e) => { state.find = e.target.value; state.most = AT_ONCE; update(); } });
  const download = el("button", { type: "button",
    onclick: () => save(run, columnsOf(run, selection), rowsOf(run, selection, state)) }, "Download CSV");
  const controls = el("div", { class: "controls" }, el("label", {}, "Filter ", find), count, download);

  function update() {
    const columns = columnsOf(run, selection);
    if (!columns.some(({ title }) => title === state.by)) state.by = columns[1].title;
    const rows = sorted(rowsOf(run, selection, state), columns, state);
    count.textContent = `${number(rows.length)} of ${number(run.count)} partitions`;
    const focused = document.activeElement?.dataset?.sort;
    const next = el("button", { type: "button", onclick: () => { state.most = Infinity; update(); } }, "Show all");
    holder.replaceChildren(table(run, selection, columns, rows.slice(0, state.most), state, update),
      ...(rows.length > state.most ? [next] : []));
    if (focused) [...holder.querySelectorAll("button")].find((b) => b.dataset.sort === focused)?.focus();
  }
  return { nodes: [controls, holder], update };
}

function columnsOf(run, selection) {
  const own = (title, name, text) => ({ title, text, value: (i) => run.get(name, i) });
  const three = (value) => decimal(value, 3);
  const scored = [["ARI", "ari"], ["within", "ari_within"], ["AMI", "ami"]]
    .map(([title, name]) => ({ title, text: three, value: (i) => run.score(selection.of, name, i) }));
  const columns = [
    { title: "partition", text: String, value: (i) => run.title(i), words: true },
    own("clusters", "clusters", number),
    ...(run.groupings.length ? scored : []),
    own("modularity", "modularity", three),
    own("Jaccard", "jaccard", three),
    own("margin", "margin", three),
    own("misplaced", "misplaced", (v) => percent(v, 1)),
    own("PAC", "pac", three),
    own("contrast", "contrast", three),
    own("p of the contrast", "p_value", (v) => decimal(v, 2)),
  ];
  return columns.filter(({ value }) => run.partitions.name.some((_, i) => value(i) !== null));
}

function rowsOf(run, selection, { find }) {
  const words = find.toLowerCase().split(/[,\s]+/).filter(Boolean);
  return run.partitions.name.map((_, i) => i).filter((i) => selection.keeps(i)
    && words.every((word) => run.title(i).toLowerCase().includes(word)));
}

function sorted(rows, columns, { by, down }) {
  const { value } = columns.find(({ title }) => title === by);
  const least = down ? -Infinity : Infinity;
  const order = (x, y) => (typeof x === "string" ? x.localeCompare(y) : x - y);
  return rows.map((i) => [value(i) ?? least, i])
    .sort(([x, i], [y, j]) => (down ? order(y, x) : order(x, y)) || i - j)
    .map(([, i]) => i);
}

function table(run, selection, columns, rows, state, update) {
  const head = columns.map(({ title, words }) => {
    const own = title === state.by;
    const turn = () => { Object.assign(state, { by: title, down: own ? !state.down : true }); update(); };
    return el("th", { scope: "col", class: words ? null : "n", "aria-sort": own ? (state.down ? "descending" : "ascending") : null },
      el("button", { type: "button", class: "sort", "data-sort": title, onclick: turn }, title, own ? (state.down ? " ▼" : " ▲") : ""));
  });
  const line = (i) => el("tr", { class: i === selection.a ? "own" : null }, columns.map(({ value, text, words }) => {
    const known = value(i);
    const shown = known === null ? "" : text(known);
    if (!words) return el("td", { class: "n" }, shown);
    return el("th", { scope: "row" }, el("button", { type: "button", class: "sort",
      onclick: (e) => selection.change(e.shiftKey || selection.second ? { bPartition: i } : { a: i }) }, shown));
  }));
  return el("table", {}, el("caption", {}, scoreWords(run, selection)),
    el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows.map(line)));
}

function scoreWords(run, selection) {
  const grouping = run.groupings.find(({ name }) => name === selection.of);
  return grouping ? `Scores against ${grouping.title}; within: the lowest within the levels of any other grouping`
    : "All partitions";
}

// A cell that a spreadsheet program would run is given an apostrophe, and quotes are doubled.
function quoted(value) {
  const text = String(value ?? "").replace(/^(?=[=+@\t\r]|-\D)/, "'");
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function save(run, columns, rows) {
  const names = ["name", ...columns.map(({ title }) => title)];
  const lines = rows.map((i) => [run.get("name", i), ...columns.map(({ value }) => value(i))]);
  const text = [names, ...lines].map((line) => line.map(quoted).join(",")).join("\r\n");
  const link = el("a", { download: "partitions.csv",
    href: URL.createObjectURL(new Blob([`\ufeff${text}\r\n`], { type: "text/csv" })) });
  link.click();
  URL.revokeObjectURL(link.href);
}
