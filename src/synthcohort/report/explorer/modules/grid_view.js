// The grid: a table an analysis and base clusterer, a row a k, a column a resolution.

import { paint, sequential } from "./colours.js";
import { el, number, percent } from "./elements.js";
import { measuresOf, needsTruth, valuesOf } from "./measures.js";
import { rangesOf } from "./ranges.js";

export function gridView(run, selection) {
  const buttons = run.partitions.name.map((_, i) => cellButton(run, selection, i));
  const panels = el("div", { class: "panels" }, panelsOf(run, buttons));
  const choices = el("div", { class: "controls" });
  const said = el("p", { class: "soft", role: "status" });
  listen(panels, buttons, run, selection);

  function update() {
    const values = valuesOf(run, selection);
    const measure = measuresOf(run).find(({ name }) => name === selection.by);
    buttons.forEach((button, i) => {
      const value = values[i];
      const text = value === null ? "·" : measure.text(value);
      const kept = selection.keeps(i);
      button.textContent = text;
      button.setAttribute("aria-label", `${run.title(i)}: ${text}`);
      button.setAttribute("aria-pressed", String(i === selection.a));
      button.className = `cell${i === selection.a ? " a" : ""}${i === selection.bPartition ? " b" : ""}`;
      paint(button, value === null || !kept ? null : sequential(measure.share(value)));
      button.tabIndex = i === selection.a ? 0 : -1;
    });
    said.textContent = howOften(run, selection, values);
    choices.replaceChildren(...controls(run, selection, update));
  }
  return { nodes: [choices, panels, said], update };
}

function howOften(run, selection, values) {
  const kept = run.partitions.name.map((_, i) => i).filter((i) => run.inGrid(i) && selection.keeps(i));
  const text = `${number(kept.length)} partitions in the ranges kept`;
  if (!run.truth || selection.by !== "ari" || selection.of !== run.truth) return `${text}.`;
  const reach = kept.filter((i) => values[i] >= run.threshold).length;
  const share = kept.length ? percent(reach / kept.length) : "none";
  return `${text}; ${number(reach)} of them (${share}) reach an ARI of ${run.threshold}.`;
}

function cellButton(run, selection, i) {
  const choose = (second) => selection.change(second ? { bPartition: i } : { a: i });
  return el("button", {
    type: "button",
    "data-partition": i,
    onclick: (event) => choose(event.shiftKey || selection.second),
  });
}

function panelsOf(run, buttons) {
  const kinds = new Map();
  buttons.forEach((button, i) => {
    const kind = run.inGrid(i) ? `${run.get("analysis", i)}|${run.get("base", i)}` : "rivals";
    if (!kinds.has(kind)) kinds.set(kind, []);
    kinds.get(kind).push([i, button]);
  });
  const bases = new Set(run.partitions.base.filter((base) => base !== null));
  return [...kinds].map(([kind, cells]) =>
    kind === "rivals" ? rivalsPanel(run, cells) : panel(run, cells, bases.size > 1),
  );
}

function panel(run, cells, named) {
  const [first] = cells[0];
  const title = run.analysis(first) + (named ? `, ${run.get("base", first)}` : "");
  const ks = [...new Set(cells.map(([i]) => run.get("k", i)))].sort((x, y) => y - x);
  const rows = ks.map((k) => {
    const own = cells.filter(([i]) => run.get("k", i) === k);
    const at = (r) => own.find(([i]) => run.get("resolution", i) === r)?.[1] ?? null;
    return el("tr", {}, el("th", { scope: "row" }, String(k)),
      run.resolutions.map((r) => el("td", {}, at(r))));
  });
  const head = el("tr", {}, el("th", { scope: "col" }, "k"),
    run.resolutions.map((r) => el("th", { scope: "col" }, String(r))));
  return el("div", { class: "panel" }, el("table", { class: "grid" },
    el("caption", {}, title), el("thead", {}, head), el("tbody", {}, rows)));
}

function rivalsPanel(run, cells) {
  const rows = cells.map(([i, button]) =>
    el("tr", {}, el("th", { scope: "row" }, run.title(i)), el("td", {}, button)));
  return el("details", { class: "panel rivals" },
    el("summary", {}, `Rivals: ${cells.length} plain runs without bootstraps`),
    el("table", { class: "grid" }, el("tbody", {}, rows)));
}

// Arrow keys go to the next cell on the screen; dragging keeps a range of k and resolution.
function listen(panels, buttons, run, selection) {
  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  panels.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.dataset.partition) {
      event.preventDefault();
      const i = Number(event.target.dataset.partition);
      selection.change(event.shiftKey || selection.second ? { bPartition: i } : { a: i });
    }
    if (!(event.key in moves) || !event.target.dataset.partition) return;
    event.preventDefault();
    nearest(buttons, event.target, moves[event.key])?.focus();
  });
  let from = null;
  panels.addEventListener("pointerdown", (event) => (from = event.target.dataset.partition ?? null));
  panels.addEventListener("pointerup", (event) => {
    const [one, other] = [from, event.target.dataset.partition];
    from = null;
    if (one === null || other === undefined || one === other) return;
    const pair = [Number(one), Number(other)];
    if (!pair.every((i) => run.inGrid(i))) return;
    const range = (name) => pair.map((i) => run.get(name, i)).sort((x, y) => x - y);
    selection.change({ k: range("k"), r: range("resolution") });
  });
}

function nearest(buttons, from, [right, down]) {
  const middle = (node) => {
    const box = node.getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2, box.width];
  };
  const [x, y] = middle(from);
  let [best, least] = [null, Infinity];
  for (const button of buttons) {
    const [u, v, width] = middle(button);
    if (!width) continue;
    const along = (u - x) * right + (v - y) * down;
    const aside = Math.abs((u - x) * down) + Math.abs((v - y) * right);
    if (along > 2 && along + 4 * aside < least) [best, least] = [button, along + 4 * aside];
  }
  return best;
}

function controls(run, selection, update) {
  const menu = (label, options, value, changed) =>
    el("label", {}, `${label} `, el("select", { onchange: (e) => changed(e.target.value) },
      options.map(([name, title]) => el("option", { value: name, selected: name === value }, title))));
  const measures = measuresOf(run).map(({ name, title }) => [name, title]);
  const truths = run.groupings.map(({ name, title }) => [name, title]);
  const second = el("label", {}, el("input", {
    type: "checkbox",
    checked: selection.second,
    onchange: (e) => (selection.second = e.target.checked),
  }), " choose B");
  return [
    menu("Colour by", measures, selection.by, (by) => selection.change({ by })),
    needsTruth(selection.by) ? menu("with", truths, selection.of, (of) => selection.change({ of })) : "",
    ...rangesOf(run, selection),
    second,
  ];
}
